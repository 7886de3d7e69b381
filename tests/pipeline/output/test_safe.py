"""What a render leaves for people is on the disk once the program says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.files.png import encode_png
from pipeline.output.delivery import SHEET, make_sheet
from pipeline.output.enlargement import Enlargement
from pipeline.output.key_sheet import make_key_sheet
from pipeline.output.whole import written_whole
from pipeline.plan.key_frames import keys_of
from pipeline.run.footage import read_footage
from tests.crash_states import crash_states, volume_of
from tests.pipeline.plans import chain_plan, picture
from tests.pipeline.runs import contents, render
from tests.pipeline.videos import make, write_frames
from tests.recorded import recording, safe_after

PLAN = chain_plan(2)


def test_sheets(tmp_path: Path) -> None:
    render(tmp_path, PLAN)
    assert SHEET in safe_after(tmp_path, lambda: make_sheet(read_footage(tmp_path), tmp_path))
    (tmp_path / SHEET).unlink()
    frame = tmp_path / "frames" / "000000.png"
    safe = safe_after(tmp_path, lambda: make_key_sheet([*keys_of(PLAN)], [frame], tmp_path))
    assert safe[SHEET] == (tmp_path / SHEET).read_bytes()


def test_enlarged_frames(tmp_path: Path) -> None:
    render(tmp_path, PLAN)
    frames = read_footage(tmp_path).frames
    larger = Enlargement(frames, tmp_path / "upscaled", (16, 12), "lanczos", tmp_path / "frames")
    safe = safe_after(tmp_path, lambda: [*larger.make(frames, lambda pixels: pixels)])
    for path in larger.files:
        assert safe[f"upscaled/{path.name}"] == path.read_bytes()


def test_numbered_pictures(tmp_path: Path) -> None:
    def make() -> None:
        with written_whole(tmp_path, "video/##.png") as folder:
            for number in range(3):
                (folder / f"{number:02d}.png").write_bytes(encode_png(picture(number)))

    safe = safe_after(tmp_path, make)
    made = contents(tmp_path)
    assert len(made) == 3
    assert {path: data for path, data in safe.items() if data is not None} == made


@pytest.mark.slow
@pytest.mark.parametrize("old", [b"yesterday's video", None], ids=["one before", "none before"])
def test_a_video_of_ffmpeg_is_the_old_one_or_the_new_one(tmp_path: Path, old: bytes | None) -> None:
    """Whatever the disk holds when the power goes, and the new one once it is told."""
    frames = write_frames(tmp_path / "frames", 5)
    folder = tmp_path / "out"
    folder.mkdir()
    if old is not None:
        (folder / "film.mp4").write_bytes(old)
    start = volume_of(folder)
    with recording(folder, start) as recorder:
        make(frames, folder / "film.mp4")
        recorder.promise("video")
    new = (folder / "film.mp4").read_bytes()
    found = crash_states(start, recorder.trace)
    videos = {(dict(state).get("film.mp4"), "video" in said) for state, said in found.items()}
    assert {(old, False), (new, True)} <= videos <= {(old, False), (new, False), (new, True)}

"""Folders of pictures that appear whole, and never take the place of anything else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pipeline.errors import Error
from pipeline.output.turn import output_turn
from pipeline.output.whole import written_whole
from tests import child
from tests.faults import Disk, failing
from tests.pipeline.videos import make, write_frames

KILLED = """
import os, sys
from pathlib import Path
from pipeline.output.whole import written_whole
folder, real, renames = Path(sys.argv[1]), os.replace, []

def replace(source, target):
    if len(renames) == int(sys.argv[3]):
        os._exit(9)
    renames.append(target)
    real(source, target)

os.replace = replace
with written_whole(folder, sys.argv[2]) as pictures:
    (pictures / "00.png").write_bytes(b"today")
    (pictures / "01.png").write_bytes(b"today")
os._exit(9)
"""
"""Writes pictures and is gone before it renames anything once more than so many times."""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_pictures_are_numbered_as_they_are_named(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 12)
    out = make(frames, tmp_path / "made", file="50% %03d/a %d-#.png")
    assert out == tmp_path / "50% %03d"
    assert names(out) == sorted(f"a %d-{frame}.png" for frame in range(12))


def test_a_shorter_video_leaves_none_of_the_longer_ones_pictures(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 5)
    make(frames, tmp_path / "made", file="m/##.png")
    (tmp_path / "m" / ".DS_Store").write_bytes(b"left by a system")
    make(frames[:2], tmp_path / "made", file="m/##.png")
    assert names(tmp_path / "m") == ["00.png", "01.png"]
    assert names(tmp_path) == ["frames", "m"]


@pytest.mark.parametrize("other", ["holiday.jpg", "0.png", "x-00.png"])
def test_a_folder_of_anything_else_is_left_alone(tmp_path: Path, other: str) -> None:
    frames = write_frames(tmp_path / "frames", 2)
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / other).write_bytes(b"dear")
    with pytest.raises(Error) as caught:
        make(frames, tmp_path / "made", file="m/##.png")
    assert str(caught.value) == (
        f"{tmp_path}/m holds {other}, which is none of the pictures that go there; name another "
        "folder for them, or move what it holds"
    )
    assert (tmp_path / "m" / other).read_bytes() == b"dear"


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"dear")
    with pytest.raises(Error, match=r"m is a file, and pictures need a folder; name another one$"):
        make(write_frames(tmp_path / "frames", 1), tmp_path / "made", file="m/##.png")


def test_an_interruption_leaves_the_pictures_of_yesterday(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 5)
    make(frames[:1], tmp_path / "made", file="m/##.png")

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(frames, tmp_path / "made", file="m/##.png", progress=interrupt)
    assert names(tmp_path) == ["frames", "m"] and names(tmp_path / "m") == ["00.png"]


def test_pictures_that_cannot_take_their_place_leave_those_of_yesterday(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, real = tmp_path / "m", os.replace
    out.mkdir()
    (out / "00.png").write_bytes(b"yesterday")

    def refuse(source: Path, target: Path) -> None:
        if target == out and (source / "01.png").exists():
            raise PermissionError(13, "Permission denied")
        real(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with (
        pytest.raises(Error, match=r"^cannot write .*m: Permission denied"),
        written_whole(tmp_path, "m/##.png") as folder,
    ):
        (folder / "01.png").write_bytes(b"today")
    assert names(tmp_path) == ["m"] and (out / "00.png").read_bytes() == b"yesterday"


@pytest.mark.parametrize("name", ["m", "50% [a].mp4", "m" * 250])
@pytest.mark.parametrize(("renames", "day"), [(0, "yesterday"), (1, "yesterday"), (2, "today")])
def test_a_kill_leaves_the_old_pictures_or_the_new_ones(
    tmp_path: Path, name: str, renames: int, day: str
) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "00.png").write_bytes(b"yesterday")
    file = f"{name}/##.png"
    argv = [sys.executable, "-c", KILLED, str(tmp_path), file, str(renames)]
    with child.start(argv) as killed:
        assert killed.wait() == 9
    with output_turn(tmp_path, (".mp4",)), pytest.raises(KeyError), written_whole(tmp_path, file):
        raise KeyError
    assert (tmp_path / name / "00.png").read_bytes() == day.encode()
    assert [one for one in names(tmp_path) if one != ".output.lock"] == [name]


def test_pictures_come_back_also_where_the_scene_makes_others_now(tmp_path: Path) -> None:
    (tmp_path / ".was-stills.part").mkdir()
    (tmp_path / ".was-stills.part" / "00.png").write_bytes(b"yesterday")
    with output_turn(tmp_path, ()):
        assert names(tmp_path / "stills") == ["00.png"]


def test_pictures_that_cannot_go_back_are_kept_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, real = tmp_path / "m", os.replace
    out.mkdir()
    (out / "00.png").write_bytes(b"dear")

    def refuse(source: Path, target: Path) -> None:
        if target == out:
            raise OSError(5, "Input/output error")
        real(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(Error, match="cannot write"), written_whole(tmp_path, "m/##.png"):
        pass
    monkeypatch.undo()
    with output_turn(tmp_path, ()):
        assert (out / "00.png").read_bytes() == b"dear"


@pytest.mark.parametrize("file", ["film.mp4", "m/##.png"])
def test_a_disk_that_says_nothing_of_the_place_is_told_in_words(tmp_path: Path, file: str) -> None:
    with (
        failing(Disk(tmp_path, 1, lasting=True)),
        pytest.raises(Error, match=r"^cannot (read|write) .*: Input/output error; "),
        written_whole(tmp_path, file),
    ):
        pytest.fail("there is no place")

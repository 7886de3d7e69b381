from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import Error, RunError
from pipeline.files.png import Pixels, decode_png, encode_png
from pipeline.output import delivery as deliver
from pipeline.output.contact_sheet import contact_sheet
from pipeline.output.delivery import SHEET, frames_in, make_sheet, make_video
from pipeline.output.tags import read_metadata
from pipeline.run.footage import Footage, Layer
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import OutputSpec
from pipeline.spec.timeline import Mark, Marks, Offset
from tests.media import streams, write_silence

FPS = Fraction(24)


def write_frames(folder: Path, count: int) -> tuple[Path, ...]:
    """Frames that are as light as their number."""
    folder.mkdir(exist_ok=True)
    paths = tuple(folder / f"{frame:06d}.png" for frame in range(count))
    for frame, path in enumerate(paths):
        path.write_bytes(encode_png(np.full((18, 32, 3), frame, dtype=np.uint8)))
    return paths


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """The number and the caption of each frame on the sheet."""
    shown: list[tuple[int, str]] = []

    def watched(
        pictures: Sequence[Pixels], *, columns: int | None, captions: Sequence[str]
    ) -> Pixels:
        numbers = (int(picture[0, 0, 0]) for picture in pictures)
        shown.extend(zip(numbers, captions, strict=True))
        return contact_sheet(pictures, columns=columns, captions=captions)

    monkeypatch.setattr(deliver, "contact_sheet", watched)
    return shown


@pytest.mark.parametrize("count", [1, 2, 23, 24, 25, 47, 48, 200])
def test_a_sheet_takes_at_most_24_frames_from_the_first_to_the_last_evenly(
    tmp_path: Path, shown: list[tuple[int, str]], count: int
) -> None:
    make_sheet(footage(tmp_path, count=count), tmp_path)
    numbers = [number for number, _ in shown]
    assert len(numbers) == min(count, 24)
    assert numbers[0] == 0 and numbers[-1] == count - 1
    even = np.linspace(0, count - 1, len(numbers))
    assert np.abs(np.array(numbers) - even).max() <= 0.5
    assert len(set(numbers)) == len(numbers)


def test_captions_tell_time_and_frame(tmp_path: Path, shown: list[tuple[int, str]]) -> None:
    make_sheet(replace(footage(tmp_path, count=193), fps=Fraction(24000, 1001)), tmp_path)
    assert shown[0] == (0, "0:00  frame 0")
    assert shown[1] == (8, "0:00.33  frame 8")
    # 192 frames at 23.976 a second are 8.008 s.
    assert shown[-1] == (192, "0:08.01  frame 192")


def test_captions_of_stills_are_their_numbers(tmp_path: Path, shown: list[tuple[int, str]]) -> None:
    make_sheet(footage(tmp_path, OutputSpec(stills=True), count=3), tmp_path)
    assert shown == [(0, "0"), (1, "1"), (2, "2")]


def test_the_sheet_is_a_picture_in_the_folder(tmp_path: Path) -> None:
    seen = footage(tmp_path, count=5)
    path = make_sheet(seen, tmp_path)
    assert path == tmp_path / SHEET == tmp_path / "contact-sheet.png"
    times = ("0:00", "0:00.04", "0:00.08", "0:00.12", "0:00.17")
    expected = contact_sheet(
        [decode_png(frame.read_bytes()) for frame in seen.frames],
        captions=[f"{time}  frame {frame}" for frame, time in enumerate(times)],
    )
    assert np.array_equal(decode_png(path.read_bytes()), expected)
    assert {entry.name for entry in tmp_path.iterdir()} == {"frames", SHEET}


def test_a_frame_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    seen = footage(tmp_path, count=3)
    seen.frames[1].unlink()
    with pytest.raises(RunError) as caught:
        make_sheet(seen, tmp_path)
    assert str(caught.value).startswith(
        f"cannot read {seen.frames[1]}: No such file or directory; "
    )


def test_a_sheet_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    with pytest.raises(RunError) as caught:
        make_sheet(footage(tmp_path, count=1), folder)
    assert str(caught.value).startswith(f"cannot write {folder / SHEET}: No such file or directory")


def test_a_sheet_of_a_song_shows_its_bars_eight_in_a_row(
    tmp_path: Path, shown: list[tuple[int, str]]
) -> None:
    song = replace(footage(tmp_path, count=96), fps=Fraction(12))
    marks = Marks(
        bars=tuple(Mark(24 * bar, f"bar {bar + 1}") for bar in range(4)),
        sections=(Mark(0, "verse"), Mark(48, "chorus")),
        shots=(Mark(0, "sea"), Mark(72, "city")),
    )
    make_sheet(replace(song, marks=marks), tmp_path)
    assert [number for number, _ in shown] == [0, 12, 24, 36, 48, 60, 72, 83]
    assert [caption for _, caption in shown][::2] == [
        "0:00  bar 1  verse  sea",
        "0:02  bar 2  verse  sea",
        "0:04  bar 3  chorus  sea",
        "0:06  bar 4  chorus  city",
    ]
    sheet = decode_png((tmp_path / SHEET).read_bytes())
    assert sheet.shape[0] < sheet.shape[1] / 4


def test_a_sheet_of_many_bars_shows_every_so_many(
    tmp_path: Path, shown: list[tuple[int, str]]
) -> None:
    song = footage(tmp_path, count=200)
    bars = tuple(Mark(2 * bar, f"bar {bar + 1}") for bar in range(100))
    make_sheet(replace(song, marks=Marks(bars)), tmp_path)
    assert [number for number, _ in shown] == list(range(0, 200, 8))


def test_the_sheet_shows_what_the_video_shows(tmp_path: Path, shown: list[tuple[int, str]]) -> None:
    """A fade is one frame of the video, though two pictures are in it."""
    (dark,), *_, (light,) = footage(tmp_path, count=100).shown
    fade = (replace(dark, weight=0.25), replace(light, weight=0.75))
    brighter = replace(light, offset=Offset(brightness=2.0))
    make_sheet(replace(footage(tmp_path), shown=((dark,), fade, (brighter,))), tmp_path)
    assert [level for level, _ in shown] == [0, 74, 198]


def footage(folder: Path, output: OutputSpec = OutputSpec(), count: int = 6) -> Footage:
    paths = write_frames(folder / "frames", count)
    return Footage(
        shown=tuple((Layer(path, FrameId(frame)),) for frame, path in enumerate(paths)),
        fps=FPS,
        size=(32, 18),
        title="A night: at sea",
        digest="ab" * 32,
        planned=8,
        output=output,
    )


def test_a_video_is_what_the_scene_asks_for(tmp_path: Path) -> None:
    output = OutputSpec(
        file="sea.mp4",
        size=(64, 36),
        preset="ultrafast",
        soundtrack=str(write_silence(tmp_path / "waves.wav", 0.25)),
    )
    video = make_video(footage(tmp_path, output), tmp_path)
    assert video == tmp_path / "sea.mp4"
    words = streams(video)
    assert "64x36" in words and "24 fps" in words and "Audio: aac" in words
    tags = read_metadata(video)
    assert tags["title"] == "A night: at sea" and tags["comment"] == f"discoreel {'ab' * 32}"


def test_a_video_without_music_has_the_size_of_its_frames(tmp_path: Path) -> None:
    output = OutputSpec(file="sea.mp4", preset="ultrafast")
    words = streams(make_video(footage(tmp_path, output), tmp_path))
    assert "32x18" in words and "Audio" not in words


@pytest.mark.parametrize(("file", "count"), [("a.mp4", 7), ("a.gif", 4), ("m/#.png", 7)])
def test_the_frames_of_a_file_are_counted(tmp_path: Path, file: str, count: int) -> None:
    fast = replace(footage(tmp_path, OutputSpec(file), count=7), fps=Fraction(60))
    assert frames_in(fast, fast.output) == count
    told: list[int] = []
    make_video(fast, tmp_path, progress=told.append)
    assert told[-1] == count


def test_a_soundtrack_that_is_gone_is_named(tmp_path: Path) -> None:
    output = OutputSpec(file="sea.mp4", soundtrack=str(tmp_path / "gone.wav"))
    with pytest.raises(Error, match=r"the soundtrack .*gone\.wav does not exist; put it there"):
        make_video(footage(tmp_path, output), tmp_path)

"""What ffmpeg or its caller refuses: told in words, and the video of yesterday stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import pytest

from pipeline.errors import Error, FFmpegError, RunError
from pipeline.files.ffmpeg import ffmpeg
from tests.pipeline.videos import make, write_frames


@contextmanager
def untouched(target: Path) -> Iterator[None]:
    """The body leaves `target` as it was and nothing beside it."""
    target.write_bytes(b"the video of yesterday")
    before = sorted(target.parent.iterdir())
    yield
    assert target.read_bytes() == b"the video of yesterday"
    assert sorted(target.parent.iterdir()) == before


def test_a_failure_tells_the_words_of_ffmpeg_and_touches_nothing(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 2)
    with untouched(tmp_path / "a.mp4"), pytest.raises(FFmpegError) as caught:
        make(frames, tmp_path / "a.mp4", preset="hasty")
    assert "hasty" in str(caught.value)
    assert caught.value.code != 0
    assert caught.value.argv[-1].startswith("file:")


def test_a_frame_that_cannot_be_decoded_is_not_passed_over(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 4)
    frames[2].write_bytes(frames[2].read_bytes()[:40])
    with untouched(tmp_path / "a.mp4"), pytest.raises(RunError) as caught:
        make(frames, tmp_path / "a.mp4")
    assert str(caught.value) == (
        f"{frames[2]}: found 40 bytes that are not an undamaged PNG picture; remove the file and "
        "render or export the picture again"
    )


def test_a_frame_that_is_gone_is_named(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 4)
    frames[3].unlink()
    with (
        untouched(tmp_path / "a.mp4"),
        pytest.raises(RunError, match=rf"^cannot read {frames[3]}: No such file"),
    ):
        make(frames, tmp_path / "a.mp4")


@pytest.mark.parametrize("file", ["a.mp4", "a/##.png"])
def test_a_frame_that_ffmpeg_loses_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    forgetful = tmp_path / "ffmpeg"
    forgetful.write_text("#!/bin/sh\ncat > /dev/null\necho frame=3\n")
    forgetful.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(forgetful))
    with pytest.raises(FFmpegError, match="3 of 4 frames were encoded; give the same command ag"):
        make(write_frames(tmp_path / "frames", 4), tmp_path / "out.mp4", file=file)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ffmpeg", "frames"]


def interrupt(_: int) -> None:
    raise KeyboardInterrupt


def test_an_interruption_touches_nothing(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 4)
    with untouched(tmp_path / "a.mp4"), pytest.raises(KeyboardInterrupt):
        make(frames, tmp_path / "a.mp4", progress=interrupt)


def test_an_interruption_ends_an_ffmpeg_that_works_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = tmp_path / "patient-ffmpeg"
    patient.write_text("#!/bin/sh\necho frame=1\nexec sleep 60\n")
    patient.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(patient))
    started = perf_counter()
    with pytest.raises(KeyboardInterrupt):
        make(write_frames(tmp_path / "frames", 1), tmp_path / "a.mp4", progress=interrupt)
    assert perf_counter() - started < 30


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.avi", "cannot write a .avi video; name it a.mp4 (allowed: .mp4, .m4v, .webm, .mov, "),
        ("a", "cannot write a nameless video; name it a.mp4 (allowed: .mp4, .m4v, .webm, .mov, "),
        ("no/a.mp4", "{}/no/a.mp4 lies in a directory that does not exist; name another file"),
        ("dir.mp4", "{}/dir.mp4 is a directory; name another file for the video"),
    ],
)
def test_a_place_where_no_video_can_be_is_refused(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "dir.mp4").mkdir()
    with pytest.raises(Error) as caught:
        make(write_frames(tmp_path / "frames", 1), tmp_path / name)
    assert str(caught.value).startswith(words.format(tmp_path))


def test_no_frames_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^there are no frames to assemble$"):
        make([], tmp_path / "a.mp4")


def test_without_ffmpeg_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    with pytest.raises(Error) as caught:
        ffmpeg()
    assert str(caught.value) == (
        "/nowhere/ffmpeg is no program that can be run as ffmpeg; run `pip install "
        "--force-reinstall imageio-ffmpeg`, or name one in the environment variable "
        "IMAGEIO_FFMPEG_EXE"
    )

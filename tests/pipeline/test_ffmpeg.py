"""Videos, made and looked at again with the real ffmpeg."""

from __future__ import annotations

import math
import re
import struct
import subprocess
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import imageio_ffmpeg
import numpy as np
import pytest

from pipeline import ffmpeg as module
from pipeline.errors import Error, FFmpegError
from pipeline.ffmpeg import Soundtrack, assemble, read_metadata
from pipeline.png import Pixels, encode_png

FPS = Fraction(12)
DIGEST = "0123456789abcdef" * 4


@dataclass(frozen=True)
class Video:
    """What ffmpeg finds when it decodes a file."""

    pixels: Pixels
    """`(frames, height, width, 3)`."""
    words: str
    """Its description of the streams."""

    @property
    def duration(self) -> float:
        match = re.search(r"Duration: (\d+):(\d+):([\d.]+)", self.words)
        assert match is not None
        return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3])


def look(path: Path) -> Video:
    program = imageio_ffmpeg.get_ffmpeg_exe()
    told = subprocess.run([program, "-i", str(path)], capture_output=True, text=True)
    size = re.search(r"Video: .*?, ([1-9]\d*)x(\d+)", told.stderr)
    assert size is not None, told.stderr
    argv = [program, "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(argv, capture_output=True, check=True).stdout
    pixels = np.frombuffer(raw, np.uint8).reshape(-1, int(size[2]), int(size[1]), 3)
    return Video(pixels, told.stderr)


def sound_of(path: Path, rate: int = 8000) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The first channel, -1 to 1."""
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-vn", "-ac", "1"]
    argv += ["-ar", str(rate), "-f", "s16le", "-"]
    raw = subprocess.run(argv, capture_output=True, check=True).stdout
    return np.frombuffer(raw, "<i2") / 32768.0


def write_frames(folder: Path, count: int, width: int = 32, height: int = 16) -> list[Path]:
    """Plain grey frames, each a little lighter than the one before."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{frame:06d}.png" for frame in range(count)]
    for frame, path in enumerate(paths):
        grey = np.full((height, width, 3), 20 + 8 * frame, np.uint8)
        path.write_bytes(encode_png(grey))
    return paths


def write_sound(path: Path, seconds: float, silent: float = 0.0) -> Path:
    """A tone of 440 Hz after `silent` seconds of silence."""
    rate = 8000
    tone = (
        int(20000 * math.sin(2 * math.pi * 440 * n / rate)) if n >= silent * rate else 0
        for n in range(round(seconds * rate))
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", value) for value in tone))
    return path


def make(frames: list[Path], out: Path, **options: object) -> Path:
    defaults: dict[str, object] = {"fps": FPS, "title": "pulse", "digest": DIGEST}
    return assemble(frames, out, **(defaults | {"preset": "ultrafast"} | options))  # type: ignore[arg-type]


# --------------------------------------------------------------------------------- the picture


def test_every_frame_is_in_the_video_in_order(tmp_path: Path) -> None:
    out = make(write_frames(tmp_path / "frames", 12), tmp_path / "pulse.mp4")
    video = look(out)
    assert video.pixels.shape == (12, 16, 32, 3)
    assert video.duration == pytest.approx(1.0, abs=0.01)
    greys = video.pixels.astype(float).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(greys, 20 + 8 * np.arange(12), atol=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["frames", "pulse.mp4"]


def test_the_format_is_what_players_expect(tmp_path: Path) -> None:
    out = make(write_frames(tmp_path / "frames", 2), tmp_path / "pulse.mp4")
    words = look(out).words
    assert "Video: h264" in words
    assert "yuv420p(tv, bt709" in words
    assert "Audio" not in words
    data = out.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "the index comes before the data"


def test_a_fractional_frame_rate_is_exact(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 3)
    out = make(frames, tmp_path / "pulse.mp4", fps=Fraction(30000, 1001))
    # The `stts` box of the video track: one run of 3 frames, each 1001 ticks of the timescale.
    data = out.read_bytes()
    scale = struct.unpack_from(">I", data, data.index(b"mdhd") + 16)[0]
    runs, count, ticks = struct.unpack_from(">III", data, data.index(b"stts") + 8)
    assert (runs, count, Fraction(scale, ticks)) == (1, 3, Fraction(30000, 1001))


@pytest.mark.parametrize("colour", [(200, 40, 40), (40, 200, 40), (40, 40, 200), (250, 220, 30)])
def test_colours_survive(tmp_path: Path, colour: tuple[int, int, int]) -> None:
    frames = [tmp_path / "000000.png"]
    frames[0].write_bytes(encode_png(np.full((16, 32, 3), colour, np.uint8)))
    out = make(frames, tmp_path / "pulse.mp4", crf=5)
    found = look(out).pixels.astype(float).mean(axis=(0, 1, 2))
    np.testing.assert_allclose(found, colour, atol=4)


def test_an_odd_size_gains_a_copy_of_its_last_row_and_column(tmp_path: Path) -> None:
    pixels = np.full((17, 33, 3), 60, np.uint8)
    pixels[:, 32] = 200
    pixels[16, :] = 120
    frames = [tmp_path / "000000.png"]
    frames[0].write_bytes(encode_png(pixels))
    found = look(make(frames, tmp_path / "pulse.mp4", crf=0)).pixels[0].astype(int)
    assert found.shape == (18, 34, 3)
    expected = np.pad(pixels, ((0, 1), (0, 1), (0, 0)), mode="edge")
    np.testing.assert_allclose(found, expected, atol=3)


def test_an_even_size_keeps_its_last_row_and_column(tmp_path: Path) -> None:
    pixels = np.full((16, 32, 3), 60, np.uint8)
    pixels[:, 30:] = 200
    frames = [tmp_path / "000000.png"]
    frames[0].write_bytes(encode_png(pixels))
    found = look(make(frames, tmp_path / "pulse.mp4", crf=0)).pixels[0].astype(int)
    np.testing.assert_allclose(found, pixels, atol=3)


def test_a_larger_size_is_scaled_to(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 2)
    video = look(make(frames, tmp_path / "pulse.mp4", size=(64, 48)))
    assert video.pixels.shape == (2, 48, 64, 3)
    assert "SAR 1:1" in video.words


def test_frames_may_start_anywhere(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 6)[3:]
    video = look(make(frames, tmp_path / "pulse.mp4"))
    assert video.pixels.shape[0] == 3
    assert video.pixels[0].mean() == pytest.approx(44, abs=2)


def test_later_frames_in_the_directory_are_left_out(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 6)[:4]
    assert look(make(frames, tmp_path / "pulse.mp4")).pixels.shape[0] == 4


def test_paths_may_hold_any_character(tmp_path: Path) -> None:
    folder = tmp_path / "50% of 'it' %03d: é [x]"
    frames = write_frames(folder / "frames", 2)
    sound = write_sound(folder / "a %d's, song:1.wav", 1.0)
    out = make(frames, folder / '-the %d: "end".mp4', soundtrack=Soundtrack(sound))
    assert look(out).pixels.shape[0] == 2


def test_relative_paths_are_the_callers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_frames(tmp_path / "frames", 2)
    write_sound(tmp_path / "song.wav", 1.0)
    monkeypatch.chdir(tmp_path)
    frames = [Path("frames/000000.png"), Path("frames/000001.png")]
    make(frames, Path("pulse.mp4"), soundtrack=Soundtrack(Path("song.wav")))
    assert look(tmp_path / "pulse.mp4").pixels.shape[0] == 2


def test_progress_counts_the_frames(tmp_path: Path) -> None:
    told: list[int] = []
    make(write_frames(tmp_path / "frames", 5), tmp_path / "pulse.mp4", progress=told.append)
    assert told[-1] == 5
    assert told == sorted(told)


# ----------------------------------------------------------------------------------- the sound


@pytest.mark.parametrize("seconds", [0.5, 5.0])
def test_the_picture_sets_the_length(tmp_path: Path, seconds: float) -> None:
    frames = write_frames(tmp_path / "frames", 24)
    sound = write_sound(tmp_path / "song.wav", seconds)
    out = make(frames, tmp_path / "pulse.mp4", soundtrack=Soundtrack(sound))
    video = look(out)
    assert video.pixels.shape[0] == 24
    assert video.duration == pytest.approx(2.0, abs=0.05)
    assert "Audio: aac" in video.words
    heard = len(sound_of(out)) / 8000
    # A sound that ends by itself ends with a whole AAC packet of 1024 samples.
    assert min(seconds, 2.0) - 0.001 <= heard <= min(seconds, 2.0) + 1024 / 8000


def test_the_sound_starts_with_the_picture(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 24)
    sound = write_sound(tmp_path / "song.wav", 4.0, silent=1.5)
    whole = sound_of(make(frames, tmp_path / "a.mp4", soundtrack=Soundtrack(sound)))
    later = sound_of(make(frames, tmp_path / "b.mp4", soundtrack=Soundtrack(sound, start=1.0)))
    onsets = [float(np.argmax(np.abs(samples) > 0.2)) / 8000 for samples in (whole, later)]
    np.testing.assert_allclose(onsets, [1.5, 0.5], atol=0.03)


def test_a_missing_soundtrack_is_told_before_anything_runs(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 1)
    with pytest.raises(Error) as caught:
        make(frames, tmp_path / "a.mp4", soundtrack=Soundtrack(tmp_path / "gone.ogg"))
    assert str(caught.value) == (
        f"the soundtrack {tmp_path}/gone.ogg does not exist; put it there, "
        "or name another one under music.file"
    )


def test_a_soundtrack_cannot_start_before_its_beginning(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 1)
    sound = write_sound(tmp_path / "song.wav", 0.1)
    with pytest.raises(ValueError, match=r"^the soundtrack starts at -1 s, before its beginning$"):
        make(frames, tmp_path / "a.mp4", soundtrack=Soundtrack(sound, start=-1))


# ------------------------------------------------------------------------------------ the tags


@pytest.mark.parametrize("title", ["pulse", "a=b; c#d \\ e", "two\nlines", "Überfahrt", "[x]"])
def test_title_and_digest_are_read_back(tmp_path: Path, title: str) -> None:
    out = make(write_frames(tmp_path / "frames", 1), tmp_path / "a.mp4", title=title)
    tags = read_metadata(out)
    assert tags["title"] == title
    assert tags["comment"] == f"discoreel {DIGEST}"


def test_tags_and_chapters_of_the_song_are_not_the_videos(tmp_path: Path) -> None:
    tags, song, program = tmp_path / "tags.txt", tmp_path / "song.m4a", module.ffmpeg()
    tags.write_text(";FFMETADATA1\nartist=Somebody\n[CHAPTER]\nSTART=0\nEND=500000000\ntitle=one")
    argv = [program, "-v", "error", "-f", "lavfi", "-i", "sine=d=1", "-i", str(tags)]
    subprocess.run([*argv, "-map_metadata", "1", str(song)], check=True)
    frames = write_frames(tmp_path / "frames", 12)
    out = make(frames, tmp_path / "a.mp4", soundtrack=Soundtrack(song))

    def told(path: Path) -> str:
        argv = [program, "-v", "error", "-i", str(path), "-f", "ffmetadata", "-"]
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout

    assert "artist=Somebody" in told(song) and "[CHAPTER]" in told(song)
    assert "Somebody" not in told(out) and "[CHAPTER]" not in told(out)


def test_the_tags_of_what_is_no_video_are_refused_with_the_words_of_ffmpeg(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("text")
    with pytest.raises(FFmpegError, match=r"Invalid data found when processing input"):
        read_metadata(tmp_path / "a.mp4")


# ------------------------------------------------------------------------------------- refusals


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
    sound = tmp_path / "song.ogg"
    sound.write_text("not a song")
    with untouched(tmp_path / "a.mp4"), pytest.raises(FFmpegError) as caught:
        make(frames, tmp_path / "a.mp4", soundtrack=Soundtrack(sound))
    assert "Error opening input" in str(caught.value)
    assert caught.value.code != 0
    assert caught.value.argv[-1].startswith("file:")


def test_a_frame_that_cannot_be_decoded_is_not_passed_over(tmp_path: Path) -> None:
    frames = write_frames(tmp_path / "frames", 4)
    frames[2].write_bytes(frames[2].read_bytes()[:40])
    with untouched(tmp_path / "a.mp4"), pytest.raises(FFmpegError) as caught:
        make(frames, tmp_path / "a.mp4")
    assert "3 of 4 frames were encoded; render the missing ones again" in str(caught.value)


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
        ("a.gif", "cannot write a .gif video; name it a.mp4 (allowed: .mp4, .mov, .m4v)"),
        ("a", "cannot write a nameless video; name it a.mp4 (allowed: .mp4, .mov, .m4v)"),
        ("no/a.mp4", "{}/no/a.mp4 lies in a directory that does not exist; name another file"),
        ("dir.mp4", "{}/dir.mp4 is a directory; name another file for the video"),
    ],
)
def test_a_place_where_no_video_can_be_is_refused(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "dir.mp4").mkdir()
    with pytest.raises(Error) as caught:
        make(write_frames(tmp_path / "frames", 1), tmp_path / name)
    assert str(caught.value).startswith(words.format(tmp_path))


def test_frames_with_a_gap_are_refused(tmp_path: Path) -> None:
    frames = write_frames(tmp_path, 3)
    with pytest.raises(ValueError) as caught:
        make([frames[0], frames[2]], tmp_path / "a.mp4")
    assert str(caught.value) == f"expected {frames[1]}, found {frames[2]}"
    with pytest.raises(ValueError, match=r"^there are no frames to assemble$"):
        make([], tmp_path / "a.mp4")


def test_frames_that_are_not_numbered_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as caught:
        make([tmp_path / "x.png"], tmp_path / "a.mp4")
    assert str(caught.value) == f"expected {tmp_path}/000000.png, found {tmp_path}/x.png"


def test_without_ffmpeg_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    with pytest.raises(Error) as caught:
        module.ffmpeg()
    assert str(caught.value) == (
        "/nowhere/ffmpeg is no program that can be run as ffmpeg; run `pip install "
        "--force-reinstall imageio-ffmpeg`, or name one in the environment variable "
        "IMAGEIO_FFMPEG_EXE"
    )

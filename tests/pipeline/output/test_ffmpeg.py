"""Videos, made and looked at again with the real ffmpeg."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from pipeline.files.png import encode_png
from tests.media import look, write_tone
from tests.pipeline.videos import make, write_frames


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
    sound = write_tone(folder / "a %d's, song:1.wav", 1.0)
    out = make(frames, folder / '-the %d: "end".mp4', soundtrack=str(sound))
    assert look(out).pixels.shape[0] == 2


def test_relative_paths_are_the_callers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_frames(tmp_path / "frames", 2)
    write_tone(tmp_path / "song.wav", 1.0)
    monkeypatch.chdir(tmp_path)
    frames = [Path("frames/000000.png"), Path("frames/000001.png")]
    make(frames, Path("pulse.mp4"), soundtrack="song.wav")
    assert look(tmp_path / "pulse.mp4").pixels.shape[0] == 2


def test_progress_counts_the_frames(tmp_path: Path) -> None:
    told: list[int] = []
    make(write_frames(tmp_path / "frames", 5), tmp_path / "pulse.mp4", progress=told.append)
    assert told[-1] == 5
    assert told == sorted(told)

"""The sound lies in place: a flash on every beat, a click on every beat, decoded from the file."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.files.ffmpeg import ffmpeg
from pipeline.files.png import encode_png
from pipeline.output.ffmpeg import Film, assemble
from pipeline.run.footage import Layer
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import OutputSpec
from tests import child
from tests.media import frame_times, look, sound_of, sound_start, write_clicks, write_tone
from tests.pipeline.videos import make, write_frames

BPM = 123
RATE = 48000
SLACK = 0.0005
"""Seconds by which a click that was decoded may seem to begin earlier or later."""


def beats(seconds: float) -> NDArray[np.float64]:
    return np.arange(0, seconds - 0.2, 60 / BPM)


def flashes(folder: Path, fps: Fraction, seconds: int) -> Film:
    """A black video that is white on the frame nearest to each beat."""
    black, white = folder / "black.png", folder / "white.png"
    for level, path in ((0, black), (255, white)):
        path.write_bytes(encode_png(np.full((16, 16, 3), level, np.uint8)))
    lit = {round(float(time * fps)) for time in beats(seconds)}
    count = int(seconds * fps)
    shown = [(Layer(white if one in lit else black, FrameId(one)),) for one in range(count)]
    return Film(tuple(shown), fps, (16, 16), "beats", "0" * 64)


def heard(video: Path, seconds: float) -> NDArray[np.float64]:
    """When the click near each beat begins."""
    sound, start = np.abs(sound_of(video, RATE)), sound_start(video)
    found = []
    for time in beats(seconds):
        low, high = (max(0, round((time + side - start) * RATE)) for side in (-0.15, 0.15))
        near = sound[low:high]
        found.append(start + (low + int(np.argmax(near > near.max() / 2))) / RATE)
    return np.array(found)


def seen(video: Path) -> NDArray[np.float64]:
    """When each flash is shown."""
    levels = look(video).pixels.mean(axis=(1, 2, 3))
    times = frame_times(video)
    assert len(times) == len(levels)
    return times[levels > 100]


def check(video: Path, fps: Fraction, seconds: int) -> None:
    click, flash = heard(video, seconds), seen(video)
    assert len(flash) == len(click) == len(beats(seconds)) > 10
    assert np.abs(click - beats(seconds)).max() < SLACK
    assert np.abs(click - flash).max() < 0.5 / fps + SLACK


SPECS = {
    ".mp4": OutputSpec("a.mp4", preset="ultrafast", crf=30),
    ".webm": OutputSpec("a.webm", preset="ultrafast", crf=30),
    ".mov": OutputSpec("a.mov", bit_depth=10),
}


@pytest.mark.slow
@pytest.mark.parametrize("fps", ["24", "25", "30000/1001", "60"])
@pytest.mark.parametrize("suffix", SPECS)
def test_a_flash_lies_within_half_a_frame_of_its_click(
    tmp_path: Path, suffix: str, fps: str
) -> None:
    song, rate = write_clicks(tmp_path / "song.wav", beats(8), 9), Fraction(fps)
    film = flashes(tmp_path, rate, 8)
    output = replace(SPECS[suffix], soundtrack=str(song))
    check(assemble(film, output, tmp_path), rate, 8)


@pytest.mark.slow
def test_so_it_does_in_the_tenth_minute(tmp_path: Path) -> None:
    song, rate = write_clicks(tmp_path / "song.wav", beats(600), 600), Fraction(30000, 1001)
    film = flashes(tmp_path, rate, 600)
    output = OutputSpec("a.mp4", preset="ultrafast", crf=40, soundtrack=str(song))
    check(assemble(film, output, tmp_path), rate, 600)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.mp3", "a.m4a", "a.ogg", "a.opus", "a.flac", "ein Lied 歌.mp3"])
@pytest.mark.parametrize("start", [0.0, 7.25, -1.5])
def test_a_second_of_the_song_falls_on_the_first_frame(
    tmp_path: Path, name: str, start: float
) -> None:
    """Whatever an encoder puts before the sound: it is not part of it."""
    times = [time + start for time in beats(8) if time + start >= 0]
    song, source = tmp_path / name, write_clicks(tmp_path / "song.wav", times, 16)
    child.run([ffmpeg(), "-v", "error", "-i", str(source), str(song)], check=True)
    film = flashes(tmp_path, Fraction(25), 8)
    output = OutputSpec("a.mp4", soundtrack=str(song), soundtrack_start=start)
    video = assemble(film, output, tmp_path)
    later = beats(8) + min(start, 0) >= 0
    assert np.abs(heard(video, 8) - beats(8))[later].max() < SLACK
    if start < 0:
        before = sound_of(video, RATE)[: round((-start - 0.05) * RATE)]
        assert np.abs(before).max() < 1e-3


def loudness(video: Path) -> NDArray[np.float64]:
    """The loudest of each twentieth of a second, over the loudest of all."""
    sound = np.abs(sound_of(video))
    steps = sound[: len(sound) // 400 * 400].reshape(-1, 400).max(axis=1)
    return steps / steps.max()


def test_the_sound_fades_with_the_video(tmp_path: Path) -> None:
    song = write_tone(tmp_path / "song.wav", 9.0)
    frames, fps = write_frames(tmp_path / "frames", 24), Fraction(6)
    fades = {"fade_in": 1.0, "fade_out": 2.0}
    faded = make(frames, tmp_path / "a.mp4", fps=fps, soundtrack=str(song), **fades)
    heard = loudness(faded)
    assert len(heard) == 80
    expected = np.interp((np.arange(80) + 0.5) / 20, [0, 1, 2, 4], [0, 1, 1, 0])
    np.testing.assert_allclose(heard, expected, atol=0.05)
    even = loudness(make(frames, tmp_path / "b.mp4", fps=fps, soundtrack=str(song)))
    assert even.min() > 0.9


def test_a_fade_longer_than_the_video_takes_all_of_it(tmp_path: Path) -> None:
    song = write_tone(tmp_path / "song.wav", 3.0)
    frames = write_frames(tmp_path / "frames", 12)
    heard = loudness(make(frames, tmp_path / "a.mp4", soundtrack=str(song), fade_out=30.0))
    np.testing.assert_allclose(heard, 1 - np.arange(20) / 20, atol=0.12)

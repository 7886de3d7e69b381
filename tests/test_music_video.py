"""From a scene file to the decoded video: what flashes on the beat does so where it is heard."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from pathlib import Path

import numpy as np
import pytest

from pipeline.files.ffmpeg import ffmpeg
from tests import child
from tests.filmed import GREY, RATE, Filmed, Seconds, film, half_a_frame, watch, write_scene
from tests.media import sound_of, write_clicks, write_tone

RATES = ("24", "25", "30000/1001", "60")
BPM, FIRST = 123.4, 0.7
GIVEN = f"bpm: {BPM}, first_beat: {FIRST}"

SLACK = 0.0005
"""Seconds by which a click that was decoded may seem to begin earlier or later."""
BY_EAR = 0.005
"""Seconds by which a beat that was heard may lie beside its click."""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is heard is kept in the working directory."""
    monkeypatch.chdir(tmp_path)


def beats(seconds: float) -> Seconds:
    """An even beat up to shortly before the end."""
    return np.arange(FIRST, seconds - 0.3, 60 / BPM)


def song(path: Path, times: Seconds, seconds: float) -> Path:
    """Clicks at these times, as the name of the file says."""
    whole = write_clicks(path.with_name("clicks.wav"), times, seconds)
    if path.suffix == ".wav":
        return whole.rename(path)
    child.run([ffmpeg(), "-v", "error", "-i", str(whole), str(path)], check=True)
    return path


@pytest.fixture(scope="module")
def ten_minutes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A song of ten minutes."""
    return song(tmp_path_factory.mktemp("song") / "a.mp3", beats(600), 600)


def check(seen: Filmed, clicks: int, fps: str, slack: float = SLACK) -> None:
    """Every click is heard, and has its own flash within half a frame of it."""
    heard, flashes = seen.clicks(), seen.flashes()
    assert len(heard) == clicks > 10
    among = (flashes > heard[0] - 0.1) & (flashes < heard[-1] + 0.1)
    assert np.count_nonzero(among) == clicks
    assert np.abs(seen.apart()).max() < half_a_frame(fps) + slack


@pytest.mark.slow
@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize(
    ("name", "music", "slack"),
    [("a.mp3", GIVEN, SLACK), ("a.ogg", "bpm: auto, first_beat: auto", BY_EAR)],
    ids=["given", "heard"],
)
def test_a_flash_on_every_beat_lies_on_its_click(
    tmp_path: Path, fps: str, name: str, music: str, slack: float
) -> None:
    times = beats(16)
    scene = write_scene(tmp_path, song(tmp_path / name, times, 16), fps, music=music)
    check(watch(film(scene)), len(times), fps, slack)


@pytest.mark.slow
@pytest.mark.parametrize("fps", RATES)
def test_so_it_does_in_the_tenth_minute(tmp_path: Path, ten_minutes: Path, fps: str) -> None:
    start = 587.123
    scene = write_scene(tmp_path, ten_minutes, fps, music=f"{GIVEN}, start: {start}")
    check(watch(film(scene)), np.count_nonzero(beats(600) > start), fps)


@pytest.mark.slow
def test_so_it_does_through_ten_minutes(tmp_path: Path, ten_minutes: Path) -> None:
    scene = write_scene(tmp_path, ten_minutes, "24", music=GIVEN)
    check(watch(film(scene)), len(beats(600)), "24")


@pytest.mark.slow
def test_a_flash_on_every_stroke_that_is_heard(tmp_path: Path) -> None:
    """Without any tempo: an envelope shows all of a stroke on the frame nearest to it."""
    times = beats(16)
    scene = write_scene(
        tmp_path, song(tmp_path / "a.wav", times, 16), "25", pulse="onset(release=0.02)"
    )
    check(watch(film(scene)), len(times), "25", BY_EAR)


@pytest.mark.slow
def test_a_tempo_that_changes(tmp_path: Path) -> None:
    slow = FIRST + np.arange(8) / 2
    fast = slow[-1] + 0.5 + np.arange(16) * 60 / 150
    clicks = song(tmp_path / "a.wav", np.r_[slow, fast], 12)
    music = f"tempo: {{bar 1: 120, bar 3: 150}}, first_beat: {FIRST}"
    scene = write_scene(tmp_path, clicks, "30000/1001", "11s", music=music)
    check(watch(film(scene)), 24, "30000/1001")


@pytest.mark.slow
def test_beats_from_a_file_that_nobody_played_evenly(tmp_path: Path) -> None:
    times = beats(12) + np.random.default_rng(1).uniform(-0.03, 0.03, len(beats(12)))
    (tmp_path / "beats.txt").write_text("".join(f"{time:.6f}\n" for time in times))
    clicks = song(tmp_path / "a.wav", times, 12)
    scene = write_scene(tmp_path, clicks, "60", music="beats: beats.txt, start: 0.25")
    check(watch(film(scene)), len(times), "60")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fps", "name", "video"),
    [
        ("24", "a.wav", "film.mp4"),
        ("24", "a.mp3", "film.webm"),
        ("25", "a.m4a", "film.mp4"),
        ("25", "a.wav", "film.mov"),
        ("30000/1001", "a.ogg", "film.mov"),
        ("30000/1001", "a.mp3", "film.mp4"),
        ("60", "a.flac", "film.webm"),
        ("60", "a.ogg", "film.mp4"),
    ],
)
def test_a_video_lasts_to_the_frame_on_which_its_song_ends(
    tmp_path: Path, fps: str, name: str, video: str
) -> None:
    tone, sound = write_tone(tmp_path / "tone.wav", 4.321), tmp_path / name
    child.run([ffmpeg(), "-v", "error", "-i", str(tone), str(sound)], check=True)
    source = sound_of(sound, RATE)
    length = Fraction(len(source), RATE)
    seen = watch(film(write_scene(tmp_path, sound, fps, pulse="0", output=f"file: {video}")))
    assert len(seen.levels) == ceil(length * Fraction(fps))
    assert np.abs(seen.levels - GREY).max() < 2, "no frame is missing or black"
    ends = [np.flatnonzero(np.abs(one) > 0.1)[-1] / RATE for one in (source, seen.sound)]
    assert abs(ends[1] + seen.sound_start - ends[0]) < 0.002, "nothing of the song is missing"
    assert 0 <= len(seen.levels) / Fraction(fps) - length < 1 / Fraction(fps)

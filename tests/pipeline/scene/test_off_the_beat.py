"""A frame rate that does not go with the beat is told where anybody would see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import warnings

CUTS = "shots: [{name: a, until: bar 2}, {name: b}]\n"


def scene(fps: float, music: str, rest: str = CUTS) -> str:
    return (
        f"video: {{size: [96, 96], fps: {fps}, duration: 8s}}\nmusic: {{{music}}}\n"
        f"prompts: a lighthouse\n{rest}"
    )


def test_beats_between_the_frames_of_a_slow_video(tmp_path: Path) -> None:
    (told,) = warnings(tmp_path, scene(12, "bpm: 128"))
    assert told == (
        "2:14: music.bpm: a beat takes 5.625 frames at 12 frames a second, so that what falls on "
        "beats is up to 42 ms off them, now early and now late; write bpm: 120, or fps: 32"
    )


def test_a_tempo_that_no_whole_frame_rate_fits(tmp_path: Path) -> None:
    (told,) = warnings(tmp_path, scene(12, "bpm: 97.3"))
    assert told.endswith("; write bpm: 102.86, or a higher fps")


@pytest.mark.parametrize(
    "text",
    [
        scene(12, "bpm: 120"),  # six frames
        scene(24, "bpm: 128"),  # half a frame is 21 ms
        scene(12, "bpm: 128", "shots: [{name: a, until: 2s}, {name: b}]\n"),
        scene(12, "tempo: {bar 1: 128, bar 2: 97}"),
        scene(12, "bpm: 128", "camera: {roll: 3 * sin(tau * beat / 8)}\n"),
    ],
)
def test_what_goes_with_the_beat_or_not_by_it(tmp_path: Path, text: str) -> None:
    assert not [one for one in warnings(tmp_path, text) if "falls on beats" in one]


def test_painting_on_the_beat_goes_by_it(tmp_path: Path) -> None:
    painted = "sampler: {strength: {then: 0.5 * beat_pulse}}\n"
    assert any(
        "falls on beats" in one for one in warnings(tmp_path, scene(12, "bpm: 128", painted))
    )

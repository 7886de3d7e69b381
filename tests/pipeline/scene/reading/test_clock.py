"""The clock of a scene: how many frames there are, and what formulas hear."""

from __future__ import annotations

from fractions import Fraction

import pytest

from keyframes.timebase import Timebase
from pipeline.scene.reading.clock import Clock, frame_count

FILM = Timebase(Fraction(24))


def test_formulas_hear_the_sources_of_a_scene_beside_the_time() -> None:
    clock = Clock.of(FILM, 48, {"low": lambda frame: frame / 48})
    assert clock.signals["low"](24.0) == 0.5
    assert clock.signals["t"](24.0) == 1.0
    assert "low" not in Clock.of(FILM, 48).signals


@pytest.mark.parametrize(
    ("seconds", "frames"),
    [("2", 48), ("2.00001", 48), ("2.001", 49), ("1.99", 48), ("0.001", 1), ("180.0416", 4321)],
)
def test_a_video_lasts_to_the_last_sample_of_its_song(seconds: str, frames: int) -> None:
    assert frame_count(FILM, " Song ", Fraction(seconds)) == frames


def test_the_end_is_known_where_the_length_is_not() -> None:
    assert Clock.of_unknown_length(None).timebase.frame("end") == 1_000_000

from __future__ import annotations

from fractions import Fraction

import numpy as np

from keyframes.clock import clock_signals
from keyframes.expression import Expression, Formula
from keyframes.timebase import Tempo, Timebase

SILENT = clock_signals(Timebase(Fraction(24)), 240)
MUSIC = clock_signals(Timebase(Fraction(24), Tempo(120, first_beat=0.5)), 240)


def test_clock() -> None:
    frames = np.array([0.0, 12.0, 239.0])
    expected: dict[str, list[float]] = {
        "t": [0, 0.5, 239 / 24],
        "frame": [0, 12, 239],
        "frames": [240, 240, 240],
        "fps": [24, 24, 24],
        "duration": [10, 10, 10],
        "progress": [0, 12 / 239, 1],
        "beat": [-1, 0, 227 / 12],
        "bar": [-0.25, 0, 227 / 48],
        "shot_t": [0, 0.5, 239 / 24],
        "shot_progress": [0, 12 / 239, 1],
    }
    assert set(MUSIC) == {*expected, "every", "beat_pulse", "bar_pulse"}
    assert set(MUSIC) - set(SILENT) == {"beat", "bar", "beat_pulse", "bar_pulse"}
    for name, values in expected.items():
        formula = Formula(Expression.parse(name), MUSIC)
        np.testing.assert_allclose(formula(frames), values, rtol=1e-15)


def test_the_time_of_a_shot_begins_at_its_first_frame() -> None:
    signals = clock_signals(Timebase(Fraction(24)), 240, (96, 145))
    frames = np.array([96.0, 108.0, 144.0])
    for name, values in (
        ("shot_t", [0, 0.5, 2]),
        ("shot_progress", [0, 0.25, 1]),
        ("t", frames / 24),
    ):
        np.testing.assert_array_equal(Formula(Expression.parse(name), signals)(frames), values)


def test_progress_of_a_single_frame_is_0() -> None:
    signals = clock_signals(Timebase(Fraction(24)), 9, (4, 5))
    assert Formula(Expression.parse("shot_progress"), signals)(4.0) == 0.0
    alone = clock_signals(Timebase(Fraction(24)), 1)
    assert Formula(Expression.parse("progress"), alone)(0.0) == 0.0

"""Numbers as authors write them: constants, keys at times, formulas; and mistakes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from keyframes.curve import Curve, Keyframe
from keyframes.expression import Formula, clock_signals
from keyframes.mistakes import Located, NotationError
from keyframes.notation import read_curve
from keyframes.timebase import Timebase
from tests.keyframes.read_values import FRAMES, TIMES, curve, problems

ALLOWED_EASES = (
    "allowed: linear, hold, monotone, cubic, in, out, in_out, and these three with sine, quad, "
    "cubic, quart, quint, expo, circ, back, elastic or bounce, such as in_out_cubic; spring, "
    "disco_quadratic, disco_cubic; and a bezier curve such as [0.4, 0, 0.2, 1]"
)

AN_EASE = "expected the name of an ease, such as in_out, or a bezier curve such as [0.4, 0, 0.2, 1]"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (2, Curve.constant(2.0)),
        (-0.5, Curve.constant(-0.5)),
        ("1.05", Curve.constant(1.05)),
        ("2 * 3", Curve.constant(6.0)),
        ("0: (1.0), 50: (1.2)", Curve((Keyframe(0, 1.0), Keyframe(50, 1.2)))),
        (
            {"0s": 2, "bar 3": {"value": 10, "ease": "in_out"}},
            Curve((Keyframe(0, 2.0), Keyframe(96, 10.0, "in_out"))),
        ),
        (
            {"ease": "monotone", 0: 1, 24: 2, 48: {"value": 3}, 72: {"value": 4, "ease": "hold"}},
            Curve(
                (
                    Keyframe(0, 1.0, "monotone"),
                    Keyframe(24, 2.0, "monotone"),
                    Keyframe(48, 3.0, "monotone"),
                    Keyframe(72, 4.0, "hold"),
                )
            ),
        ),
    ],
)
def test_curves(data: object, expected: Curve) -> None:
    assert curve(data) == expected


@pytest.mark.parametrize("data", [{0: 1, 240: 3, "bar 99": 3}, "0: (1), 240: (3), 4704: (3)"])
def test_keys_at_the_end_and_behind_it_shape_the_way_there(data: object) -> None:
    assert curve(data)(120) == 2
    assert curve(data)(239) == pytest.approx(3 - 2 / 240)


def test_formula() -> None:
    sway = curve("0.3 * sin(2*pi*beat/8)")
    assert isinstance(sway, Formula)
    frames = np.arange(FRAMES, dtype=np.float64)
    np.testing.assert_allclose(sway(frames), 0.3 * np.sin(2 * np.pi * frames / 96), atol=1e-12)


NUMBER_FORMS = "expected a number, a mapping of times to numbers or a formula, found"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (True, Located((), f"{NUMBER_FORMS} true")),
        (None, Located((), f"{NUMBER_FORMS} nothing")),
        ([1, 2], Located((), f"{NUMBER_FORMS} a list")),
        (float("inf"), Located((), "expected a finite number, found inf")),
        (float("nan"), Located((), "expected a finite number, found nan")),
        ({}, Located((), "a curve without keys; write at least one, such as {0s: 1}")),
        ({"ease": "in"}, Located((), "a curve without keys; write at least one, such as {0s: 1}")),
        (
            "1 + sine(t)",
            Located(
                (),
                '"sine" is not a function (did you mean "sin"?); the functions are abs, '
                "accumulate, acos, asin, atan, atan2, bar_pulse, beat_pulse, ceil, clamp, cos, "
                "cosh, every, exp, floor, fract, log, log2, max, min, mix, noise, round, saw, "
                "sign, sin, sinh, smoothstep, sqrt, square, step, tan, tanh, triangle",
                4,
            ),
        ),
        (
            "big",
            Located(
                (),
                'unknown name "big"; a formula can use bar, bar_pulse, beat, beat_pulse, duration, '
                "every, fps, frame, frames, progress, shot_progress, shot_t, t, pi, tau, e",
            ),
        ),
        ("1 / 0", Located((), '"1 / 0" is not a finite number at frame 0 (value inf)')),
        (
            "0: (1), 5: [2]",
            Located(
                (),
                'expected "(", found "[2]"; numbers at frames are written as "0: (1.0), 50: (1.2)"',
                11,
            ),
        ),
    ],
)
def test_no_curve(data: object, expected: Located) -> None:
    assert problems(curve, data) == [expected]


def test_every_mistake_of_a_series() -> None:
    assert problems(curve, "0: (1), 240: (2), 0: (3)") == [
        Located((), "frame 0 is written twice; keep one of them", 18),
    ]


MISTAKEN = {
    "ease": "linaer",
    "0s": 1,
    "bar 1": 2,
    "bar 99": 3,
    "es": 4,
    "1s": "big",
    "2s": {"vale": 1, "ease": "inout"},
    "3s": {"value": True, "ease": 3},
    "4s": None,
}


def test_every_mistake_of_a_mapping() -> None:
    hint = 'unknown ease "inout" (did you mean "in_out"?); '
    assert problems(curve, MISTAKEN) == [
        Located(("ease",), f'unknown ease "linaer" (did you mean "linear"?); {ALLOWED_EASES}'),
        Located(("bar 1",), "0s and bar 1 are both frame 0; keep one of them", at_key=True),
        Located(
            ("es",),
            f'a time is a frame number such as {TIMES}; found "es" (did you mean "ease"?)',
            at_key=True,
        ),
        Located(("1s",), 'expected a number or {value, ease}, found "big"'),
        Located(
            ("2s", "vale"),
            'unknown key (did you mean "value"?); allowed: value, ease',
            at_key=True,
        ),
        Located(("2s", "ease"), hint + ALLOWED_EASES),
        Located(("2s",), "a key without value; write it as {value: 1, ease: in_out}"),
        Located(("3s", "ease"), f"{AN_EASE}, found 3"),
        Located(("3s", "value"), "expected a number, found true"),
        Located(("4s",), "expected a number or {value, ease}, found nothing"),
    ]


def test_bars_in_a_curve_need_a_tempo() -> None:
    silent = Timebase(Fraction(24))
    with pytest.raises(NotationError) as error:
        read_curve({"bar 1": 1}, silent, clock_signals(silent, FRAMES))
    message = '"bar 1" needs a tempo; set `music.bpm`'
    assert error.value.problems == (Located(("bar 1",), message, at_key=True),)


def test_keys_at_named_times_and_parts_of_the_video() -> None:
    names = {"chorus": Fraction(2)}
    timebase = Timebase(Fraction(24), None, names, (0, 240))
    data = {"start": 1, "chorus + 6f": {"value": 2, "ease": "hold"}, "50%": 3, "end - 1s": 4}
    keys = read_curve(data, timebase, {})
    assert isinstance(keys, Curve)
    assert [(key.frame, key.value) for key in keys.keys] == [(0, 1), (54, 2), (120, 3), (216, 4)]

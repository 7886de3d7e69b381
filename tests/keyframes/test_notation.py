from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from keyframes.curve import Curve, Keyframe
from keyframes.expression import Formula, clock_signals
from keyframes.mistakes import Located, NotationError
from keyframes.notation import read_curve, read_prompts
from keyframes.prompts import Prompt, PromptSchedule
from keyframes.timebase import Tempo, Timebase

MUSIC = Timebase(Fraction(24), Tempo(120))
FRAMES = 240
SIGNALS = clock_signals(MUSIC, FRAMES)
ALLOWED_EASES = (
    "allowed: linear, hold, monotone, cubic, in, out, in_out, and these three with sine, quad, "
    "cubic, quart, quint, expo, circ, back, elastic or bounce, such as in_out_cubic"
)
TIMES = '96, or "4s", "250ms", "1:30", "bar 9", "beat 33.5" or "start"'
ONE_PROMPT = "expected a text, {text, weight} or {image, weight}"
ANY_PROMPT = "expected a text, {text, weight}, {image, weight} or a list of these"


def curve(data: object) -> Curve | Formula:
    return read_curve(data, MUSIC, SIGNALS)


def prompts(data: object) -> PromptSchedule:
    return read_prompts(data, MUSIC)


def problems(read: Callable[[object], object], data: object) -> list[Located]:
    with pytest.raises(NotationError) as error:
        read(data)
    return list(error.value.problems)


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
                '"sine" is not a function (did you mean "sin"?); the functions are abs, acos, '
                "asin, atan, atan2, ceil, clamp, cos, cosh, exp, floor, fract, log, log2, max, "
                "min, mix, noise, round, saw, sign, sin, sinh, smoothstep, sqrt, square, step, "
                "tan, tanh, triangle",
                4,
            ),
        ),
        (
            "big",
            Located(
                (),
                'unknown name "big"; a formula can use bar, beat, duration, fps, frame, frames, '
                "progress, t, pi, tau, e",
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


def test_every_mistake_of_a_mapping() -> None:
    data = {
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
    hint = 'unknown ease "inout" (did you mean "in_out"?); '
    assert problems(curve, data) == [
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
        Located(("3s", "ease"), "expected the name of an ease, such as in_out, found 3"),
        Located(("3s", "value"), "expected a number, found true"),
        Located(("4s",), "expected a number or {value, ease}, found nothing"),
    ]


def test_bars_in_a_curve_need_a_tempo() -> None:
    silent = Timebase(Fraction(24))
    with pytest.raises(NotationError) as error:
        read_curve({"bar 1": 1}, silent, clock_signals(silent, FRAMES))
    message = '"bar 1" needs a tempo; set `music.bpm`'
    assert error.value.problems == (Located(("bar 1",), message, at_key=True),)


SEA = (Prompt("sea"),)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("sea", PromptSchedule(((0, SEA),))),
        ("time: 12:30", PromptSchedule(((0, (Prompt("time: 12:30"),)),))),
        (["sea"], PromptSchedule(((0, SEA),))),
        ({"text": "sea", "weight": 3}, PromptSchedule(((0, SEA),))),
        (
            ["sea", {"text": "fog", "weight": -0.5}],
            PromptSchedule(((0, (Prompt("sea", 2), Prompt("fog", -1))),)),
        ),
        (
            {"blend": "2 beats", "bar 2": [{"text": "fog"}], "0s": "sea"},
            PromptSchedule(((0, SEA), (48, (Prompt("fog"),))), 24.0),
        ),
    ],
)
def test_prompts(data: object, expected: PromptSchedule) -> None:
    assert prompts(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            None,
            Located(
                (),
                f"{ANY_PROMPT}, found nothing",
            ),
        ),
        (
            7,
            Located((), f"{ANY_PROMPT}, found 7"),
        ),
        ("", Located((), "a prompt without text; describe what the picture shows")),
        ([], Located((), "an empty list; write at least one prompt")),
        (
            [["sea"]],
            Located((0,), f"{ONE_PROMPT}, found a list"),
        ),
        ({}, Located((), 'there are no prompts; write at least one, such as {0s: "a forest"}')),
        (
            ["sea", {"text": "fog", "weight": -1}],
            Located(
                (),
                "the weights of the prompts at the start sum to 0 (1, -1); change one, so that "
                "they do not cancel",
            ),
        ),
        (
            {"0s": "sea", "bar 5": ["sea", {"text": "fog", "weight": -1}]},
            Located(
                ("bar 5",),
                "the weights of the prompts at bar 5 sum to 0 (1, -1); change one, so that they do "
                "not cancel",
            ),
        ),
        (
            {"0s": "sea", "bar 2": "fog", "bar 3": "sea", "blend": "2 bars"},
            Located(
                ("blend",),
                "the blend takes 96 frames, but only 48 lie between bar 2 and bar 3; shorten it, "
                "or move the keys apart",
            ),
        ),
        (
            {"0s": "sea", 24: [{"text": "fog", "weight": -2}], "blend": 12},
            Located(
                (24,),
                "the prompts fade at frame 24 from weights that sum to 1 to weights that sum to "
                "-2, and cancel on the way; give both sums one sign, or set `blend` to 0",
            ),
        ),
    ],
)
def test_no_prompts(data: object, expected: Located) -> None:
    assert problems(prompts, data) == [expected]


def test_every_mistake_of_the_prompts() -> None:
    data = {
        "blend": "bar 3",
        "0s": "",
        "soon": 3,
        "bar 9": [{"txt": "a", "weight": "much"}, {"text": "b", "weight": 1e9}],
    }
    durations = '96, or "16 bars", "2 beats", "4s", "250ms" or "1:30"'
    assert problems(prompts, data) == [
        Located(
            ("blend",),
            f'a duration is a number of frames such as {durations}; found "bar 3", which is a time',
        ),
        Located(("0s",), "a prompt without text; describe what the picture shows"),
        Located(("soon",), f'a time is a frame number such as {TIMES}; found "soon"', at_key=True),
        Located(
            ("soon",),
            f"{ANY_PROMPT}, found 3",
        ),
        Located(
            ("bar 9", 0, "txt"),
            'unknown key (did you mean "text"?); allowed: text, image, weight',
            at_key=True,
        ),
        Located(("bar 9", 0, "text"), "expected a text, found nothing"),
        Located(("bar 9", 0, "weight"), 'expected a number, found "much"'),
        Located(("bar 9", 1, "weight"), "a weight is a number from -1000 to 1000; found 1e+09"),
    ]


def named_here(name: str) -> str:
    if name == "gone.png":
        raise ValueError(f"{name} does not exist")
    return f"/here/{name}"


def test_pictures_stand_beside_texts() -> None:
    data = {0: ["fog", {"image": "a.png", "weight": 3}], 24: {"image": "a.png"}}
    read = read_prompts(data, MUSIC, named_here)
    picture = Prompt("/here/a.png", 0.75, image=True)
    assert read(0) == (Prompt("fog", 0.25), picture)
    assert read(24) == (Prompt("/here/a.png", image=True),)


def test_a_picture_is_not_the_text_of_its_name() -> None:
    data = [{"image": "a.png"}, {"text": "/here/a.png"}, {"image": "a.png"}]
    read = read_prompts(data, MUSIC, named_here)
    assert [(prompt.image, round(prompt.weight * 3)) for prompt in read(0)] == [
        (True, 2),
        (False, 1),
    ]


def test_no_picture() -> None:
    both = [{"image": "gone.png"}, {"image": "a.png", "text": "fog"}, {"image": 3}]
    assert problems(lambda data: read_prompts(data, MUSIC, named_here), both) == [
        Located((0, "image"), "gone.png does not exist"),
        Located((1, "image"), "a prompt is a text or an image; make two of them", at_key=True),
        Located((2, "image"), "expected a text, found 3"),
    ]

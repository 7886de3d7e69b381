"""Eases as authors write them: names, Bezier curves, springs; and mistakes."""

from __future__ import annotations

import pytest

from keyframes.curve import Curve, Ease, Keyframe
from keyframes.mistakes import Located
from keyframes.shaped_eases import Bezier, Spring
from tests.keyframes.read_values import curve, problems

BEZIER = [0.4, 0, 0.2, 1]


@pytest.mark.parametrize(
    ("written", "ease"),
    [
        ("in_out_cubic", "in_out_cubic"),
        ("spring", "spring"),
        (BEZIER, Bezier(0.4, 0, 0.2, 1)),
        ({"spring": {"stiffness": 170, "damping": 12}}, Spring(170, 12)),
        ({"spring": {"damping": 4}}, Spring(100, 4)),
        ({"spring": {}}, Spring()),
    ],
)
def test_eases_of_one_key_and_of_all(written: object, ease: Ease) -> None:
    one = curve({0: 1, 24: {"value": 2, "ease": written}, 48: 3})
    assert one == Curve((Keyframe(0, 1.0), Keyframe(24, 2.0, ease), Keyframe(48, 3.0)))
    every = curve({0: 1, 24: 2, 48: {"value": 3, "ease": "hold"}, "ease": written})
    keys = (Keyframe(0, 1.0, ease), Keyframe(24, 2.0, ease), Keyframe(48, 3.0, "hold"))
    assert every == Curve(keys)


def test_values_go_as_the_ease_says() -> None:
    bent = curve({0: 0, 10: {"value": 5, "ease": [0.25, 0.25, 0.75, 0.75]}})
    assert bent(4) == pytest.approx(2, abs=1e-12)
    sprung = curve({0: 0, 100: {"value": 1, "ease": {"spring": {"damping": 2}}}})
    assert max(sprung(frame) for frame in range(100)) > 1.5


PLACE = ("1s", "ease")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            [0.4, 0, 1],
            Located(
                PLACE,
                "a bezier curve has four numbers, [x1, y1, x2, y2], such as [0.4, 0, 0.2, 1]; "
                "found 3",
            ),
        ),
        ([0.4, "0", 1, 1], Located((*PLACE, 1), 'expected a number, found "0"')),
        ([4, 0, 1, 1], Located(PLACE, "x1 of [x1, y1, x2, y2] is from 0 to 1; found 4")),
        (
            "cubic-bezier(.4, 0, .2, 1)",
            Located(PLACE, 'found "cubic-bezier(.4, 0, .2, 1)"; write [.4, 0, .2, 1]'),
        ),
        (
            {"sprng": {}},
            Located(
                (*PLACE, "sprng"),
                'unknown key (did you mean "spring"?); allowed: spring',
                at_key=True,
            ),
        ),
        (
            {"spring": 3},
            Located((*PLACE, "spring"), "expected {stiffness: 100, damping: 10}, found 3"),
        ),
        (
            {"spring": {"bounce": 1}},
            Located(
                (*PLACE, "spring", "bounce"),
                "unknown key; allowed: stiffness, damping",
                at_key=True,
            ),
        ),
        (
            {"spring": {"damping": "much"}},
            Located((*PLACE, "spring", "damping"), 'expected a number, found "much"'),
        ),
        (
            {"spring": {"stiffness": 0}},
            Located(PLACE, "the stiffness of a spring is from 1 to 10000; found 0"),
        ),
    ],
)
def test_no_ease(written: object, expected: Located) -> None:
    assert problems(curve, {0: 1, "1s": {"value": 2, "ease": written}}) == [expected]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("easeInOutCubic", "in_out_cubic"),
        ("ease-in-out", "in_out"),
        ("easeOutQuad", "out_quad"),
        ("Ease In", "in"),
        ("in_out_cubc", "in_out_cubic"),
        ("disco_cubik", "disco_cubic"),
        ("springy", "spring"),
    ],
)
def test_the_ease_that_is_meant(written: str, meant: str) -> None:
    (problem,) = problems(curve, {0: 1, 24: 2, "ease": written})
    assert problem.message.startswith(f'unknown ease "{written}" (did you mean "{meant}"?); ')


def test_disco_goes_through_all_keys_or_none() -> None:
    cubic = "disco_cubic"
    data: dict[object, object] = {
        0: 1,
        24: {"value": 2, "ease": cubic},
        48: {"value": 2, "ease": "in"},
    }
    assert problems(curve, data) == [
        Located(
            (24, "ease"),
            "disco_cubic goes through all keys; write it once beside them: "
            "{0: 1, 50: 2, ease: disco_cubic}",
        )
    ]
    own, length = problems(curve, data | {"ease": cubic})
    assert own == Located((48, "ease"), "disco_cubic goes through all keys; remove ease here")
    assert length == Located(
        ("ease",), "disco_cubic needs the length of the video, which is not known here"
    )

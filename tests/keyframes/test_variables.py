"""Numbers with names: what formulas make of them, and what cannot be one."""

from __future__ import annotations

from collections.abc import Mapping
from time import process_time

import numpy as np
import pytest

from keyframes.curve import Curve
from keyframes.expression import Expression, ExpressionError, Formula
from keyframes.mistakes import Located, Mistakes
from keyframes.variables import DEEPEST, MOST, Variable, read_variables, with_variables
from tests.keyframes.read_values import FRAMES, MUSIC, SIGNALS

AT = np.arange(FRAMES, dtype=np.float64)
TIMEBASE = MUSIC.within(0, FRAMES)


def read(data: object) -> tuple[Mapping[str, Curve | Formula | None], list[Located]]:
    mistakes = Mistakes()
    return read_variables(data, TIMEBASE, SIGNALS, AT, mistakes), mistakes.problems


def value(data: object, formula: str) -> np.ndarray:
    numbers, problems = read(data)
    assert problems == []
    return Formula(Expression.parse(formula), with_variables(SIGNALS, numbers))(AT)


def test_formulas_use_them_and_so_do_they_each_other() -> None:
    data = {
        "sway": "push * sin(t)",
        "push": {0: 1, 240: 3},
        "half": 0.5,
        "old": "0: (0), 120: (6)",
        "way": "accumulate(push)",
    }
    push = 1 + AT / 120
    made = value(data, "half * sway + max(old, push)")
    expected = 0.5 * push * np.sin(AT / 24) + np.maximum(np.minimum(AT / 20, 6), push)
    np.testing.assert_allclose(made, expected, atol=1e-12)
    np.testing.assert_allclose(value(data, "way"), (AT + AT**2 / 240) / 24, atol=1e-9)


def test_one_frame_and_all_agree() -> None:
    numbers, _ = read({"push": "1 + sin(t)", "twice": "2 * push"})
    formula = Formula(Expression.parse("twice + push"), with_variables(SIGNALS, numbers))
    assert formula(AT).tolist() == [formula(frame) for frame in AT.tolist()]
    assert formula(AT[::-1].copy()).tolist() == formula(AT)[::-1].tolist()


def test_values_are_kept_while_the_same_frames_are_asked_for() -> None:
    asked: list[int] = []

    class Counted:
        def __call__(self, frame: np.ndarray) -> np.ndarray:
            asked.append(np.size(frame))
            return frame + 1

    variable = Variable("x", Counted())  # type: ignore[arg-type]
    for at in (AT, AT, AT.copy(), AT + 1, AT + 1):
        np.testing.assert_array_equal(variable(at), at + 1)
    assert asked == [FRAMES, FRAMES]
    assert variable(3.0) == 4.0 and type(variable(3.0)) is float


def test_many_that_use_each_other_take_no_time() -> None:
    """Each uses the two before it: without keeping values, the last would be made 6765 times."""
    data = {"v0": "t", "v1": "sin(t)"}
    data |= {f"v{n}": f"(v{n - 1} + v{n - 2}) / 2" for n in range(2, DEEPEST)}
    start = process_time()
    assert np.isfinite(value(data, f"v{DEEPEST - 1}")).all()
    assert process_time() - start < 1


KNOWN = "what formulas know already; choose another name"
FORM = "a variable is named by letters, digits and _, as in {push: {0s: 1, 4s: 3}}; found"


@pytest.mark.parametrize(
    "name", ["t", "beat", "sin", "accumulate", "pi", "every", "depth", "x", "midi", "kick", "bars"]
)
def test_no_name_of_what_formulas_hear(name: str) -> None:
    assert read({name: 1})[1] == [Located((name,), f"{name} is {KNOWN}", at_key=True)]


@pytest.mark.parametrize("name", ["my var", "2nd", "a.b", "é", "if", "None", "a" * 61, 3, ""])
def test_no_name(name: object) -> None:
    ((located),) = read({name: 1})[1]
    assert located.at_key and located.message.startswith(FORM)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            [1],
            Located(
                (),
                "expected names and numbers that move, such as {push: {0s: 1, 4s: 3}}; "
                "found a list",
            ),
        ),
        (
            {f"v{n}": n for n in range(MOST + 1)},
            Located((), "found 101 variables; allowed: 100"),
        ),
        (
            {"a": "1 + psh", "push": 2},
            Located(
                ("a",),
                'unknown name "psh" (did you mean "push"?); a formula can use a, bar, bar_pulse, '
                "beat, beat_pulse, duration, every, fps, frame, frames, progress, push, "
                "shot_progress, shot_t, t, pi, tau, e",
                4,
            ),
        ),
        (
            {"a": "1 + 2 / (frame - 3)"},
            Located(("a",), '"1 + 2 / (frame - 3)" is not a finite number at frame 3 (value inf)'),
        ),
        (
            {"a": 1, "b": "sin(t) + a(2)"},
            Located(("b",), '"a" is a number, not a function; multiply with "*"', 9),
        ),
        ({"a": {"0s": 1, "es": 2}}, None),
        (
            {"a": "t + a"},
            Located(("a",), "a is made from itself; name what it is made from otherwise", 4),
        ),
        (
            {"z": 1, "a": "2 * b", "b": "z + max(c, 1)", "c": "accumulate(a)", "d": "a + c"},
            Located(
                ("a",),
                "these are made from each other in a circle: a -> b -> c -> a; take one out of it",
                4,
            ),
        ),
    ],
)
def test_one_mistake_is_told_once(data: object, expected: Located | None) -> None:
    (located,) = read(data)[1]
    assert expected in (None, located)


def test_two_circles_are_two_mistakes() -> None:
    problems = read({"a": "b", "b": "a", "c": "d + a", "d": "c"})[1]
    assert [problem.path for problem in problems] == [("a",), ("c",)]


def test_what_is_made_from_a_mistake_is_not_told_of() -> None:
    numbers, problems = read({"a": "snu(t)", "b": "1 / a", "c": "log(b) + nonsense"})
    assert [problem.path for problem in problems] == [("a",), ("c",)]
    assert numbers["a"] is None and numbers["b"] is not None


def test_not_too_many_in_a_row() -> None:
    row = {"v0": "t"} | {f"v{n}": f"v{n - 1} + 1" for n in range(1, DEEPEST + 1)}
    (located,) = read(row)[1]
    message = "this is made from more than 20 variables in a row; take it apart"
    assert located == Located((f"v{DEEPEST}",), message)


def test_a_value_that_is_missing_elsewhere_names_the_variable() -> None:
    numbers, _ = read({"a": "1 / (t - 20)"})
    formula = Formula(Expression.parse("2 * a"), with_variables(SIGNALS, numbers))
    with pytest.raises(ExpressionError, match=r'^vars\.a: "1 / \(t - 20\)" is not a finite number'):
        formula(480.0)

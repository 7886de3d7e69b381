"""Formulas as people write them elsewhere: what is told instead of them."""

from __future__ import annotations

import pytest

from keyframes.functions import FUNCTIONS
from tests.keyframes.read_values import curve, problems


@pytest.mark.parametrize(
    ("formula", "column", "beginning"),
    [
        ("1 + max_f", 4, 'unknown name "max_f" (here it is frames); a formula can use '),
        ("time * 2", 0, 'unknown name "time" (here it is t); '),
        ("True + 1", 0, '"True" is not a number; '),
        ("bass", 0, 'unknown name "bass" (here it is low); '),
        ("1 + Volume", 4, 'unknown name "Volume" (here it is loudness); '),
        ("true", 0, 'unknown name "true" (here it is 1); '),
        ("lerp(0, 1, t)", 0, '"lerp" is not a function (here it is mix(a, b, x)); the functions'),
        ("2 * pow(t, 2)", 4, '"pow" is not a function (here it is a ** b); '),
        ("where(t > 1, 2, 3)", 0, '"where" is not a function (here it is a if c else b); '),
        ("rand()", 0, '"rand" is not a function (here it is noise(x)); '),
        ("math.sin(t)", 0, '"math.sin" is not a function (here it is sin(x)); '),
        ("np.arctan2(t, 1)", 0, '"np.arctan2" is not a function (here it is atan2(y, x)); '),
        ("np.roll(t)", 0, 'unknown name "np.roll"; '),
        ("t > 1 ? 2 : 3", 6, '"?" is not allowed; write "b if a else c" for "a ? b : c"'),
        ("1 + floor(t) mod 2", 13, 'there is no operator "mod"; write "%"'),
        ("2 * abs t", 8, "a function has brackets; write abs(t)"),
        ("max(t)", 0, "max has 1 value; write max(a, b, ...)"),
    ],
)
def test_what_is_written_here(formula: str, column: int, beginning: str) -> None:
    (problem,) = problems(curve, formula)
    assert problem.message.startswith(beginning)
    assert problem.column == column


@pytest.mark.parametrize("name", ["math.exp", "numpy.clip", "np.abs"])
def test_functions_of_libraries(name: str) -> None:
    (problem,) = problems(curve, f"{name}(t)")
    bare = {"clip": "clamp"}.get(name.partition(".")[2], name.partition(".")[2])
    usage = f"{bare}({', '.join(FUNCTIONS[bare].parameters)})"
    assert f"(here it is {usage})" in problem.message

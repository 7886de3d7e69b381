"""Deforum's formulas: what they are, and in our words the same at every frame."""

from __future__ import annotations

from math import cos, exp, fmod, isclose, log, log10, pi, sin, sqrt

import numpy as np
import pytest

from pipeline.scene.importers.moving import reads_as
from pipeline.scene.importers.numexpr import Numexpr
from pipeline.scene.importers.translation import Course, in_our_words

COURSE = Course(np.arange(120, dtype=np.float64), 42)


def value(text: str, t: int = 7) -> float:
    return float(Numexpr.parse(text).values(np.array([float(t)]), COURSE.last, COURSE.seed)[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.65+0.1*sin(2*3.14*t/120)", 0.65 + 0.1 * sin(2 * 3.14 * 7 / 120)),
        ("1.0025 + 0.002 * cos( 1.25*3.14*t / 30 )", 1.0025 + 0.002 * cos(1.25 * 3.14 * 7 / 30)),
        ("t/2", 3.5),
        ("(t-30)%60", fmod(-23, 60)),
        ("t**2 - 2**-1", 48.5),
        ("(t<5)*1+(t>=5)*2", 2),
        ("where(t<5, 1, 2)", 2),
        ("(t>3)&(t<9)|(t==1)", 1),
        ("~(t>3)", 0),
        ("6 & 3", 2),
        ("t << 2", 28),
        ("min(t) + max(t)", 14),
        ("min(t, 3)", 3),
        ("max_f - s", 77),
        ("abs(-t) + log10(100) + log1p(0) + expm1(0) + round(2.5)", 11),
        ("arctan2(0, -1)", pi),
        ("sqrt(t) * exp(-1) + log(t)", sqrt(7) * exp(-1) + log(7)),
        ("log10(t)\n + 1", log10(7) + 1),
        ("-t + +t", 0),
    ],
)
def test_values_are_those_of_numexpr(text: str, expected: float) -> None:
    assert isclose(value(text), expected, abs_tol=1e-12)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("0.65+0.1*sin(2*3.14*t/120)", "0.65 + 0.1 * sin(2 * 3.14 * frame / 120)"),
        ("where(t<5, 1, 2)*2", "(1 if frame < 5 else 2) * 2"),
        ("t%20", "frame % 20"),
        ("(t-30)%60", "sign(frame - 30) * (abs(frame - 30) % abs(60))"),
        ("t/max_f", "frame / (frames - 1)"),
        ("s*0 + t**2", "42 * 0 + frame ** 2"),
        ("(t>3)&(t<9)", "frame > 3 and frame < 9"),
        ("~(t>3)", "not frame > 3"),
        ("arctan(t)+log10(t+1)", "atan(frame) + log(frame + 1) / log(10)"),
        ("min(t)", "frame"),
    ],
)
def test_a_formula_in_our_words(text: str, ours: str) -> None:
    assert in_our_words(Numexpr.parse(text), COURSE) == ours


ALL = [
    *("sin(t/9)", "cos(t)", "tan(t/99)", "arcsin(t/200)", "arccos(t/200)", "arctan(t-50)"),
    *("arctan2(t-9, 3)", "sinh(t/50)", "cosh(t/50)", "tanh(t-9)", "arcsinh(t-60)"),
    *("arccosh(t+1)", "arctanh(t/120)", "log(t+1)", "log10(t+1)", "log1p(t)", "exp(-t/9)"),
    *("expm1(t/99)", "sqrt(t)", "abs(t-9)", "floor(t/7)", "ceil(t/7)", "round(t/7)", "sign(t-3)"),
    *("fmod(t-60, 7)", "(t-60)%7", "t%7", "-t%7", "(t<9)|(t>99)", "(t<9)&(t>3)&(t!=5)", "t//7"),
    *("min(t, 9)", "max(3, 50-t)", "where((t>3)&(t<9), t, -t)", "(t>2) and not (t>9)", "2**(t/60)"),
]


@pytest.mark.parametrize("text", ALL)
def test_our_words_have_the_values(text: str) -> None:
    formula = Numexpr.parse(text)
    values = formula.values(COURSE.frames, COURSE.last, COURSE.seed)
    assert reads_as(in_our_words(formula, COURSE), values)


@pytest.mark.parametrize("text", ["t << 1", "t & 1", "t ^ 3"])
def test_what_has_no_counterpart_is_told_apart(text: str) -> None:
    assert in_our_words(Numexpr.parse(text), COURSE) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no formula that can be read"),
        ("sin(t", "no formula that can be read"),
        ("frame_idx + 1", "a formula with the unknown name frame_idx"),
        ("rand(t)", "a formula with the unknown function rand"),
        ("where(t, 1)", "where with 2 values"),
        ("t.real", "no formula that can be read"),
        ("[t]", "no formula that can be read"),
        ("__import__('os')", "a formula with the unknown function __import__"),
        ("sin(x=t)", "a formula with the unknown function sin"),
        ("1+" * 60 + "1", "a formula that is nested too deep"),
        ("(" * 500 + "t" + ")" * 500, "no formula that can be read"),
        ("t+" * 1001 + "t", "a formula of 2003 characters"),
        ("9" * 400, "a number that is too large"),
        ("'t'", "no formula that can be read"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        Numexpr.parse(text)
    assert str(caught.value) == why

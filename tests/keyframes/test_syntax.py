from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyframes.syntax import ALLOWED, ExpressionError, parse

REFUSED = [
    ("", 1, f"the formula is empty; {ALLOWED}"),
    (" \n ", 1, f"the formula is empty; {ALLOWED}"),
    ("t^2", 2, '"^" is not allowed; use "**" for powers'),
    ("t && 1", 3, '"&" is not allowed; use "and"'),
    ("t || 1", 3, '"|" is not allowed; use "or"'),
    ("!t", 1, '"!" is not allowed; use "not"'),
    ("x[0]", 2, '"[" is not allowed; use "(" and ")"'),
    ("'t'", 1, f'"\'" is not allowed; {ALLOWED}'),
    ("sin(ä)", 5, f'"ä" is not allowed; {ALLOWED}'),
    ("(x := 1)", 4, f'":" is not allowed; {ALLOWED}'),
    ("2 * (t + 1", 5, '"(" is not closed; add a ")"'),
    ("2 * t) + 1", 6, '")" closes nothing; remove it'),
    ("t = 1", 3, '"=" is not allowed; compare with "=="'),
    ("2t", 2, 'there is no operator before "t"; multiply with "*"'),
    ("2.5 t", 5, 'there is no operator before "t"; multiply with "*"'),
    ("1 + 2 sin(t)", 7, 'there is no operator before "sin"; multiply with "*"'),
    ("sin t", 5, "a function has brackets; write sin(t)"),
    ("1 +", 4, "the formula ends where a number or name is missing"),
    ("  t * ", 6, "the formula ends where a number or name is missing"),
    ("1 if t", 1, '"if" and "else" go together: a if c else b'),
    ("1 + * 2", 5, f'cannot read the formula at "* 2"; {ALLOWED}'),
    ("t.real.imag", 1, f"this is not allowed; {ALLOWED}"),
    ("(t + 1).real", 1, f"this is not allowed; {ALLOWED}"),
    ("sin(t).real", 1, f"this is not allowed; {ALLOWED}"),
    ("1.5.real", 1, f"this is not allowed; {ALLOWED}"),
    ("a.b.c(1)", 1, 'only a function can be called; multiply with "*"'),
    ("low(1)(2)", 1, 'only a function can be called; multiply with "*"'),
    ("low(*t)", 1, "low takes no stars"),
    ("low(**t)", 1, "low takes no stars"),
    ("low(gain=1, gain=2)", 13, '"gain" is written twice; keep one of them'),
    ("low(gain=1, 2)", 14, "numbers come before settings with names"),
    ("low(gain=)", 10, f'cannot read the formula at ")"; {ALLOWED}'),
    ("low(gain==1, t=)", 16, f'cannot read the formula at ")"; {ALLOWED}'),
    ("low(2=1)", 6, '"=" is not allowed; compare with "=="'),
    ("2 * (t = 1)", 8, '"=" is not allowed; compare with "=="'),
    ("1 + accumulate", 5, '"accumulate" is a function; write accumulate(x)'),
    ("accumulate(t, 2)", 1, "accumulate has 2 values; write accumulate(x)"),
    ("2 beats", 3, 'there is no operator before "beats"; multiply with "*"'),
    ("sin(2 bars)", 7, 'there is no operator before "bars"; multiply with "*"'),
    ("every(2 beets)", 9, 'there is no operator before "beets"; multiply with "*"'),
    ("every(2s) + 3 t", 15, 'there is no operator before "t"; multiply with "*"'),
    ("every(2s, 1bar) + sin", 19, '"sin" is a function; write sin(x)'),
    ("every(2   s) + sin", 16, '"sin" is a function; write sin(x)'),
    ("every(2s, .5beats) + 0 + * 2", 26, f'cannot read the formula at "* 2"; {ALLOWED}'),
    ("1 + (t, t)", 5, f"this is not allowed; {ALLOWED}"),
    ("t << 2", 1, f"this is not allowed; {ALLOWED}"),
    ("t is 1", 1, f"this is not allowed; {ALLOWED}"),
    ("t in t", 1, f"this is not allowed; {ALLOWED}"),
    ("max(x for x in t)", 1, "max has 1 value; write max(a, b, ...)"),
    ("sin(x for x in t)", 4, f"this is not allowed; {ALLOWED}"),
    ("1 + True", 5, f'"True" is not a number; {ALLOWED}'),
    ("None", 1, f'"None" is not a number; {ALLOWED}'),
    ("2j", 1, f'"2j" is not a number; {ALLOWED}'),
    ("...", 1, f'"..." is not a number; {ALLOWED}'),
    ("1 + 1e999", 5, "the number is too large; allowed: below 1.8e308"),
    ("1" + "0" * 400, 1, "the number is too large; allowed: below 1.8e308"),
    ("2 * pi(t)", 5, '"pi" is a number, not a function; multiply with "*"'),
    ("2(t)", 1, 'only a function can be called; multiply with "*"'),
    ("1 + sin", 5, '"sin" is a function; write sin(x)'),
    ("clamp(t, 1)", 1, "clamp has 2 values; write clamp(x, low, high)"),
    ("max(t)", 1, "max has 1 value; write max(a, b, ...)"),
    ("sin(x=t)", 1, "sin takes values without names or stars; write sin(x)"),
    ("sin(*t)", 1, "sin takes values without names or stars; write sin(x)"),
    ("t" * 1001, 1001, "the formula has 1001 characters; allowed: 1000"),
    (
        "max(" + "t, " * 200 + "t)",
        1,
        "the formula has 203 numbers, names and operations; allowed: 200",
    ),
    ("-" * 41 + "t", 41, "the formula is nested more than 40 deep; take it apart"),
]


@pytest.mark.parametrize(("text", "column", "message"), REFUSED, ids=[r[0][:20] for r in REFUSED])
def test_refused(text: str, column: int, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse(text)
    assert (str(error.value), error.value.column) == (message, column)


@pytest.mark.parametrize(
    "text",
    ["(" * 300 + "t" + ")" * 300, "-" * 999 + "t", "1if t else 2", "0xfor t", "1_", "012", "a\0b"],
)
def test_what_python_itself_stumbles_over_is_a_mistake_too(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        " t ",
        "-t + +2 * (3 - .5) / 1e-3 // 2 % 7 ** 2",
        "1 if 0 < t <= 3 and not t == 2 or t != 1 else min(t, 2, 3)",
        "sin(\n  t\n)",
        "-" * 39 + "t",
        "drums.onset + low(attack=0.01, release = 1/8) * band(60, 120, gain=2)",
        "every(2 beats) + every( 1/2 bar , offset=.25, release=0.2) + every(1.5s, offset=1e-1s)",
        "accumulate(1 + accumulate(low))",
    ],
)
def test_allowed(text: str) -> None:
    parse(text)


def test_columns_count_in_the_text_as_written() -> None:
    with pytest.raises(ExpressionError) as error:
        parse("\n  1 +\n  clamp(t)")
    assert error.value.column == 1 + "\n  1 +\n  clamp(t)".index("clamp")


@pytest.mark.slow
@settings(derandomize=True, deadline=None, max_examples=500)
@given(st.text(alphabet="t1.e *+-/%()<>=!,_ifelsandor^xvybu", max_size=30))
def test_any_text_is_read_or_refused_inside_it(text: str) -> None:
    try:
        parse(text)
    except ExpressionError as error:
        assert 1 <= error.column <= len(text) + 1
        assert not re.search(r"line \d", str(error))

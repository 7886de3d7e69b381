from __future__ import annotations

import pytest

from keyframes.expression import Expression
from keyframes.keyed_formulas import MOST, formula_instead

SECONDS = "; t counts seconds here, and frame counts frames"


@pytest.mark.parametrize(
    ("text", "formula", "note", "column"),
    [
        ("0: (1 + 0.5*sin(t/10))", "1 + 0.5*sin(frame/10)", SECONDS, 4),
        ("0:(2*3)", "2*3", "", 3),
        ("0: (1), 50: (frame/50)", "1 if frame < 50 else frame/50", "", 13),
        (
            "9: (max_f - t), 5: (-1e-3), 0: (t)",
            "frame if frame < 5 else -1e-3 if frame < 9 else frames - frame",
            SECONDS,
            4,
        ),
    ],
)
def test_one_formula_takes_the_place_of_keyed_ones(
    text: str, formula: str, note: str, column: int
) -> None:
    words = f'write a formula alone, without frames before it: "{formula}"{note}'
    assert formula_instead(text) == (words, column)
    Expression.parse(formula)


def test_many_formulas_are_shown_by_an_example() -> None:
    text = ", ".join(f"{frame}: (t*{frame})" for frame in range(MOST + 1))
    told = formula_instead(text)
    assert told is not None
    assert '"frame*0 if frame < 1 else ..."' in told[0]


@pytest.mark.parametrize(
    "text", ["0: (1), 5: (- 2.5e-3)", "0: (big)", "0: (t*2", "0: t*2", "t*2", "", "0: (t*2) 5: (1)"]
)
def test_other_texts_are_not_meant(text: str) -> None:
    assert formula_instead(text) is None

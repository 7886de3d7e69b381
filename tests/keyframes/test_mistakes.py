from __future__ import annotations

import pytest

from keyframes.mistakes import Located, Mistakes, NotationError, found


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        (True, "true"),
        (False, "false"),
        ("big", '"big"'),
        ("x" * 61, '"' + "x" * 59 + '…"'),
        (12, "12"),
        (1.5, "1.5"),
        ({}, "a mapping"),
        ([], "a list"),
    ],
)
def test_found(value: object, words: str) -> None:
    assert found(value) == words


def test_mistakes_are_collected_with_their_places() -> None:
    mistakes = Mistakes()
    mistakes.raise_any()
    assert mistakes.at("bar 5").attempt(float, "2.5") == 2.5
    assert mistakes.at("bar 5", "value").attempt(float, "big") is None
    mistakes.at("bar 6").check_keys({"vale": 1, "ease": 2}, ("value", "ease"))
    mistakes.add("too short", column=3)
    expected = (
        Located(("bar 5", "value"), "could not convert string to float: 'big'"),
        Located(
            ("bar 6", "vale"),
            'unknown key (did you mean "value"?); allowed: value, ease',
            at_key=True,
        ),
        Located((), "too short", column=3),
    )
    with pytest.raises(NotationError) as error:
        mistakes.raise_any()
    assert error.value.problems == expected
    assert str(error.value).splitlines() == [
        "bar 5.value: could not convert string to float: 'big'",
        'bar 6.vale: unknown key (did you mean "value"?); allowed: value, ease',
        "too short",
    ]

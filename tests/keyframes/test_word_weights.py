"""Weights of words inside a prompt: what is one, what is text, and what is refused."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyframes.word_weights import LARGEST_STRESS, Words, plain_text, weighted_words


def test_words_have_the_weight_behind_their_colon() -> None:
    assert weighted_words("a (red:1.3) barn") == (
        Words("a "),
        Words("red", 1.3),
        Words(" barn"),
    )
    assert weighted_words("(fog:.5)") == weighted_words("(fog : 0.5 )") == (Words("fog", 0.5),)
    assert weighted_words("(old barn:2)") == (Words("old barn", 2.0),)
    assert weighted_words("(world war 2:1.3)") == (Words("world war 2", 1.3),)


def test_nested_weights_multiply() -> None:
    assert weighted_words("((red:2) barn:1.5)!") == (
        Words("red", 3.0),
        Words(" barn", 1.5),
        Words("!"),
    )
    assert weighted_words("(a (b:1.5):2)(c:2)") == (
        Words("a ", 2.0),
        Words("b", 3.0),
        Words("c", 2),
    )
    # Deeper than Python calls functions.
    assert weighted_words("(" * 5000 + "a" + ":1.0)" * 5000) == (Words("a"),)


@pytest.mark.parametrize(
    "text",
    [
        "a castle (in fog)",
        "((castle))",
        "the format (16:9)",
        "a train (10:30)",
        "(1.85:1.0)",
        "(Blade Runner: 2049)",
        "(the year:2049)",
        "years (say: 1920,1930)",
        "a smile :)",
        "(hello :)",
        "(note: three dogs)",
        "(castle:1.3",
        "castle:1.3)",
        "[fog:1.3]",
        "",
    ],
)
def test_everything_else_is_text(text: str) -> None:
    assert weighted_words(text) == ((Words(text),) if text else ())


def test_a_backslash_keeps_a_parenthesis() -> None:
    assert weighted_words(r"\(red:1.3\) barn") == (Words("(red:1.3) barn"),)
    assert weighted_words(r"(red \(dark\):1.3)") == (Words("red (dark)", 1.3),)
    assert weighted_words(r"C:\barn") == (Words(r"C:\barn"),)


def test_plain_text_is_what_is_said() -> None:
    assert plain_text("a ((red:2) barn:1.5) (in fog)") == "a red barn (in fog)"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a (red:1,3) barn", r'"\(red:1,3\)" makes no sense: found 1,3; a weight of words'),
        ("(red:-0.5)", r"found -0\.5; a weight of words is a number from 0 to 10"),
        ("(red:1.2.3)", r"found 1\.2\.3;"),
        ("(red:11)", r"found 11;"),
        ("(red:1e3)", r"found 1e3;"),
        ("(red:130%)", r"found 130%;"),
        ("(red:)", r"there is no number behind the colon"),
        ("(:1.3)", r"there are no words before the colon"),
        ("((red:4):4)", r'"red" makes no sense: nested ones multiply, to 16;'),
    ],
)
def test_a_number_without_sense_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        weighted_words(text)


@given(st.text("ab :.(1)\\", max_size=40))
def test_pieces_are_never_empty_and_neighbours_differ(text: str) -> None:
    try:
        pieces = weighted_words(text)
    except ValueError as error:
        assert "makes no sense" in str(error)
        return
    assert all(piece.text and 0 <= piece.weight <= LARGEST_STRESS for piece in pieces)
    assert all(one.weight != next_.weight for one, next_ in pairwise(pieces))

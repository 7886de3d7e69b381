"""A line and its carets: aligned whatever the characters, and short however long the line."""

from __future__ import annotations

import pytest

from pipeline.cli.excerpt import Excerpt, cells, excerpt


def drawn(line: str, column: int, end: int = 0, widest: int = 100) -> list[str]:
    """The line and its carets, as they stand below each other."""
    shown = excerpt([line], 1, column, end, widest)
    assert shown is not None
    return [shown.line, " " * shown.before + "^" * shown.carets]


def test_the_carets_stand_under_what_is_meant() -> None:
    assert drawn("zoom: 0  ", 7) == ["zoom: 0", "      ^"]
    assert drawn("zoom: big # comment", 7, 10) == ["zoom: big # comment", "      ^^^"]


def test_no_end_reaches_beyond_its_line() -> None:
    assert drawn("zoom: big", 7, 99) == ["zoom: big", "      ^^^"]


def test_a_place_behind_the_line_has_a_caret() -> None:
    """As of a bracket that is not closed."""
    assert drawn("size: [1, 2", 12) == ["size: [1, 2", "           ^"]


def test_what_is_wrong_may_be_a_blank_at_the_end() -> None:
    assert drawn("a:\t", 3) == ["a:    ", "  ^^^^"]
    assert drawn("\t", 1) == ["    ", "^^^^"]


@pytest.mark.parametrize(
    ("line", "column", "end", "expected"),
    [
        ("灯: 灯灯", 4, 6, ["灯: 灯灯", "    ^^^^"]),
        ("cafe\u0301: 1", 8, 0, ["cafe\u0301: 1", "      ^"]),
        ("\tzoom: 0", 8, 0, ["    zoom: 0", "          ^"]),
        ("a\x1b[2J: 0", 8, 0, ["a\\x1b[2J: 0", "          ^"]),
        ("\u0301", 1, 0, ["\u0301", "^"]),
    ],
)
def test_wide_combined_and_hidden_characters(
    line: str, column: int, end: int, expected: list[str]
) -> None:
    assert drawn(line, column, end) == expected


@pytest.mark.parametrize("place", [1, 2, 20, 33, 34, 35, 1000, 1967, 1968, 1999, 2000, 2001])
@pytest.mark.parametrize("character", ["x", "灯"])
def test_a_long_line_is_cut_around_the_place(place: int, character: str) -> None:
    written = list(character * 2000)
    if place <= 2000:
        written[place - 1] = "!"
    line, carets = drawn("".join(written), place, place + 1, 50)
    assert cells(line) <= 50
    assert cells(line) >= 30
    if place <= 2000:
        assert cells(line[: line.index("!")]) == carets.index("^") and carets.count("^") == 1
    assert line.startswith("…") or place < 40
    assert line.endswith("…") or place > 1960


def test_a_long_token_is_underlined_as_far_as_it_is_seen() -> None:
    line, carets = drawn("a: " + "b" * 500, 4, 504, 40)
    assert line == "a: " + "b" * 35 + "…"
    assert carets == "   " + "^" * 35


def test_a_line_of_a_million_characters_takes_no_time() -> None:
    """A thousandth of what it takes to look at each of them."""
    line = "b" * 1_000_000
    assert all(drawn(line, place)[1] for place in range(1, 1_000_000, 10_000))


@pytest.mark.parametrize(("line", "column"), [(0, 1), (3, 1), (2, 1), (1, 0), (1, 9)])
def test_there_is_no_such_place(line: int, column: int) -> None:
    assert excerpt(["zoom: 0", ""], line, column, 0) is None


def test_an_excerpt_is_a_value() -> None:
    assert excerpt(["a: b"], 1, 4, 5) == Excerpt("a: b", 3, 1)

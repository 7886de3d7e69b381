from __future__ import annotations

import pytest

from keyframes.mistakes import found
from keyframes.quoting import LONGEST_PATH, LONGEST_QUOTE, quoted, quoted_path, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a castle", "a castle"),
        ("scène 灯塔 👩‍🚀 🏳️", "scène 灯塔 👩‍🚀 🏳️"),
        ("C:\\new", "C:\\new"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("a\nb\tc\x00\x7f\x9b", "a\\nb\\tc\\x00\\x7f\\x9b"),
        ("\u202egpj.exe\u2066", "\\u202egpj.exe\\u2066"),
        ("\u2028\u2029\ufeff\xad", "\\u2028\\u2029\\ufeff\\xad"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud83d", "\\ud83d"),
        (b"caf\xe9.yaml".decode("utf-8", "surrogateescape"), "caf\\xe9.yaml"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


def test_some_characters_can_be_kept() -> None:
    assert visible("a\nb\x1b", keep="\n") == "a\nb\\x1b"


def test_a_quote_is_short_and_ends_where_it_was_cut() -> None:
    assert quoted("a" * LONGEST_QUOTE) == "a" * LONGEST_QUOTE
    assert quoted("a" * 10**6) == "a" * (LONGEST_QUOTE - 1) + "…"
    assert len(quoted("\x1b" * 10**6)) == LONGEST_QUOTE


def test_of_a_long_path_both_ends_are_shown() -> None:
    name = "/begin" + "x" * 10**5 + "/end.png"
    assert quoted_path(name).startswith("/beginx") and quoted_path(name).endswith("x/end.png")
    assert len(quoted_path(name)) == LONGEST_PATH + 1
    assert quoted_path("/a\nb.png") == "/a\\nb.png"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("\x1b[8mhidden", '"\\x1b[8mhidden"'),
        (10**200, "1" + "0" * (LONGEST_QUOTE - 2) + "…"),
        (1.5, "1.5"),
        (True, "true"),
        (None, "nothing"),
    ],
)
def test_what_was_found_is_quoted(value: object, words: str) -> None:
    assert found(value) == words

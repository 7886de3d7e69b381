from __future__ import annotations

import pytest

from keyframes.characters import in_curly_quotes, name_of, unseen_in


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u00a0", "a no-break space (U+00A0)"),
        ("\u200b", "a zero width space (U+200B)"),
        ("\u3000", "an ideographic space (U+3000)"),
    ],
)
def test_what_cannot_be_seen_is_named(character: str, name: str) -> None:
    assert name_of(character) == name
    assert unseen_in(f"4 {character}s") == f", which holds {name}"


def test_what_can_be_seen_is_not_named() -> None:
    assert unseen_in("a b\u2019c \u706f\u5854") == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\u201ca\u201d", "a"),
        (" \u00aba b\u00bb ", "a b"),
        ("\u2018a", "a"),
        ("\u201ca\u201d b", None),
        ("\u201ca\u201d and \u201cb\u201d", None),
        ("a \u201cb\u201d", None),
        ("\u201c", None),
        ("", None),
    ],
)
def test_curly_quotes_around_a_text(text: str, words: str | None) -> None:
    assert in_curly_quotes(text) == words

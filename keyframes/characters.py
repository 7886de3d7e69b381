"""Characters that look like others or like nothing, named for the person who pasted them."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cf"})
"""Categories of Unicode: blanks of other widths, separators, and marks without width."""
_PAIRS = {"“": "”", "„": "“", "‘": "’", "«": "»"}  # noqa: RUF001
_CLOSING = ("”", "“", "’", "»")  # noqa: RUF001


def is_unseen(character: str) -> bool:
    """Whether a character, other than the plain blank, leaves nothing to see."""
    return character != " " and unicodedata.category(character) in _UNSEEN


def name_of(character: str) -> str:
    """A character by its Unicode name and code point: `a no-break space (U+00A0)`."""
    name = unicodedata.name(character, "character").lower()
    article = "an" if name[0] in "aeiou" else "a"
    return f"{article} {name} (U+{ord(character):04X})"


def unseen_in(text: str) -> str:
    """The end of a message about a text: `, which holds a no-break space (U+00A0)`, or nothing."""
    first = next((character for character in text if is_unseen(character)), None)
    return "" if first is None else f", which holds {name_of(first)}"


def in_curly_quotes(text: str) -> str | None:
    """The words of a text that curly quotes enclose, or open without an end; None for others."""
    text = text.strip()
    if text[:1] not in _PAIRS or text == text[:1]:
        return None
    inner = text[1:]
    if text[-1] in _CLOSING and not any(mark in inner[:-1] for mark in _CLOSING):
        return inner[:-1]
    return None if any(mark in inner for mark in _CLOSING) else inner

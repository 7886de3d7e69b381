"""Texts of unknown origin in the words of a message: short, and nothing in them but what is seen.

A terminal obeys control characters: it clears its screen, takes another title, turns a line around.
What a message quotes is therefore shown with such characters written out, `\\x1b` for the escape
character.
"""

from __future__ import annotations

import re
from unicodedata import category

LONGEST_QUOTE = 60
"""Characters of a text that a message quotes."""
LONGEST_PATH = 300
"""Characters of a file's name with its folders."""

_OBEYED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of controls, formats such as the marks that turn the direction of writing,
lone surrogates, and separators of lines and paragraphs."""
_JOINERS = "\u200c\u200d"
"""Formats that join letters and emoji, and move nothing else."""
_BYTE = range(0xDC80, 0xDD00)
"""How Python writes a byte of a file's name that is not UTF-8 (PEP 383)."""
_LETTERS = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_SUSPECT = re.compile(r"[^\x20-\x7e]")


def is_seen(character: str) -> bool:
    """Whether a terminal shows a character, and does not obey it."""
    return character in _JOINERS or category(character) not in _OBEYED


def visible(text: str, keep: str = "") -> str:
    """`text` with every character that is not seen as its code, but for those of `keep`."""

    def shown(match: re.Match[str]) -> str:
        character = match[0]
        return character if character in keep or is_seen(character) else _code(ord(character))

    return _SUSPECT.sub(shown, text)


def quoted(text: object, longest: int = LONGEST_QUOTE) -> str:
    """The visible beginning of a text, with `…` for what was left out."""
    return shortened(visible(str(text)[: longest + 1]), longest)


def quoted_end(text: str, longest: int = LONGEST_QUOTE) -> str:
    """The visible end of a text, with `…` for what was left out."""
    shown = visible(text[-longest - 1 :])
    return shown if len(shown) <= longest else "…" + shown[1 - longest :]


def quoted_path(path: object) -> str:
    """A file's name with its folders, visible; of a very long one its beginning and its end."""
    text, half = str(path), LONGEST_PATH // 2
    if len(text) <= LONGEST_PATH:
        return visible(text)
    return f"{visible(text[:half])}…{visible(text[-half:])}"


def shortened(text: str, longest: int) -> str:
    """`text` in at most `longest` characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _code(code: int) -> str:
    if chr(code) in _LETTERS:
        return _LETTERS[chr(code)]
    if code in _BYTE:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

"""What becomes of a prompt before it is cut into tokens, as open_clip's encoders were trained.

Every text is repaired first: characters that were decoded wrongly, and HTML's names of characters.
Imports no torch.
"""

from __future__ import annotations

import html
import string
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

Clean = Literal["lower", "whitespace", "canonicalize"]
"""What follows the repair of a text, in open_clip's words."""

_NO_PUNCTUATION = str.maketrans("_", " ", string.punctuation.replace("_", ""))


def cleaned(text: str, how: Clean) -> str:
    """The text that a tokenizer gets: repaired, with single blanks, and what `how` says.

    `lower` is in small letters, `whitespace` keeps capitals, `canonicalize` is in small letters and
    without punctuation.
    """
    return _LAST_STEPS[how](_repaired(text))


def is_plain(text: str) -> bool:
    """Whether cleaning takes nothing from a text but blanks and capitals, and adds nothing."""
    return text.isascii() and "&" not in text and text.replace("\n", " ").isprintable()


def _repaired(text: str) -> str:
    if is_plain(text):
        return text
    # A tenth of a second, which a scene in plain letters need not wait for.
    from ftfy import fix_text

    return html.unescape(html.unescape(fix_text(text)))


def _single_blanks(text: str) -> str:
    return " ".join(text.split())


_LAST_STEPS: Mapping[Clean, Callable[[str], str]] = MappingProxyType(
    {
        "lower": lambda text: _single_blanks(text).lower(),
        "whitespace": _single_blanks,
        "canonicalize": lambda text: _single_blanks(text.translate(_NO_PUNCTUATION).lower()),
    }
)

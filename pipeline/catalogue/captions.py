r"""Prompts as the captions were that DeepFloyd IF and PixArt were trained with. Imports no torch.

Captions of pictures in the web were cleaned of what says nothing of a picture: links, names of
users and files, numbers of articles, ornaments, the words of shops. Prompts go the same way, so
that the encoder sees what it knows: "A castle (in fog)..." is read as "a castle in fog".
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from pipeline.catalogue.clean_text import is_plain

if TYPE_CHECKING:
    from regex import Pattern

_Steps = Sequence[tuple[str, str]]

_KINDS_OF_FILES = "png|jpg|jpeg|bmp|webp|eps|pdf|apk|mp4"

_ADDRESSES: _Steps = (
    (r"<person>", "person"),
    (r"<[^<>]*>", ""),
    (r"\bhttps?:(?:/{1,3}|[a-z0-9%])", ""),
    (r"\b[a-z0-9.\-]+\.(?:com?|ru|net|org|edu|gov|it)[\w/-]*\b/?(?!@)", ""),
    (r"\bwww:(?:/{1,3}|[a-z0-9%])", ""),
    (r"@\w+\b", ""),
)
_SIGNS: _Steps = (
    # Letters of Chinese and Japanese, which these encoders do not know.
    (r"[\u31c0-\u9fff]+", ""),
    (r"\p{Pd}+", "-"),
    (r"[`\u00b4\u00ab\u00bb\u201c\u201d\u00a8]", '"'),
    (r"[\u2018\u2019]", "'"),
    (r"&quot;?|&amp", ""),
)
_NUMBERS: _Steps = (
    (r"\d{1,3}(?:\.\d{1,3}){3}", " "),
    (r"\d:\d\d\s+$", ""),
    (r"\\n", " "),
    (r"#\d{1,3}\b", ""),
    (r"#\d{5,}\b", ""),
    (r"\b\d{6,}\b", ""),
    (rf"\S+\.(?:{_KINDS_OF_FILES})", ""),
)
_ORNAMENTS: _Steps = (
    (r"[\"']{2,}", '"'),
    (r"\.{2,}", " "),
    (r"[#®•©™&@·º½¾¿¡§~()\[\]{}|\\/*]+", " "),
    (r"\s+\.\s+", " "),
)
_SHOPS: _Steps = (
    (r"\b[a-zA-Z]{1,3}\d{3,15}\b", ""),
    (r"\b[a-zA-Z]+\d+[a-zA-Z]+\b", ""),
    (r"\b\d+[a-zA-Z]+\d+\b", ""),
    (r"(?:worldwide\s+)?(?:free\s+)?shipping", ""),
    (r"(?:free\s)?download(?:\sfree)?", ""),
    (r"\bclick\b\s(?:for|on)\s\w+", ""),
    (rf"\b(?:{_KINDS_OF_FILES})(?:\simages?)?", ""),
    (r"\bpage\s+\d+\b", ""),
    (r"\b\d*[a-zA-Z]+\d+[a-zA-Z]+\d+[a-zA-Z\d]*\b", " "),
    (r"\b\d+\.?\d*[x\u0445\u00d7]\d+\.?\d*\b", ""),
)
_SPACING: _Steps = (
    (r"\b\s+:\s+", ": "),
    (r"(\D[,./])\b", r"\1 "),
    (r"\s+", " "),
)
_EDGES: _Steps = (
    (r"^[\"'](.+)[\"']$", r"\1"),
    (r"^['_,\-:;]", ""),
    (r"['_,\-:+]$", ""),
    (r"^\.\S+$", ""),
)
_MOST_HYPHENS = 3
"""Words in a row that hyphens or underscores join; more are a name in a file."""


def as_caption(text: str) -> str:
    """A prompt as those of the training were, in small letters."""
    return _once(_once(text))


def _once(text: str) -> str:
    text = unquote_plus(text).strip().lower()
    text = _changed(text, (*_ADDRESSES, *_SIGNS, *_NUMBERS, *_ORNAMENTS))
    if sum(map(text.count, "-_")) > _MOST_HYPHENS:
        text = re.sub(r"[-_]", " ", text)
    text = _changed(_repaired(text), (*_SHOPS, *_SPACING, *_EDGES))
    return text.strip()


def _repaired(text: str) -> str:
    if is_plain(text):
        return text
    from ftfy import fix_text

    return html.unescape(html.unescape(fix_text(text)))


def _changed(text: str, steps: _Steps) -> str:
    for pattern, replacement in steps:
        text = _compiled(pattern).sub(replacement, text)
    return text


@cache
def _compiled(pattern: str) -> Pattern[str]:
    # Python's own expressions know no classes of signs.
    import regex

    return regex.compile(pattern, regex.DOTALL)

r"""Weights of words inside one prompt, `a (red:1.3) barn`, as web interfaces write them.

Convention:
    Only the explicit form `(words:number)` is a weight; it multiplies the weights of the groups
    around it. Parentheses without a number are text, and so are those whose number is part of what
    is said: `(16:9)`, `(Blade Runner: 2049)`, `(the year:2049)`. A number counts right behind a
    word and its colon, or where it has a sign or a point. `\(` and `\)` are parentheses of the
    text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

from keyframes.prompts import LARGEST_WEIGHT
from keyframes.quoting import quoted

LARGEST_STRESS = 10.0
"""The largest weight of words, which also holds for the product of nested ones."""

_SIGN = re.compile(r"\\[()]|[()]")
_LIKE_A_NUMBER = re.compile(r"[-+]?[0-9.,]*[0-9][0-9.,]*(?:e[-+]?[0-9]+)?%?", re.IGNORECASE)
_NUMBER = re.compile(r"\+?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_WHOLE = re.compile(r"[0-9]+")
_LONGEST = 40
"""Characters behind a colon that are looked at as a number."""


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a prompt that has one weight."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class _Group:
    """Where a group with a weight begins, where its words end, and where it ends."""

    start: int
    colon: int
    end: int
    weight: float


@lru_cache(maxsize=256)
def weighted_words(text: str) -> tuple[Words, ...]:
    """The pieces of a prompt in their order, with their weights; together they are `plain_text`.

    Neighbours have different weights. A text without words has no pieces.

    Raises:
        ValueError: a number in the place of a weight is none, or is not from 0 to LARGEST_STRESS.
    """
    groups = [group for pair in _pairs(text) if (group := _group(text, *pair)) is not None]
    pieces = _pieces(text, groups)
    return tuple(
        Words("".join(piece.text for piece in alike), weight)
        for weight, alike in groupby(pieces, key=lambda piece: piece.weight)
    )


def plain_text(text: str) -> str:
    """The words of a prompt without their weights.

    Raises:
        ValueError: a weight makes no sense.
    """
    return "".join(words.text for words in weighted_words(text))


def as_words(text: str) -> str:
    r"""`text` for a prompt with weights, in which it is nothing but words: `(x:2)` as `\(x:2\)`."""
    return text.replace("(", r"\(").replace(")", r"\)")


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    """The places of each parenthesis and of the one that closes it; what has no partner is text."""
    opened: list[int] = []
    for sign in _SIGN.finditer(text):
        if sign[0] == "(":
            opened.append(sign.start())
        elif sign[0] == ")" and opened:
            yield opened.pop(), sign.start()


def _group(text: str, start: int, end: int) -> _Group | None:
    """The group between two parentheses; None where they are text."""
    colon = text.rfind(":", max(start, end - _LONGEST), end)
    if colon < 0:
        return None
    words, written = text[start + 1 : colon], text[colon + 1 : end]
    number = written.strip()
    close = not words[-1:].isspace() and not written[:1].isspace()
    if not number and close and words[-1:].isalpha():
        raise _refused(text[start : end + 1], "there is no number behind the colon")
    if not _LIKE_A_NUMBER.fullmatch(number) or _is_said(words.rstrip(), number, close):
        return None
    if not words.strip():
        raise _refused(text[start : end + 1], "there are no words before the colon")
    if not _NUMBER.fullmatch(number) or float(number) > LARGEST_STRESS:
        raise _refused(text[start : end + 1], f"found {number}")
    return _Group(start, start + 1 + len(words.rstrip()), end + 1, float(number))


def _is_said(words: str, number: str, close: bool) -> bool:
    """Whether a number is part of what is said, such as a time, a ratio, a year."""
    marked = "." in number or number[0] in "-+"
    if words[-1:].isdigit():
        return not marked or not any(map(str.isalpha, words))
    is_year = _WHOLE.fullmatch(number) is not None and float(number) > LARGEST_WEIGHT
    return not marked and (not close or is_year)


def _pieces(text: str, groups: Iterable[_Group]) -> Iterator[Words]:
    """The pieces between the borders of groups, each with the product of the weights around it."""
    # At its start a group puts a weight on top of the others, which its colon takes away again.
    borders = [(0, 0, 1.0), (len(text), len(text), 1.0)]
    for group in groups:
        borders += [(group.start, group.start + 1, group.weight), (group.colon, group.end, -1.0)]
    weights = [1.0]
    for (_, begin, change), (end, _, _) in pairwise(sorted(borders)):
        if change < 0:
            weights.pop()
        else:
            weights.append(weights[-1] * change)
        if piece := text[begin:end].replace("\\(", "(").replace("\\)", ")"):
            if weights[-1] > LARGEST_STRESS:
                raise _refused(piece, f"nested ones multiply, to {weights[-1]:g}")
            yield Words(piece, weights[-1])


def _refused(written: str, fault: str) -> ValueError:
    return ValueError(
        f'the weight in "{quoted(written)}" makes no sense: {fault}; a weight of words is a number '
        f"from 0 to {LARGEST_STRESS:g}, as in (red:1.3); what a picture should not show is a "
        r"prompt of its own with a negative weight, and \( and \) are parentheses of the text"
    )

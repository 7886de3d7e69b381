"""In which manner a caption speaks of a picture: as of any painting, or of its style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.world import style_words
from tools.world import words as vocabulary
from tools.world.attributes import NONE
from tools.world.editions import Edition

_GOUACHE_TOLD = 0.35
"""How often a caption tells gouache, which goes mostly without saying.

Other styles are always told: of what is painted now and then where none is named, guidance by
prompts makes more.
"""
_BY_OPENING = 0.5


@dataclass(frozen=True, slots=True)
class Manner:
    """The words of a caption that speak of the painting and not of what it shows."""

    openings: Sequence[str]
    filler: Sequence[str]
    classic: str = "A beautiful painting of"
    """The opening of the captions in the field's most usual words."""
    phrase: str = ""
    """What tells the style behind the opening; empty where that tells it, or nothing does."""
    listed: str = ""
    """What tells it in bare words, which have no opening."""


_OF_ANY = Manner(vocabulary.OPENINGS, vocabulary.FILLER)
_OF_ANY_STYLE = Manner(style_words.STYLED_OPENINGS, style_words.STYLED_FILLER)


def plain_manner(edition: Edition) -> Manner:
    """The manner that is true of every picture of an edition."""
    return _OF_ANY_STYLE if "style" in edition.counts else _OF_ANY


def draw_manner(rng: np.random.Generator, style: str, edition: Edition) -> Manner:
    """A manner that is true of the style.

    Draws nothing where an edition has no styles, and the same number of times for every style, so
    that captions of one generator differ in the words for it alone.
    """
    if style == NONE and "style" not in edition.counts:
        return _OF_ANY
    told = rng.random() < _GOUACHE_TOLD or style != NONE
    by_opening = rng.random() < _BY_OPENING
    opening, phrase, plain = (
        choices[int(rng.random() * len(choices))]
        for choices in (
            style_words.STYLE_OPENINGS[style],
            style_words.STYLE_PHRASES[style],
            _OF_ANY_STYLE.openings,
        )
    )
    filler = _OF_ANY_STYLE.filler
    if not told:
        return Manner((plain,), filler)
    if by_opening:
        return Manner((opening,), filler, classic=opening, listed=phrase)
    return Manner((plain,), filler, phrase=phrase, listed=phrase)

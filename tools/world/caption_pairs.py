"""Two captions of one picture, as authors write two prompts: what it shows, and its colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tools.world import words as vocabulary
from tools.world.attributes import NONE, Attributes
from tools.world.captions import caption
from tools.world.editions import OF_TODAY, Edition


def caption_pair(
    rng: np.random.Generator, attributes: Attributes, edition: Edition = OF_TODAY
) -> tuple[str, str]:
    """A caption that leaves out the colour of the whole, and one that tells nothing else.

    Raises:
        ValueError: the picture as a whole has no colour.
    """
    if attributes.scheme == NONE:
        raise ValueError("the whole of this picture has no colour to tell apart")
    phrases, colours = vocabulary.SCHEME_PHRASES, vocabulary.COLOUR_WORDS[attributes.scheme]
    phrase, colour = (choices[int(rng.integers(len(choices)))] for choices in (phrases, colours))
    return caption(rng, replace(attributes, scheme=NONE), edition), phrase.format(c=colour)

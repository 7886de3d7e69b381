"""Two captions of one picture: together they say what one says."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from tools.world.attributes import NONE, Attributes
from tools.world.caption_pairs import caption_pair
from tools.world.words import COLOUR_WORDS

BARN = Attributes("house", "meadow", "dawn", scheme="teal", ground_colour="red")


def test_the_second_tells_the_colour_of_the_whole_and_nothing_else() -> None:
    for seed in range(40):
        _, coloured = caption_pair(np.random.default_rng(seed), BARN)
        assert any(word in coloured for word in COLOUR_WORDS["teal"])
        assert not {"house", "meadow", "dawn", "red"} & set(coloured.split())


def test_the_first_leaves_that_colour_out() -> None:
    told = [caption_pair(np.random.default_rng(seed), BARN)[0].lower() for seed in range(40)]
    heard = [set(re.findall(r"[a-z]+", text)) for text in told]
    assert not any(words & set(COLOUR_WORDS["teal"]) for words in heard)
    assert sum(bool(words & set(COLOUR_WORDS["red"])) for words in heard) > 20
    assert len(set(told)) > 30


def test_without_a_colour_there_is_nothing_to_tell_apart() -> None:
    with pytest.raises(ValueError, match="no colour"):
        caption_pair(np.random.default_rng(0), replace(BARN, scheme=NONE))

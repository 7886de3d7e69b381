"""What an edition paints and says stays as it is, for the networks that are trained on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import pytest

from tools.world.attributes import encode
from tools.world.captions import caption, words
from tools.world.editions import EDITIONS, FIRST, SECOND, THIRD, draw_attributes
from tools.world.paint import paint


def digest(parts: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    return found.hexdigest()[:16]


@pytest.mark.parametrize(
    ("edition", "expected"), [("first", "a75603e2b12780fd"), ("second", "b016cdc31b558773")]
)
def test_pictures_and_depths_are_the_same_bits(edition: str, expected: str) -> None:
    size = EDITIONS[edition].size
    paintings = [paint(seed, *size, edition=EDITIONS[edition]) for seed in range(6)]
    planes = (plane for one in paintings for plane in (one.picture, one.inverse_depth))
    assert digest(plane.tobytes() for plane in planes) == expected


@pytest.mark.parametrize(
    ("edition", "codes", "captions"),
    [
        ("first", "5abf619594e93def", "c8b353116c10d0c5"),
        ("second", "9027f448f37ff6d9", "c9eeab92a86d4639"),
    ],
)
def test_attributes_and_captions_of_one_generator_are_the_same(
    edition: str, codes: str, captions: str
) -> None:
    rng, drawn, texts = np.random.default_rng(0), [], []
    for _ in range(400):
        drawn.append(draw_attributes(rng, EDITIONS[edition]))
        texts.append(caption(rng, drawn[-1], EDITIONS[edition]))
    assert digest(encode(one)[:7].tobytes() for one in drawn) == codes
    assert digest(f"{text}\n".encode() for text in texts) == captions


def test_the_vocabulary_is_the_same() -> None:
    assert words(FIRST) == words(SECOND) < words(THIRD)
    assert digest(f"{word}\n".encode() for word in sorted(words(SECOND))) == "dba8f422087f1463"

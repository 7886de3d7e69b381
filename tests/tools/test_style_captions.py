"""Captions of the third edition tell the style; those of the first two know of none."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest

from tools.world.attributes import ATTRIBUTES, NONE, Attributes
from tools.world.caption_pairs import caption_pair
from tools.world.captions import caption
from tools.world.editions import SECOND, THIRD, Edition
from tools.world.manner import plain_manner

TELLING = {
    NONE: "gouache|oil|matte|poster",
    "watercolour": "watercolors?|watercolours?|aquarelle|wet on wet",
    "neon": "neon|synthwave|retrowave",
}
STYLED = [name for name in TELLING if name != NONE]


def captions(style: str, edition: Edition = THIRD, count: int = 2000) -> Iterator[str]:
    rng = np.random.default_rng(0)
    shown = Attributes("castle", "sea", "night", "yellow", style=style)
    return (caption(rng, shown, edition).lower() for _ in range(count))


def tells(text: str, style: str) -> bool:
    # A poster in neon is none in gouache.
    plain = text.replace("synthwave poster", "synthwave")
    return re.search(rf"\b({TELLING[style]})\b", plain) is not None


def test_every_style_has_words() -> None:
    assert set(TELLING) == set(ATTRIBUTES["style"])


@pytest.mark.parametrize("style", STYLED)
def test_a_style_is_always_told(style: str) -> None:
    assert all(tells(text, style) for text in captions(style))


def test_gouache_is_told_at_times() -> None:
    """Nothing but the colour of the whole is told in 0.04 of captions."""
    assert np.mean([tells(text, NONE) for text in captions(NONE)]) == pytest.approx(0.34, abs=0.03)


@pytest.mark.parametrize("style", TELLING)
def test_no_other_style_is_told(style: str) -> None:
    others = [name for name in TELLING if name != style]
    for text in captions(style):
        assert not any(tells(text, other) for other in others), text


def test_in_the_second_edition_words_of_styles_are_filler_as_ever() -> None:
    texts = list(captions(NONE, SECOND))
    assert any("a watercolor of" in text for text in texts)
    assert any("gouache" in text for text in texts)
    assert not any(tells(text, "neon") for text in texts)


def test_styles_are_told_as_people_write_them() -> None:
    for style, wanted in (
        ("watercolour", ("a watercolor of", "watercolour painting", "in watercolor", "aquarelle")),
        ("neon", ("neon", "neon lights", "glowing neon", "synthwave", "in neon")),
        (NONE, ("a gouache painting of", "gouache")),
    ):
        texts = list(captions(style))
        for words in wanted:
            assert any(words in text for text in texts), words


def test_captions_of_one_generator_differ_in_the_style_alone() -> None:
    for seed in range(200):
        washed, glowing = (
            caption(np.random.default_rng(seed), Attributes("ship", style=style), THIRD).lower()
            for style in ("watercolour", "neon")
        )
        said = [set(re.findall(r"[a-z]+", text)) for text in (washed, glowing)]
        assert tells(washed, "watercolour") and tells(glowing, "neon")
        assert len(said[0] ^ said[1]) <= 10


def test_of_two_captions_the_first_tells_the_style() -> None:
    shown = Attributes("house", scheme="teal", style="neon")
    pairs = [caption_pair(np.random.default_rng(seed), shown, THIRD) for seed in range(60)]
    assert all(tells(first.lower(), "neon") for first, _ in pairs)
    assert not any(tells(second.lower(), "neon") for _, second in pairs)


def test_what_is_said_of_any_picture_tells_no_style_where_there_are_styles() -> None:
    before, now = (
        {*manner.openings, *manner.filler} for manner in map(plain_manner, (SECOND, THIRD))
    )
    assert {"a watercolor of", "gouache"} <= before - now
    assert {"a painting of", "by greg rutkowski"} <= now
    assert not any(tells(text, style) for text in now for style in TELLING)

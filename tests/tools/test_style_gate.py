"""The gate of the edition with styles: prompts that name one, and that the training never said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import pytest
import torch
from torch import Tensor

from tools.judge.network import Judge, agreements
from tools.judge.stills import GATES, UNCONDITIONAL, Gate, rounds
from tools.world import style_words
from tools.world import words as vocabulary
from tools.world.attributes import NONE, Attributes
from tools.world.captions import caption, words
from tools.world.editions import SECOND, THIRD, draw_attributes
from tools.world.style_words import STYLE_OPENINGS, STYLE_PHRASES

GATE = GATES["third"]
STYLED = GATE.lists()["styles"]


def either(*nested: object) -> str:
    """An expression for any one phrase of constants of the vocabulary."""

    def phrases(value: object) -> Iterable[str]:
        if isinstance(value, str):
            yield re.escape(value)
        elif isinstance(value, Mapping | tuple):
            for one in value.values() if isinstance(value, Mapping) else value:
                yield from phrases(one)

    return f"(?:{'|'.join(sorted(set(phrases(nested)), key=len, reverse=True))})"


def said_in_training() -> re.Pattern[str]:
    """All that captions with styles can be, and more: parts in their order, whatever their values.

    With "a" for "an", which `plain` writes.
    """
    v = vocabulary
    colour = f"(?:{either(v.COLOUR_WORDS)} )"
    opening = f"(?:{either(style_words.STYLE_OPENINGS, style_words.STYLED_OPENINGS)} )"
    hour = f"(?:{either(v.TIME_ADJECTIVES, v.WEATHER_ADJECTIVES)} )"
    subject = f"(?:{either(v.ARTICLES)} )?{hour}?{colour}?{either(v.SUBJECTS)}"
    doing = f"(?:,? {either(v.SUBJECT_DOINGS)})?"
    named = f"(?:the |a )?(?:{either(v.GROUND_ADJECTIVES, v.ROUGH)} )?{colour}?{either(v.GROUNDS)}"
    ground = f"{named}(?: of {either(v.COLOUR_WORDS)})?"
    place = f"(?: {either(v.GROUND_PREPOSITIONS)} {ground})?"
    sky = f"(?:{either(v.SKIES)}(?: (?:over|above) {ground})?|{ground})"
    phrase = either(v.TIME_PHRASES, v.WEATHER_PHRASES)
    scheme = either(v.SCHEME_PHRASES).replace(r"\{c\}", either(v.COLOUR_WORDS))
    bare = f"{colour}?{either(v.GROUNDS, v.TIME_WORDS, v.WEATHER_WORDS)}"
    filler = either(style_words.STYLED_FILLER)
    tail = f"(?:{phrase}|{scheme}|{either(style_words.STYLE_PHRASES)}|{filler}|{bare})"
    listed = f"{colour}?{either(v.SUBJECTS)}(?: {bare})*(?: {filler})?"
    head = f"{opening}?(?:{subject}{doing}{place}|{sky}|{listed})(?:,? {phrase})*"
    return re.compile(plain(f"(?:{head}|{scheme})(?:, {tail})*"))


def plain(text: str) -> str:
    return re.sub(r"\ban(?= |\\ )", "a", text.lower()).removesuffix(".")


def test_captions_are_what_is_said_in_training() -> None:
    """Else nothing would follow of prompts that are not."""
    known, rng = said_in_training(), np.random.default_rng(0)
    for _ in range(1000):
        text = caption(rng, draw_attributes(rng, THIRD), THIRD)
        assert known.fullmatch(plain(text)), text


def test_prompts_of_styles_are_no_captions_in_words_of_captions() -> None:
    known = said_in_training()
    for wish in STYLED:
        assert not known.fullmatch(plain(wish.text)), wish.text
        assert set(re.findall(r"[a-z0-9]+", wish.text.lower())) <= words(THIRD)


def test_each_style_is_asked_twelve_times_and_in_words_of_its_own() -> None:
    assert len({wish.text for wish in STYLED}) == len(STYLED)
    assert Counter(wish.attributes["style"] for wish in STYLED) == {
        name: 12 for name in THIRD.values["style"] if name != NONE
    }
    common = set(re.findall(r"\w+", " ".join(style_words.STYLED_FILLER + vocabulary.FILLER)))
    for wish in STYLED:
        said, style = set(re.findall(r"\w+", wish.text)), wish.attributes["style"]
        told = {
            name: set(re.findall(r"\w+", " ".join(STYLE_OPENINGS[name] + STYLE_PHRASES[name])))
            for name in STYLE_PHRASES
        }
        others = set().union(*(some for name, some in told.items() if name != style))
        assert said & (told[style] - others - common), wish.text


def test_prompts_of_styles_are_of_many_subjects_grounds_hours_and_colours() -> None:
    for name, values in THIRD.values.items():
        asked = {wish.attributes[name] for wish in STYLED if name in wish.attributes}
        assert asked <= set(values)
        if name in ("subject", "ground", "time"):
            assert asked == set(values)
    coloured = ("scheme", "ground_colour", "subject_colour")
    assert sum(any(name in wish.attributes for name in coloured) for wish in STYLED) >= 5
    assert all("subject" in wish.attributes for wish in STYLED)


def test_the_third_is_asked_what_the_second_is_and_shows_no_style_that_is_not_named() -> None:
    before = GATES["second"].lists()["prompts"]
    now = GATE.lists()["prompts"]
    assert [wish.prompt for wish in now] == [wish.prompt for wish in before]
    for old, new in zip(
        (*GATES["second"].headlines, *before), (*GATE.headlines, *now), strict=True
    ):
        assert new.attributes == {**old.attributes, "style": NONE}
    assert not any("style" in wish.attributes for wish in before)


@pytest.mark.parametrize(
    ("gate", "titles"),
    [
        (GATES["second"], ["headline", "prompts", "prompts, CLIP gradients alone"]),
        (GATE, ["headline", "prompts", "styles", "prompts, CLIP gradients alone"]),
    ],
)
def test_rounds_are_of_every_list_with_the_usual_seeds(gate: Gate, titles: list[str]) -> None:
    found = {title: rest for title, *rest in rounds(gate, 4)}
    assert list(found) == titles
    assert {title: seeds for title, (_, seeds, _) in found.items()} == {
        **dict.fromkeys(titles, 4), "headline": 8, titles[-1]: 2,
    }  # fmt: skip
    assert [guidance for *_, guidance in found.values()] == [
        *[{}] * (len(titles) - 1), UNCONDITIONAL,
    ]  # fmt: skip


class Convinced(Judge):
    """Sees a castle in neon in everything."""

    def verdict(self, picture: Tensor) -> Attributes:
        return Attributes("castle", style="neon")


def test_a_judge_is_asked_only_what_its_edition_has() -> None:
    wish, picture = {"subject": "castle", "style": NONE}, torch.zeros(1, 3, 8, 8)
    second, third = (
        agreements(Convinced(edition.counts), wish, picture) for edition in (SECOND, THIRD)
    )
    assert (second, third) == ({"subject": True}, {"subject": True, "style": False})

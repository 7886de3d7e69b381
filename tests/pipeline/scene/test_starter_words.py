"""Which words of a prompt mean nothing to the starter, in the vocabulary of the largest world."""

from __future__ import annotations

import pytest

from pipeline.scene.starter_words import nearest_known, read_words
from tools.judge.stills import GATES, read_wishes
from tools.world.attributes import NONE
from tools.world.captions import words
from tools.world.editions import EDITIONS
from tools.world.style_words import STYLE_OPENINGS, STYLE_PHRASES
from tools.world.words import FILLER, OPENINGS

KNOWN = words()
WITH_STYLES = words(EDITIONS["third"])


def unknown(text: str) -> list[str]:
    return list(read_words(text, KNOWN).unknown)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("two castles", ["two", "castles"]),
        ("a gloomy castle and a wolf, a Wolf", ["gloomy", "wolf"]),
        ("this is for my dragon of 1997", ["dragon"]),
        ("a castle, dragons:2 (wolves)", ["dragons", "wolves"]),
        # Ambiguous words that it knows stay silent.
        ("the tower of a home in space", []),
    ],
)
def test_words_of_content_are_told(text: str, told: list[str]) -> None:
    assert unknown(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "a Lighthouse by Zdzislaw Beksinski, hyperrealistic",
        "a castle by moebius and van gogh, hyperdetailed, 16k, uhd, cgsociety",
        "the sea at night, in the style of Hayao Miyazaki and Isao Takahata, ukiyo-e",
        "a ship, Simon Stalenhag, Zdzislaw Nowak",
        "a temple in the manner of the old masters, 35mm photo, ray tracing",
        *OPENINGS,
        *FILLER,
        *(wish.text for wish in read_wishes(GATES["second"].prompts)),
    ],
)
def test_filler_and_what_it_knows_are_not_told(text: str) -> None:
    assert unknown(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # What is no hand: an article, or a place or an hour that it knows.
        ("a castle by a dragon", ["dragon"]),
        ("a castle by night and dragons", ["dragons"]),
        ("a castle by the dragon by moebius", ["dragon"]),
        # A preposition or a comma ends the names.
        ("a castle by moebius with dragons", ["dragons"]),
        ("a castle in the style of moebius, dragons", ["dragons"]),
        # Names stand behind the subject, in capitals all of them, and are more than one word.
        ("Elon Musk, the sea", ["elon", "musk"]),
        ("a castle, Elon musk", ["elon", "musk"]),
        ("a castle, Unicorns", ["unicorns"]),
        ("A Castle, A Cathedral Square", ["cathedral"]),
        ("a castle, Dark Volcano", ["volcano"]),
    ],
)
def test_what_is_no_name_of_an_artist(text: str, told: list[str]) -> None:
    assert unknown(text) == told


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("a dragon", True),
        ("a dragon over the sea", True),
        ("a volcano at night", True),
        ("despair", True),
        ("a river", True),
        ("a landscape of wolves", True),
        # What it knows is there, or stands there without a subject.
        ("a castle and a dragon", False),
        ("a gloomy sea", False),
        ("a surreal and wolfish landscape", False),
        ("a river at night", False),
        ("a city, wolves", False),
        ("", True),
    ],
)
def test_whether_there_is_a_subject_that_it_knows(text: str, lost: bool) -> None:
    assert read_words(text, KNOWN).lost is lost


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("a fortress before a windmill, castle, mill", ("castle", "windmill")),
        ("a rocket ship", ("spaceship",)),
        ("a view of the sea", ()),
        # What may be a part of another, or where it is.
        ("a castle with a tower in the mountains", ("castle",)),
        ("a tower in the mountains", ("lighthouse", "mountain")),
        ("a street", ("road",)),
    ],
)
def test_each_subject_is_named_once(text: str, subjects: tuple[str, ...]) -> None:
    assert read_words(text, KNOWN).subjects == subjects


def test_a_subject_that_the_vocabulary_lacks_is_none() -> None:
    read = read_words("a castle before a windmill", KNOWN - {"windmill"})
    assert (read.subjects, read.unknown) == (("castle",), ("windmill",))


def test_no_prompt_of_the_gate_has_several_subjects() -> None:
    for wish in read_wishes(GATES["second"].prompts):
        subject = wish.attributes["subject"]
        assert read_words(wish.text, KNOWN).subjects == (() if subject == NONE else (subject,))


def test_where_styles_are_known_their_words_are_not_told_and_hide_no_subject() -> None:
    for wish in GATES["third"].lists()["styles"]:
        subject = wish.attributes["subject"]
        read = read_words(wish.text, WITH_STYLES)
        assert read.subjects == (() if subject == NONE else (subject,)), wish.text
        assert (read.unknown, read.lost) == ((), False), wish.text
    for style, phrases in STYLE_PHRASES.items():
        for text in (
            *(f"{opening} a dragon" for opening in STYLE_OPENINGS[style]),
            *(f"a dragon, {phrase}" for phrase in phrases),
        ):
            read = read_words(text, WITH_STYLES)
            assert (read.unknown, read.lost) == (("dragon",), True), text


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("volcano", ' (nearest: "mountain")'),
        ("volcanoes", ' (nearest: "mountain")'),
        ("churches", ' (nearest: "temple")'),
        ("ferries", ' (nearest: "ship")'),
        ("shrines", ' (nearest: "temple")'),
        ("ufo", ' (nearest: "spaceship")'),
        ("maroon", ' (nearest: "red")'),
        ("piramid", ' (did you mean "pyramid"?)'),
        ("windmil", ' (did you mean "windmill"?)'),
        ("castles", ' (did you mean "castle"?)'),
        # Spelt much alike, and something else.
        ("knight", ""),
        ("horse", ""),
        ("cattle", ""),
        ("sea's", ""),
        ("dragon", ""),
    ],
)
def test_the_nearest_by_meaning_and_then_by_spelling(word: str, hint: str) -> None:
    assert word not in KNOWN
    assert nearest_known(word, KNOWN) == hint


def test_what_a_smaller_vocabulary_lacks_is_not_offered() -> None:
    assert nearest_known("volcano", KNOWN - {"mountain"}) == ""
    assert nearest_known("windmil", KNOWN - {"windmill"}) == ""

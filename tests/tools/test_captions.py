from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest

from pipeline.catalogue.word_tokenizer import WordTokenizer
from tools.world import words as vocabulary
from tools.world.attributes import ATTRIBUTES, NONE, Attributes
from tools.world.captions import caption, words
from tools.world.editions import SECOND, THIRD, Edition, draw_attributes

HEADLINE = Attributes("lighthouse", "sea", "storm", scheme="yellow", ground_colour="red")


def captions(attributes: Attributes, count: int, edition: Edition = SECOND) -> Iterator[str]:
    rng = np.random.default_rng(0)
    return (caption(rng, attributes, edition) for _ in range(count))


def names_one_of(text: str, terms: tuple[str, ...]) -> bool:
    return re.search(rf"\b({'|'.join(terms)})\b", text.lower()) is not None


def test_a_caption_is_a_function_of_generator_and_attributes() -> None:
    first = [caption(np.random.default_rng(seed), HEADLINE) for seed in range(50)]
    assert first == [caption(np.random.default_rng(seed), HEADLINE) for seed in range(50)]
    assert len(set(first)) > 45


@pytest.mark.slow
@pytest.mark.parametrize("edition", [SECOND, THIRD], ids=["second", "third"])
def test_the_vocabulary_has_every_word_as_the_tokenizer_splits_it(edition: Edition) -> None:
    tokenizer = WordTokenizer(sorted(words(edition)), buckets=8, context_length=64)
    rng = np.random.default_rng(0)
    seen: set[int] = set()
    for _ in range(5000):
        ids = tokenizer.encode(caption(rng, draw_attributes(rng, edition), edition))
        assert min(ids) >= 2 + tokenizer.buckets
        seen.update(ids)
    # And hardly a word that no caption uses.
    assert len(seen) > 0.97 * len(words(edition))


def test_the_vocabulary_is_lower_case_and_has_no_placeholder() -> None:
    assert all(word == word.lower() for word in words())
    assert not {NONE, "c", ""} & words()


@pytest.mark.parametrize("subject", [name for name in ATTRIBUTES["subject"] if name != NONE])
def test_every_caption_names_the_subject(subject: str) -> None:
    for text in captions(Attributes(subject, "desert", "dawn", ground_colour="blue"), 300):
        assert names_one_of(text, vocabulary.SUBJECTS[subject]), text


def test_without_a_subject_a_caption_names_what_there_is_and_no_subject() -> None:
    subjects = [word for name in ATTRIBUTES["subject"] for word in vocabulary.SUBJECTS[name]]
    invited = vocabulary.SUBJECTS[NONE] + vocabulary.GROUNDS["sea"] + vocabulary.SKIES["night"]
    uninvited = tuple(set(subjects) - set(vocabulary.SUBJECTS[NONE]))
    texts = list(captions(Attributes(NONE, "sea", "night"), 2000))
    for text in texts:
        assert names_one_of(text, invited) or "night" in text.lower(), text
        assert not names_one_of(text, uninvited), text
    assert any("stars over the sea" in text.lower() for text in texts)


def test_at_times_only_the_colour_of_the_whole_is_told() -> None:
    texts = [text.lower().strip(".") for text in captions(HEADLINE, 4000)]
    assert texts.count("yellow color scheme") >= 2
    alone = [text for text in texts if not names_one_of(text, vocabulary.SUBJECTS["lighthouse"])]
    assert len(alone) / len(texts) == pytest.approx(0.9 * 0.04, abs=0.012)
    assert all(names_one_of(text, vocabulary.COLOUR_WORDS["yellow"]) for text in alone)


def test_weather_is_told_and_space_has_no_hour() -> None:
    rain = ("rain", "rainy", "raining", "rain-swept", "downpour")
    told = [names_one_of(text, rain) for text in captions(Attributes(weather="rain"), 1000)]
    assert np.mean(told) == pytest.approx(0.92, abs=0.04)
    hours = [word for name, words in vocabulary.TIME_WORDS.items() for word in words]
    for text in captions(Attributes("planet", "space", "night"), 500):
        assert not names_one_of(text, (*hours, "moon", "moonlight", "stars", "midnight")), text


def test_colours_are_told_as_people_write_them() -> None:
    for colour, wanted in (
        ("red", "sea of blood"),
        ("yellow", "sea of gold"),
        ("green", "emerald"),
        ("teal", "turquoise"),
        ("pink", "pink"),
    ):
        texts = captions(Attributes("ship", "sea", "day", ground_colour=colour), 3000)
        assert any(wanted in text.lower() for text in texts), wanted
    texts = captions(Attributes("ship", "sea", "day", scheme="grey"), 300)
    assert any("in black and white" in text.lower() for text in texts)


def test_a_picture_without_colours_has_none_in_its_captions() -> None:
    colours = tuple(word for terms in vocabulary.COLOUR_WORDS.values() for word in terms)
    for time in ATTRIBUTES["time"]:
        for text in captions(Attributes("house", "snow", time), 200):
            assert not names_one_of(text.lower().replace("golden hour", ""), colours), text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("terms", "share"),
    [
        (vocabulary.COLOUR_WORDS["yellow"], 0.90),
        (vocabulary.COLOUR_WORDS["red"], 0.92 * 0.92),
        (vocabulary.GROUNDS["sea"], 0.92),
    ],
)
def test_captions_leave_out_what_is_not_the_subject_at_times(
    terms: tuple[str, ...], share: float
) -> None:
    told = [names_one_of(text, terms) for text in captions(HEADLINE, 3000)]
    assert np.mean(told) == pytest.approx(share, abs=0.03)


@pytest.mark.slow
def test_captions_come_in_the_words_of_the_field() -> None:
    wanted = (
        "A beautiful painting of a singular lighthouse, shining its light across a tumultuous sea "
        "of red, yellow color scheme"
    )
    assert wanted.lower() in {text.lower() for text in captions(HEADLINE, 12000)}


@pytest.mark.parametrize("edition", [SECOND, THIRD], ids=["second", "third"])
def test_captions_are_tidy(edition: Edition) -> None:
    rng = np.random.default_rng(3)
    for _ in range(2000):
        text = caption(rng, draw_attributes(rng, edition), edition)
        assert text == text.strip()
        assert not re.search(r"\s[\s,.]|,,|[{}]|,$|\b[Aa] [aeioAEIO]", text), text

"""What is told of the starter is what the painted world has that it was trained on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.catalogue.prompt_readers import starter_tokenizer
from pipeline.catalogue.starter_facts import SUBJECTS, SURROUNDINGS, TRAINED_SIZES
from pipeline.catalogue.starter_filler import CONNECTING, STYLE
from pipeline.catalogue.starter_nearest import NEAREST
from pipeline.catalogue.word_tokenizer import words_of
from tools.world import words as world
from tools.world.attributes import NONE
from tools.world.captions import words
from tools.world.editions import EDITIONS, SHIPPED
from tools.world.manner import plain_manner
from tools.world.style_words import STYLE_OPENINGS, STYLE_PHRASES

ROOT = Path(__file__).parents[3]

NO_NAMES = {"giant", "end", "tops"}
"""Last words of phrases that name nothing alone: "gas giant", "light at its end", "cloud tops"."""


def heads(phrases: tuple[str, ...]) -> set[str]:
    """The words that name a thing in its phrases: "beacon" in "beacon", "rings" not in "planet
    with rings"."""
    return {phrase.split(" with ")[0].split()[-1] for phrase in phrases} - NO_NAMES


def test_the_subjects_are_those_of_the_edition_that_ships() -> None:
    names = [name for name in EDITIONS[SHIPPED].values["subject"] if name != NONE]
    assert set(names) <= set(SUBJECTS)
    for name in names:
        others = {word for other in names if other != name for word in SUBJECTS[other]}
        # A rocket ship is no ship.
        assert heads(world.SUBJECTS[name]) - others == set(SUBJECTS[name])


def test_the_subjects_are_those_of_the_largest_world_in_its_order() -> None:
    names = tuple(name for name in EDITIONS["second"].values["subject"] if name != NONE)
    assert tuple(SUBJECTS) == names
    listed = [word for some in SUBJECTS.values() for word in some]
    assert len(listed) == len(set(listed))
    assert set(listed) == set().union(*(heads(world.SUBJECTS[name]) for name in names))


def test_what_stands_without_a_subject_is_what_the_world_shows_then() -> None:
    named = [world.SUBJECTS[NONE], *world.GROUNDS.values(), *world.SKIES.values()]
    named += [*world.TIME_WORDS.values(), *world.WEATHER_WORDS.values()]
    assert set(SURROUNDINGS) == set().union(*map(heads, named))
    assert len(SURROUNDINGS) == len(set(SURROUNDINGS))


def test_what_comes_nearest_is_always_known_and_what_it_stands_for_never() -> None:
    assert set(NEAREST.values()) - {""} <= words()
    assert words().isdisjoint(NEAREST)
    assert 300 <= len(NEAREST) <= 600
    assert all(word == word.lower() and word.isalpha() for word in NEAREST)
    assert {"mountain", "temple", "spaceship", "road", "tunnel", "city"} <= set(NEAREST.values())


@pytest.mark.parametrize("some", [CONNECTING, STYLE])
def test_filler_is_no_content(some: frozenset[str]) -> None:
    assert not some & NEAREST.keys()
    assert some.isdisjoint(
        {*SURROUNDINGS, *(word for every in SUBJECTS.values() for word in every)}
    )


def test_words_that_join_are_not_those_of_style() -> None:
    assert CONNECTING.isdisjoint(STYLE)


def test_the_vocabulary_that_ships_is_of_words_of_the_world() -> None:
    assert set(starter_tokenizer().words) <= words()


def test_the_manual_lists_all_that_the_world_has_words_for() -> None:
    manual = (ROOT / "docs" / "starter.md").read_text(encoding="utf-8")
    section = manual.partition("## What they know\n")[2].partition("### Words that they do not")[0]
    assert words() - set(words_of(section)) == set()
    for every in (world.SUBJECTS, world.GROUNDS, world.COLOUR_WORDS):
        for name, phrases in every.items():
            row = f"\n| {name} | " if name != NONE else "\nA prompt that names no subject"
            (line,) = (line for line in section.split("\n") if f"\n{line}".startswith(row))
            assert all(phrase in line for phrase in phrases), name


def test_the_manual_lists_each_style_of_the_edition_that_ships_in_all_its_words() -> None:
    manual = (ROOT / "docs" / "starter.md").read_text(encoding="utf-8")
    for style in EDITIONS[SHIPPED].values.get("style", ()):
        row = f"| {'gouache' if style == NONE else style} | "
        (line,) = (line for line in manual.split("\n") if line.startswith(row))
        listed = {phrase.strip() for phrase in re.split("[,;|]", line)}
        assert {*STYLE_OPENINGS[style], *STYLE_PHRASES[style]} <= listed, style


def test_the_manual_lists_what_the_edition_that_ships_says_of_any_picture() -> None:
    manual = " ".join((ROOT / "docs" / "starter.md").read_text(encoding="utf-8").split())
    manner = plain_manner(EDITIONS[SHIPPED])
    for title, end, phrases in (
        ("how a prompt opens", ";", manner.openings),
        ("the field's filler", ".", manner.filler),
    ):
        listed = manual.partition(f"- {title}: ")[2].partition(end)[0]
        assert set(listed.split(", ")) == set(phrases) - {""}


def test_the_sizes_are_those_of_the_manual_and_the_training() -> None:
    manual = (ROOT / "docs" / "starter.md").read_text(encoding="utf-8")
    wide, square, tall = (f"{width} x {height}" for width, height in TRAINED_SIZES)
    assert f"trained on {wide}, {square} and {tall} pixels" in manual
    training = (ROOT / "tools" / "train" / "README.md").read_text(encoding="utf-8")
    recipe = (ROOT / "tools" / "train" / "denoiser.yaml").read_text(encoding="utf-8")
    assert "margin: 8 " in recipe
    for width, height in TRAINED_SIZES:
        assert f"--size {width + 8}x{height + 8} " in training


@pytest.mark.parametrize("document", ["README.md", "docs/starter.md"])
@pytest.mark.parametrize("name", ["denoiser", "CLIP", "depth", "upscaler"])
def test_documents_tell_the_sizes_of_the_networks(document: str, name: str) -> None:
    folder = ROOT / "pipeline" / "catalogue" / "starter" / name.lower()
    (weights,) = folder.rglob("*.safetensors")
    text = (ROOT / document).read_text(encoding="utf-8")
    told = re.findall(rf"^\| {name} \|[^|]*\| ([0-9.]+) MB \|", text, re.MULTILINE)
    assert told == [f"{weights.stat().st_size / 1e6:.1f}"]

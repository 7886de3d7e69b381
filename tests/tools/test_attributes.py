from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tools.judge.network import load_judge
from tools.world.attributes import ATTRIBUTES, NONE, Attributes, decode, encode
from tools.world.editions import EDITIONS, FIRST, OF_TODAY, SECOND, THIRD, Edition, draw_attributes


def test_codes_are_the_places_of_the_values() -> None:
    attributes = Attributes("ship", "desert", "night", "blue", NONE, "red")
    np.testing.assert_array_equal(encode(attributes), [2, 2, 3, 5, 0, 1, 0, 0])
    assert encode(attributes).dtype == np.uint8


def test_decode_undoes_encode() -> None:
    rng = np.random.default_rng(0)
    drawn = {draw_attributes(rng, THIRD) for _ in range(3000)}
    assert all(decode(encode(attributes)) == attributes for attributes in drawn)


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_an_edition_draws_every_value_that_it_has_and_no_other(edition: Edition) -> None:
    rng = np.random.default_rng(0)
    drawn = {draw_attributes(rng, edition) for _ in range(3000)}
    for name in ATTRIBUTES:
        values = edition.values.get(name, (NONE,))
        assert {getattr(attributes, name) for attributes in drawn} == set(values)


def test_the_judge_knows_the_edition_that_ships() -> None:
    counts = {name: len(values) for name, values in OF_TODAY.values.items()}
    assert {name: head.out_features for name, head in load_judge().heads.items()} == counts


def test_the_first_editions_draws_are_still_those_of_its_training() -> None:
    drawn = [draw_attributes(np.random.default_rng((seed, 0)), FIRST) for seed in (0, 3)]
    tree = Attributes("tree", "sea", "day", scheme="orange")
    assert drawn == [tree, Attributes("lighthouse", "forest", "sunset", subject_colour="orange")]


def test_a_later_edition_begins_with_what_an_earlier_one_has() -> None:
    for earlier, later in pairwise((FIRST, SECOND, THIRD)):
        assert list(later.values)[: len(earlier.values)] == list(earlier.values)
        for name, values in earlier.values.items():
            assert later.values[name][: len(values)] == values


def test_codes_of_an_earlier_world_are_read() -> None:
    codes = np.array([2, 2, 3, 5, 0, 1, 2])
    ship = Attributes("ship", "desert", "night", "blue", NONE, "red", "snowfall")
    assert decode(codes) == ship and decode(codes[:6]) == replace(ship, weather=NONE)
    with pytest.raises(ValueError, match="longer"):
        decode(np.zeros(9, np.int64))


def test_styles_change_nothing_else_that_a_seed_draws() -> None:
    styles, plain = Counter[str](), replace(THIRD, counts=SECOND.counts)
    for seed in range(2000):
        without, styled = (
            draw_attributes(np.random.default_rng((seed, 0)), edition) for edition in (plain, THIRD)
        )
        assert replace(styled, style=NONE) == without
        styles[styled.style] += 1
    assert styles.pop(NONE) / 2000 == pytest.approx(0.66, abs=0.04)
    assert len(styles) == 2
    assert all(count / 2000 == pytest.approx(0.17, abs=0.025) for count in styles.values())


def test_the_third_edition_shows_more_of_what_the_second_painted_worst() -> None:
    second, third = (
        [draw_attributes(np.random.default_rng((seed, 0)), edition) for seed in range(2000)]
        for edition in (SECOND, THIRD)
    )
    for wish in ("windmill", "planet"):
        many, few = (sum(one.subject == wish for one in some) for some in (third, second))
        assert many > 1.2 * few
    for part in ("subject_colour", "ground_colour"):
        many, few = (sum(getattr(one, part) != NONE for one in some) for some in (third, second))
        assert many > few


def test_space_has_one_hour_and_no_weather() -> None:
    rng = np.random.default_rng(5)
    drawn = [draw_attributes(rng, SECOND) for _ in range(1500)]
    spaces = {(one.time, one.weather) for one in drawn if one.ground == "space"}
    assert spaces == {("night", NONE)}


def test_an_unknown_value_is_refused() -> None:
    with pytest.raises(ValueError, match="ground is 'moon'") as caught:
        Attributes("ship", "moon")
    allowed = "sea, meadow, desert, snow, forest, city, clouds, space"
    assert str(caught.value) == f"ground is 'moon'; allowed are {allowed}"


@pytest.mark.slow
def test_ships_are_mostly_at_sea_and_no_colour_is_drawn_for_no_subject() -> None:
    rng = np.random.default_rng(1)
    drawn = [draw_attributes(rng) for _ in range(6000)]
    ships = [attributes.ground == "sea" for attributes in drawn if attributes.subject == "ship"]
    assert np.mean(ships) == pytest.approx(0.85 + 0.15 * 0.28, abs=0.04)
    bare = [attributes for attributes in drawn if attributes.subject == NONE]
    assert len(bare) / 6000 == pytest.approx(0.14, abs=0.02)
    assert {attributes.subject_colour for attributes in bare} == {NONE}

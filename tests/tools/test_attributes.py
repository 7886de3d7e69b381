from __future__ import annotations

import numpy as np
import pytest

from tools.world.attributes import ATTRIBUTES, NONE, Attributes, decode, draw_attributes, encode


def test_codes_are_the_places_of_the_values() -> None:
    attributes = Attributes("ship", "desert", "night", "blue", NONE, "red")
    np.testing.assert_array_equal(encode(attributes), [2, 2, 3, 5, 0, 1])
    assert encode(attributes).dtype == np.uint8


def test_decode_undoes_encode() -> None:
    rng = np.random.default_rng(0)
    drawn = {draw_attributes(rng) for _ in range(2000)}
    assert all(decode(encode(attributes)) == attributes for attributes in drawn)
    for name, values in ATTRIBUTES.items():
        assert {getattr(attributes, name) for attributes in drawn} == set(values)


def test_an_unknown_value_is_refused() -> None:
    with pytest.raises(ValueError, match="ground is 'moon'") as caught:
        Attributes("ship", "moon")
    allowed = "sea, meadow, desert, snow, forest, city"
    assert str(caught.value) == f"ground is 'moon'; allowed are {allowed}"


@pytest.mark.slow
def test_ships_are_mostly_at_sea_and_no_colour_is_drawn_for_no_subject() -> None:
    rng = np.random.default_rng(1)
    drawn = [draw_attributes(rng) for _ in range(6000)]
    ships = [attributes.ground == "sea" for attributes in drawn if attributes.subject == "ship"]
    assert np.mean(ships) == pytest.approx(0.85 + 0.15 * 0.28, abs=0.04)
    bare = [attributes for attributes in drawn if attributes.subject == NONE]
    assert len(bare) / 6000 == pytest.approx(0.04, abs=0.01)
    assert {attributes.subject_colour for attributes in bare} == {NONE}

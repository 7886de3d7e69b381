from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tools.train.data import World, mirror_some, open_world, open_worlds
from tools.world.attributes import ATTRIBUTES, encode
from tools.world.captions import caption
from tools.world.dataset import Order, write_dataset
from tools.world.editions import EDITIONS
from tools.world.paint import paint


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    write_dataset(Order(folder, 3, 12, 8, start_seed=40))
    return open_world(folder)


@pytest.mark.slow
def test_the_big_arrays_stay_on_disk(world: World) -> None:
    assert isinstance(world.pictures, np.memmap)
    assert isinstance(world.inverse_depth, np.memmap)
    assert world.attributes.shape == (3, len(ATTRIBUTES))


@pytest.mark.parametrize(("count", "edition"), [(6, "first"), (7, "second"), (8, "third")])
def test_the_number_of_codes_tells_the_edition(tmp_path: Path, count: int, edition: str) -> None:
    codes = np.array([[0, 1, 2, 3, 4, 5, 1, 2]], np.uint8)[:, :count]
    np.save(tmp_path / "pictures.npy", np.zeros((1, 2, 3, 3), np.uint8))
    np.save(tmp_path / "inverse_depth.npy", np.zeros((1, 2, 3), np.uint8))
    np.save(tmp_path / "attributes.npy", codes)
    opened = open_world(tmp_path)
    assert opened.edition is EDITIONS[edition]
    filled = [*codes[0], *[0] * (len(ATTRIBUTES) - count)]
    np.testing.assert_array_equal(opened.attributes, [filled])


def test_data_sets_are_told_as_in_the_latest_edition_among_them(tmp_path: Path) -> None:
    """Of gouache the second edition says "a watercolor of" at times, the third never."""
    for name in ("second", "third"):
        write_dataset(Order(tmp_path / name, 6, 24, 16, start_seed=1, edition=name))
    alone, (beside, third) = (
        open_world(tmp_path / "second"),
        open_worlds([tmp_path / "second", tmp_path / "third"]),
    )
    assert beside.edition is third.edition is EDITIONS["third"]
    told = [
        [
            text
            for seed in range(60)
            for text in world.captions_at(np.arange(6), np.random.default_rng(seed))
        ]
        for world in (alone, beside)
    ]
    assert [any("watercolor" in text for text in texts) for texts in told] == [True, False]


def test_captions_are_those_of_the_edition(world: World) -> None:
    told = world.captions_at(np.array([2, 0]), np.random.default_rng(5))
    rng = np.random.default_rng(5)
    assert told == [caption(rng, paint(seed, 12, 8).attributes) for seed in (42, 40)]
    third = replace(world, edition=EDITIONS["third"])
    assert third.captions_at(np.arange(3), np.random.default_rng(5)) != told


def test_pictures_are_planes_from_minus_one_to_one(world: World) -> None:
    pictures = world.pictures_at(np.array([2, 0]))
    assert pictures.shape == (2, 3, 8, 12)
    expected = [paint(seed, 12, 8).picture.transpose(2, 0, 1) / 127.5 - 1 for seed in (42, 40)]
    np.testing.assert_allclose(pictures.numpy(), expected, atol=1e-6)


def test_black_is_minus_one_and_white_is_one() -> None:
    pixels = np.array([0, 255], np.uint8).reshape(2, 1, 1, 1).repeat(3, axis=3)
    world = World(pixels, pixels[..., 0], np.zeros((2, 6), np.int64))
    assert world.pictures_at(np.array([0, 1]))[:, :, 0, 0].tolist() == [[-1.0] * 3, [1.0] * 3]
    assert world.inverse_depth_at(np.array([0, 1]))[:, 0, 0, 0].tolist() == [0.0, 1.0]


def test_depth_and_attributes_belong_to_the_pictures(world: World) -> None:
    depth = world.inverse_depth_at(np.array([1]))
    assert depth.shape == (1, 1, 8, 12)
    painting = paint(41, 12, 8)
    np.testing.assert_allclose(depth[0, 0].numpy(), painting.inverse_depth, atol=0.5001 / 255)
    np.testing.assert_array_equal(world.attributes[1], encode(painting.attributes))


def test_draws_are_uniform_and_the_generator_s(world: World) -> None:
    drawn = world.draw(3000, generator(1))
    np.testing.assert_array_equal(drawn, world.draw(3000, generator(1)))
    assert np.bincount(drawn, minlength=3) / 3000 == pytest.approx([1 / 3] * 3, abs=0.04)


def test_half_of_the_pictures_are_mirrored() -> None:
    pictures = torch.rand(500, 3, 2, 5, generator=generator(2))
    mirrored = mirror_some(pictures, generator())
    same = (mirrored == pictures).flatten(1).all(dim=1)
    flipped = (mirrored == pictures.flip(-1)).flatten(1).all(dim=1)
    assert (same ^ flipped).all()
    assert float(flipped.float().mean()) == pytest.approx(0.5, abs=0.08)

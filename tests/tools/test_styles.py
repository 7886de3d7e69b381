"""Pictures in watercolour and neon: of any size the same, and as true as in gouache."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.tools.test_world import HEIGHT, WIDTH, hue, regions, rows, stage_of
from tools.world.attributes import COLOURS, NONE, Attributes
from tools.world.colour import RAMPS
from tools.world.paint import Painting, paint
from tools.world.styles import STYLES

STYLED = tuple(name for name in STYLES if name != NONE)
HOUSE = Attributes("house", "meadow", "day")


def painted(seed: int, attributes: Attributes, style: str) -> Painting:
    return paint(seed, WIDTH, HEIGHT, replace(attributes, style=style))


def luma(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.asarray(picture @ np.array([0.299, 0.587, 0.114]) / 255)


def chroma(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    return picture.max(axis=2).astype(float) - picture.min(axis=2)


@pytest.mark.parametrize("style", STYLED)
def test_a_style_changes_the_picture_and_not_how_deep_it_is(style: str) -> None:
    plain, styled = painted(3, HOUSE, NONE), painted(3, HOUSE, style)
    assert styled.picture.shape == plain.picture.shape and styled.picture.dtype == np.uint8
    assert np.abs(styled.picture.astype(float) - plain.picture).mean() > 15
    np.testing.assert_array_equal(styled.inverse_depth, plain.inverse_depth)
    np.testing.assert_array_equal(styled.picture, painted(3, HOUSE, style).picture)


def test_gouache_is_the_picture_as_it_was_painted() -> None:
    picture = np.arange(8 * 12 * 3, dtype=np.uint8).reshape(8, 12, 3)
    rng = np.random.default_rng(0)
    same = STYLES[NONE](picture, np.zeros((8, 12), np.float32), HOUSE, rng)
    np.testing.assert_array_equal(same, picture)


@pytest.mark.parametrize("style", STYLED)
def test_a_style_at_another_size_is_the_same_picture(style: str) -> None:
    for seed in range(4):
        small, large = (
            paint(seed, scale * 144, scale * 96, replace(HOUSE, style=style)).picture
            for scale in (1, 3)
        )
        reduced = cv2.resize(large, (36, 24), interpolation=cv2.INTER_AREA).astype(float)
        away = np.abs(cv2.resize(small, (36, 24), interpolation=cv2.INTER_AREA) - reduced)
        other = paint(seed + 10, 144, 96, replace(HOUSE, style=style)).picture
        far = np.abs(cv2.resize(other, (36, 24), interpolation=cv2.INTER_AREA) - reduced)
        assert away.mean() < 9 and away.mean() < 0.4 * far.mean()


@pytest.mark.parametrize("style", STYLED)
def test_a_subject_is_outlined_against_what_is_behind_it(style: str) -> None:
    """Along the rim the picture changes more than around it: 1.5 times as much on average."""
    ratios = []
    for seed, subject in enumerate(("house", "castle", "lighthouse", "windmill", "temple")):
        for time in ("day", "night"):
            picture = painted(seed, Attributes(subject, "sea", time), style).picture
            slope = np.abs(cv2.Laplacian(luma(picture), cv2.CV_64F))
            parts = regions(seed, subject)
            ratios.append(slope[parts.rim & parts.sky].mean() / slope[parts.ring].mean())
    assert np.mean(ratios) > 1.5


@pytest.mark.parametrize("style", STYLED)
def test_night_is_darker_than_day(style: str) -> None:
    for seed in range(4):
        day, night = (
            luma(painted(seed, replace(HOUSE, time=time), style).picture).mean()
            for time in ("day", "night")
        )
        assert night < 0.75 * day


@pytest.mark.parametrize("style", STYLED)
@pytest.mark.parametrize("colour", COLOURS)
def test_a_named_ground_still_has_its_colour(style: str, colour: str) -> None:
    hues = {name: hue(np.array(RAMPS[name].pure)) for name in COLOURS}
    for seed, time in enumerate(("day", "sunset", "night")):
        attributes = Attributes(NONE, "sea", time, ground_colour=colour)
        picture = painted(seed, attributes, style).picture
        stage = stage_of(seed, NONE)
        ground = picture[rows(stage)[:, 0] > stage.horizon + 0.02].astype(float)
        mean = ground.mean(axis=(0, 1))
        away = {name: abs((hue(mean) - value + 0.5) % 1 - 0.5) for name, value in hues.items()}
        assert min(away, key=lambda name: away[name]) == colour, (time, mean)


def test_watercolour_is_pale_and_leaves_paper_at_the_margin() -> None:
    for seed in range(4):
        plain, washed = (
            painted(seed, replace(HOUSE, time="sunset"), style).picture
            for style in (NONE, "watercolour")
        )
        assert luma(washed).mean() > luma(plain).mean() + 0.05
        border = np.concatenate([washed[0], washed[-1], washed[:, 0], washed[:, -1]])
        assert (luma(border) > 0.85).mean() > 0.6


def test_neon_is_dark_and_its_lights_are_purer_than_paint() -> None:
    purple = replace(HOUSE, scheme="purple")
    for seed in range(4):
        plain, glowing = (painted(seed, purple, style).picture for style in (NONE, "neon"))
        assert np.median(luma(glowing)) < 0.3 and glowing.max() > 200
        bright = luma(glowing) > np.quantile(luma(glowing), 0.9)
        assert chroma(glowing)[bright].mean() > chroma(plain)[bright].mean()

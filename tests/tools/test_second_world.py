"""What the second edition of the painted world adds to the first."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.tools.test_world import BEHIND, GROUNDS, HEIGHT, WIDTH, hue, regions, rows, stage_of
from tools.world.attributes import ATTRIBUTES, COLOURS, NONE, Attributes
from tools.world.colour import RAMPS
from tools.world.paint import Painting, paint


def painted(seed: int, attributes: Attributes) -> Painting:
    return paint(seed, WIDTH, HEIGHT, attributes)


def levels(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How far two pictures differ at each pixel, in levels of 255."""
    return np.asarray(np.abs(a.astype(np.float64) - b).max(axis=2))


@pytest.mark.parametrize("subject", BEHIND)
def test_what_rises_behind_the_ground_is_far_and_hides_nothing_of_it(subject: str) -> None:
    for seed, ground in enumerate(GROUNDS):
        attributes = Attributes(subject, ground, "day", ground_colour="green")
        depth, parts = painted(seed, attributes).inverse_depth, regions(seed, subject)
        assert np.median(depth[parts.subject & parts.sky]) <= 0.1
        stage = stage_of(seed, subject)
        near = np.broadcast_to(rows(stage) > stage.horizon + 0.2, depth.shape)
        red = replace(attributes, subject_colour="red")
        change = levels(painted(seed, attributes).picture, painted(seed, red).picture)
        assert change.max() > 30 and (change * near).max() < 3


def test_a_road_lies_in_the_plane_of_its_ground_and_widens_from_the_horizon() -> None:
    for seed, ground in enumerate(GROUNDS):
        red, blue = (
            painted(seed, Attributes("road", ground, "day", subject_colour=colour))
            for colour in ("red", "blue")
        )
        stage, changed = stage_of(seed, "road"), levels(red.picture, blue.picture) > 30
        plane = np.clip((rows(stage) - stage.horizon) / (1 - stage.horizon), 0, 1)[:, 0]
        assert not changed[plane == 0].any()
        widths = [int(changed[np.argmin(np.abs(plane - near))].sum()) for near in (0.1, 0.3, 0.6)]
        assert 0 < widths[0] < widths[1] < widths[2]
        low = plane > 0.5
        expected = np.broadcast_to(plane[low, None], red.inverse_depth[low].shape)
        np.testing.assert_allclose(red.inverse_depth[low], expected, atol=0.02)


def test_a_tunnel_grows_nearer_outwards_and_shows_the_picture_at_its_end() -> None:
    for seed, ground in enumerate(GROUNDS):
        inside = painted(seed, Attributes("tunnel", ground, "day"))
        outside = painted(seed, Attributes("road", ground, "day"))
        stage = stage_of(seed, "tunnel")
        column = int((stage.x - stage.view.x) * stage.view.zoom * HEIGHT + WIDTH / 2)
        row = int(((stage.horizon - 0.08 - stage.view.y) * stage.view.zoom + 0.5) * HEIGHT)
        assert levels(inside.picture, outside.picture)[row, column] < 60
        assert inside.inverse_depth[row, column] <= 0.15
        across = (
            inside.inverse_depth[row, column:]
            if column < WIDTH / 2
            else (inside.inverse_depth[row, column::-1])
        )
        walls = across[across > 0.25]
        assert (np.diff(walls) > -0.02).all() and walls[-1] > 0.5


def test_fog_hides_what_is_far_and_not_what_is_near() -> None:
    for seed in range(6):
        clear = Attributes("windmill", GROUNDS[seed], "day")
        fog = painted(seed, replace(clear, weather="fog"))
        change = levels(fog.picture, painted(seed, clear).picture)
        stage, parts = stage_of(seed, "windmill"), regions(seed, "windmill")
        far = np.broadcast_to(np.abs(rows(stage) - stage.horizon) < 0.05, change.shape)
        assert change[parts.subject].mean() < change[far & ~parts.subject].mean() + 12
        contrast = [
            cv2.Laplacian(one.picture, cv2.CV_64F)[far & ~parts.subject].std()
            for one in (fog, painted(seed, clear))
        ]
        assert contrast[0] < 0.75 * contrast[1]


@pytest.mark.parametrize("weather", ["rain", "snowfall"])
def test_what_falls_is_bright_and_all_over_but_not_inside_a_tunnel(weather: str) -> None:
    for seed in range(4):
        for subject, least, most in (("house", 0.05, 0.6), ("tunnel", 0.0, 0.12)):
            night = Attributes(subject, "meadow", "night")
            dry, wet = (painted(seed, replace(night, weather=w)).picture for w in (NONE, weather))
            brighter = (wet.astype(float).min(axis=2) - dry.min(axis=2)) > 25
            assert least <= brighter.mean() <= most, (subject, brighter.mean())


def test_in_black_and_white_only_what_has_a_colour_of_its_own_has_one() -> None:
    times = cycle(ATTRIBUTES["time"])
    for seed, subject in enumerate(ATTRIBUTES["subject"]):
        grey = Attributes(subject, "sea", next(times), scheme="grey")
        plain = painted(seed, grey).picture.astype(float)
        assert (plain.max(axis=2) - plain.min(axis=2)).max() < 14
        red = painted(seed, replace(grey, ground_colour="red")).picture.astype(float)
        assert (red.max(axis=2) - red.min(axis=2)).max() > 60


@pytest.mark.parametrize("colour", COLOURS)
def test_nebulae_have_the_colour_of_space(colour: str) -> None:
    hues = {name: hue(np.array(RAMPS[name].pure)) for name in COLOURS}
    for seed in range(4):
        attributes = Attributes(NONE, "space", "night", ground_colour=colour)
        pixels = painted(seed, attributes).picture.reshape(-1, 3).astype(float)
        chroma = pixels.max(axis=1) - pixels.min(axis=1)
        bright = pixels[chroma > np.quantile(chroma, 0.9)].mean(axis=0)
        away = {name: abs((hue(bright) - value + 0.5) % 1 - 0.5) for name, value in hues.items()}
        assert min(away, key=lambda name: away[name]) == colour
        assert not painted(seed, attributes).inverse_depth.any()


def test_clouds_wash_over_the_foot_of_what_stands_in_them() -> None:
    castle = Attributes("castle", "clouds", "day")
    stages = {seed: stage_of(seed, "castle") for seed in range(20)}
    whole = {seed: stage for seed, stage in stages.items() if stage.view.zoom < 1.1}
    assert len(whole) > 4
    for seed, stage in whole.items():
        parts = regions(seed, "castle")
        foot = np.broadcast_to(rows(stage) > stage.foot - 0.02, parts.subject.shape)
        red = replace(castle, subject_colour="red")
        change = levels(painted(seed, castle).picture, painted(seed, red).picture)
        assert change[parts.subject & foot].mean() < 0.5 * change[parts.subject & ~foot].mean()

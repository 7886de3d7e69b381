"""A picture of the painted world, from a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.world.attributes import Attributes
from tools.world.canvas import Canvas
from tools.world.city import paint_city
from tools.world.editions import OF_TODAY, Edition, draw_attributes
from tools.world.figure import paint_figure
from tools.world.finish import finish
from tools.world.high import paint_clouds, paint_front_clouds, paint_space
from tools.world.land import paint_desert, paint_forest, paint_meadow, paint_snow
from tools.world.palette import Palette, mix_palette
from tools.world.sea import paint_sea, paint_surf
from tools.world.sky import paint_sky
from tools.world.stage import PLACES, Stage, draw_stage
from tools.world.styles import STYLES
from tools.world.subjects import Subject, make_subject
from tools.world.ways import paint_road, paint_tunnel
from tools.world.weather import paint_weather


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """A picture, how near everything in it is, and what it shows."""

    picture: NDArray[np.uint8]
    """RGB pixels `(H, W, 3)`."""
    inverse_depth: NDArray[np.float32]
    """Inverse depth `(H, W)`: 0 is the sky, 1 the nearest ground."""
    attributes: Attributes


_Layer = Callable[[Canvas, Stage, Palette, str], None]
_GROUNDS: Mapping[str, _Layer] = {
    "sea": paint_sea,
    "meadow": paint_meadow,
    "desert": paint_desert,
    "snow": paint_snow,
    "forest": paint_forest,
    "city": paint_city,
    "clouds": paint_clouds,
}
_FRONTS: Mapping[str, _Layer] = {"sea": paint_surf, "clouds": paint_front_clouds}
"""What washes over the foot of a subject that stands."""


def paint(
    seed: int,
    width: int,
    height: int,
    attributes: Attributes | None = None,
    edition: Edition = OF_TODAY,
) -> Painting:
    """Paint `width` x `height` pixels of attributes drawn from an edition, or of those given.

    The same seed at another size of the same aspect (1:2 to 2:1) is the same picture. The stage and
    the strokes of a style are drawn apart from the attributes, so that given attributes change
    nothing else.
    """
    if attributes is None:
        attributes = draw_attributes(np.random.default_rng((seed, 0)), edition)
    stage = draw_stage(np.random.default_rng((seed, 1)), attributes.subject, width / height)
    subject = make_subject(attributes.subject, stage.subject_variant)
    palette = mix_palette(attributes, subject.albedo)
    canvas = Canvas(width, height, stage.view)
    _paint_scene(canvas, stage, palette, attributes, subject)
    picture, inverse_depth = finish(canvas)
    strokes = np.random.default_rng((seed, 2))
    styled = STYLES[attributes.style](picture, inverse_depth, attributes, strokes)
    return Painting(styled, inverse_depth, attributes)


def _paint_scene(
    canvas: Canvas, stage: Stage, palette: Palette, attributes: Attributes, subject: Subject
) -> None:
    """Everything from the sky to the weather, back to front."""
    name, ground, time = attributes.subject, attributes.ground, attributes.time
    place = PLACES[name]
    _paint_backdrop(canvas, stage, palette, attributes)
    if place.behind:
        paint_figure(canvas, stage, palette, attributes, subject)
    _paint_ground(canvas, stage, palette, attributes)
    if place.inverse_depth is None:
        paint_figure(canvas, stage, palette, attributes, subject)
    _FRONTS.get(ground, _paint_nothing)(canvas, stage, palette, time)
    if place.inverse_depth is not None and not place.behind:
        paint_figure(canvas, stage, palette, attributes, subject)
    if name == "road":
        paint_road(canvas, stage, palette)
    paint_weather(canvas, stage, palette, attributes.weather)
    if name == "tunnel":
        # Last, as it does not rain inside.
        paint_tunnel(canvas, stage, palette)


def _paint_backdrop(canvas: Canvas, stage: Stage, palette: Palette, attributes: Attributes) -> None:
    if attributes.ground == "space":
        paint_space(canvas, stage, palette, attributes.time)
    else:
        paint_sky(canvas, stage, palette.sky, attributes.time)


def _paint_ground(canvas: Canvas, stage: Stage, palette: Palette, attributes: Attributes) -> None:
    if attributes.ground == "space":
        return
    plane = np.clip((canvas.y - stage.horizon) / (1 - stage.horizon), 0, 1)
    np.maximum(canvas.inverse_depth, plane, out=canvas.inverse_depth)
    _GROUNDS[attributes.ground](canvas, stage, palette, attributes.time)
    # What rises at the horizon reaches down only to where the ground is nearer.
    np.maximum(canvas.inverse_depth, plane, out=canvas.inverse_depth)


def _paint_nothing(canvas: Canvas, stage: Stage, palette: Palette, time: str) -> None:
    """Nothing washes over a subject's foot on this ground."""

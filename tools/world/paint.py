"""A picture of the painted world, from a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.world.attributes import Attributes, draw_attributes
from tools.world.canvas import Canvas
from tools.world.city import paint_city
from tools.world.figure import paint_figure
from tools.world.finish import finish
from tools.world.land import paint_desert, paint_forest, paint_meadow, paint_snow
from tools.world.palette import Palette, mix_palette
from tools.world.sea import paint_sea, paint_surf
from tools.world.sky import paint_sky
from tools.world.stage import Stage, draw_stage
from tools.world.subjects import make_subject


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """A picture, how near everything in it is, and what it shows."""

    picture: NDArray[np.uint8]
    """RGB pixels `(H, W, 3)`."""
    inverse_depth: NDArray[np.float32]
    """Inverse depth `(H, W)`: 0 is the sky, 1 the nearest ground."""
    attributes: Attributes


_GROUNDS: Mapping[str, Callable[[Canvas, Stage, Palette, str], None]] = {
    "sea": paint_sea,
    "meadow": paint_meadow,
    "desert": paint_desert,
    "snow": paint_snow,
    "forest": paint_forest,
    "city": paint_city,
}


def paint(seed: int, width: int, height: int, attributes: Attributes | None = None) -> Painting:
    """Paint `width` x `height` pixels of random `attributes`, or of those given.

    The same seed at another size of the same aspect (1:2 to 2:1) is the same picture. The stage is
    drawn apart from the attributes, so that given attributes change nothing else.
    """
    if attributes is None:
        attributes = draw_attributes(np.random.default_rng((seed, 0)))
    stage = draw_stage(np.random.default_rng((seed, 1)), attributes.subject, width / height)
    subject = make_subject(attributes.subject, stage.subject_variant)
    palette = mix_palette(attributes, subject.albedo)
    canvas = Canvas(width, height, stage.view)
    paint_sky(canvas, stage, palette.sky, attributes.time)
    plane = np.clip((canvas.y - stage.horizon) / (1 - stage.horizon), 0, 1)
    canvas.inverse_depth[:] = plane
    _GROUNDS[attributes.ground](canvas, stage, palette, attributes.time)
    # What rises at the horizon reaches down only to where the ground is nearer.
    np.maximum(canvas.inverse_depth, plane, out=canvas.inverse_depth)
    paint_figure(canvas, stage, palette, attributes, subject)
    if attributes.ground == "sea":
        paint_surf(canvas, stage, palette, attributes.time)
    picture, inverse_depth = finish(canvas)
    return Painting(picture, inverse_depth, attributes)

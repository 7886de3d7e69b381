"""Where things stand in a picture.

Convention: the unit is the height of the whole picture. x points right from its middle, y points
down from its top edge; so x is in [-aspect / 2, aspect / 2] and y in [0, 1]. A view shows a part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tools.world.attributes import NONE

VARIANTS = 8
"""How many fixed skies and grounds there are of each kind: few, for small networks to learn."""
SUBJECT_VARIANTS = 3

_PLAIN_VIEWS = 0.7


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kind of subject is, and how large."""

    size: float
    """Factor on the height that is drawn for every subject."""
    width: float
    """Of its whole, in its heights."""
    footing: float | None = None
    """Half width of its shadow or its rock, in its heights; None for what has neither."""
    foot: tuple[float, float] = (0.86, 0.92)
    """Least and greatest y of its foot."""
    inverse_depth: float | None = None
    """How near it is; None is as near as the ground at its foot."""
    behind: bool = False
    """Whether it rises behind the ground's edge."""


PLACES: Mapping[str, Place] = {
    "lighthouse": Place(1.08, 0.4, 0.24),
    "castle": Place(0.84, 1.3, 0.72),
    "ship": Place(0.92, 1.1),
    "tree": Place(0.94, 0.9, 0.3),
    "house": Place(0.72, 1.3, 0.72),
    "pyramid": Place(0.72, 1.75, 0.92),
    NONE: Place(0.5, 1.0),
    "mountain": Place(0.84, 1.7, None, (0.72, 0.76), 0.03, behind=True),
    "windmill": Place(0.9, 0.9, 0.26),
    "balloon": Place(0.82, 0.75, None, (0.66, 0.74), 0.5),
    "temple": Place(0.72, 1.6, 0.84),
    "bridge": Place(0.84, 1.6, None, (0.8, 0.86)),
    "road": Place(0.5, 0.6),
    "tunnel": Place(0.5, 0.6),
    "planet": Place(0.72, 1.6, None, (0.54, 0.62), 0.02, behind=True),
    "spaceship": Place(0.92, 0.7, None, (0.78, 0.86), 0.55),
}
"""Of every subject; those with an inverse depth of their own do not touch the ground."""


@dataclass(frozen=True, slots=True)
class View:
    """The part of the picture that is shown: its centre, and how much it is enlarged (>= 1)."""

    x: float = 0.0
    y: float = 0.5
    zoom: float = 1.0


@dataclass(frozen=True, slots=True)
class Stage:
    """The places and the variants of everything in one picture."""

    aspect: float
    horizon: float
    x: float
    """x of the middle of the subject's foot."""
    foot: float
    """y of the subject's foot."""
    height: float
    """Height of the subject."""
    sun_x: float
    sun_y: float
    """Height of the sun in [0, 1] within the band that the hour allows."""
    beam: int
    """Direction of the lamp's beam: -1 left, 1 right, 0 to both sides."""
    sky_variant: int
    ground_variant: int
    subject_variant: int
    view: View


def draw_stage(rng: np.random.Generator, subject: str, aspect: float) -> Stage:
    """A random stage for a picture of `aspect` = width / height."""
    place = PLACES[subject]
    x = float(rng.uniform(-0.17, 0.17)) * aspect
    foot = float(rng.uniform(*place.foot))
    height = float(rng.uniform(0.64, 0.76)) * place.size
    height = min(height, 0.92 * aspect / place.width)
    side = 1.0 if rng.uniform(-0.06, 0.06) > x / aspect else -1.0
    sun_x = x + side * (0.5 * place.width * height + float(rng.uniform(0.12, 0.22)))
    return Stage(
        aspect=aspect,
        horizon=float(rng.uniform(0.6, 0.68)),
        x=x,
        foot=foot,
        height=height,
        sun_x=float(np.clip(sun_x, -0.42 * aspect, 0.42 * aspect)),
        sun_y=float(rng.random()),
        beam=(-1, 0, 0, 1)[int(rng.integers(4))],
        sky_variant=int(rng.integers(VARIANTS)),
        ground_variant=int(rng.integers(VARIANTS)),
        subject_variant=int(rng.integers(SUBJECT_VARIANTS)),
        view=_draw_view(rng, x, foot - height / 2, aspect),
    )


def _draw_view(rng: np.random.Generator, x: float, y: float, aspect: float) -> View:
    """A view of nearly the whole picture or, at times, of a part around `x`, `y`, off centre."""
    near = rng.random() < _PLAIN_VIEWS
    zoom = float(rng.uniform(1.0, 1.15) if near else 1.15 + 0.65 * rng.random() ** 1.5)
    offset_x, offset_y = rng.uniform(-0.16, 0.16, 2)
    room_x, room_y = (1 - 1 / zoom) * aspect / 2, (1 - 1 / zoom) / 2
    return View(
        x=float(np.clip(x + offset_x * aspect, -room_x, room_x)),
        y=float(np.clip(y + offset_y, 0.5 - room_y, 0.5 + room_y)),
        zoom=zoom,
    )

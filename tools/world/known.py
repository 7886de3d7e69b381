"""What of a picture a caption mentions, and in which manner it speaks of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tools.world.attributes import NONE, Attributes
from tools.world.editions import Edition
from tools.world.manner import Manner, draw_manner

_KEEP_GROUND, _KEEP_TIME, _KEEP_SCHEME, _KEEP_COLOUR, _KEEP_WEATHER = 0.92, 0.80, 0.90, 0.92, 0.92


@dataclass(frozen=True, slots=True)
class Known:
    """The attributes that a caption mentions; what it leaves out is empty."""

    subject: str
    ground: str
    time: str
    scheme: str
    ground_colour: str
    subject_colour: str
    weather: str
    manner: Manner


def forget(rng: np.random.Generator, attributes: Attributes, edition: Edition) -> Known:
    """What a caption of these attributes mentions: the subject, and mostly the rest."""

    def keep(value: str, odds: float) -> str:
        return value if rng.random() < odds and value != NONE else ""

    known = Known(
        subject=attributes.subject,
        ground=keep(attributes.ground, _KEEP_GROUND),
        # Space looks the same at every hour.
        time=keep(attributes.time, 0.0 if attributes.ground == "space" else _KEEP_TIME),
        scheme=keep(attributes.scheme, _KEEP_SCHEME),
        ground_colour=keep(attributes.ground_colour, _KEEP_COLOUR),
        subject_colour=keep(attributes.subject_colour, _KEEP_COLOUR),
        weather=keep(attributes.weather, _KEEP_WEATHER),
        manner=draw_manner(rng, attributes.style, edition),
    )
    return known if known.ground else replace(known, ground_colour="")

"""Editions of the painted world: what it holds, and how often a picture shows each of it.

Networks belong to the edition that they were trained on. A later edition has everything that an
earlier one has, and more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tools.world.attributes import ATTRIBUTES, NONE, Attributes

Odds = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Edition:
    """How often each value of an attribute is drawn; the colours of a part that is coloured are
    equally likely, and so are kinds of weather and styles."""

    subject: Odds
    ground: Odds
    time: Odds
    haunts: Mapping[str, tuple[float, str]]
    """Of some subjects how often they are where they belong, and the ground that this is."""
    scheme: float
    """How often the whole picture has a colour."""
    ground_colour: float
    subject_colour: float
    weather: float
    style: float
    size: tuple[int, int]
    """Width and height in pixels of the pictures that its networks paint best."""
    counts: Mapping[str, int]
    """How many of the `ATTRIBUTES` of each name there are, from the first on."""

    @property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """The values of every attribute in this edition."""
        return {name: ATTRIBUTES[name][:count] for name, count in self.counts.items()}


FIRST = Edition(
    subject={
        "lighthouse": 0.25,
        **dict.fromkeys(("castle", "ship", "tree", "house", "pyramid"), 0.142),
        NONE: 0.04,
    },
    ground={"sea": 0.25, **dict.fromkeys(("meadow", "desert", "snow", "forest", "city"), 0.15)},
    time={"day": 0.24, "dawn": 0.15, "sunset": 0.2, "night": 0.21, "storm": 0.2},
    haunts={"ship": (0.85, "sea")},
    scheme=0.55,
    ground_colour=0.35,
    subject_colour=0.30,
    weather=0.0,
    style=0.0,
    size=(96, 64),
    counts={
        "subject": 7, "ground": 6, "time": 5, "scheme": 7, "ground_colour": 7,
        "subject_colour": 7,
    },
)  # fmt: skip
SECOND = Edition(
    subject={
        NONE: 0.14,
        "lighthouse": 0.11,
        **dict.fromkeys(("castle", "ship", "tree", "house"), 0.055),
        "pyramid": 0.045,
        **dict.fromkeys(("mountain", "windmill", "balloon", "temple", "bridge"), 0.055),
        **dict.fromkeys(("road", "tunnel", "planet", "spaceship"), 0.055),
    },
    ground={
        "sea": 0.23,
        **dict.fromkeys(("meadow", "desert", "snow", "forest", "city"), 0.13),
        "clouds": 0.06,
        "space": 0.06,
    },
    time=FIRST.time,
    haunts={
        "ship": (0.8, "sea"),
        "bridge": (0.6, "sea"),
        "planet": (0.35, "space"),
        "spaceship": (0.35, "space"),
    },
    scheme=0.52,
    ground_colour=0.33,
    subject_colour=0.30,
    weather=0.2,
    style=0.0,
    size=(144, 96),
    counts={name: len(values) for name, values in ATTRIBUTES.items() if name != "style"},
)
THIRD = replace(
    SECOND,
    subject={**SECOND.subject, "windmill": 0.08, "planet": 0.1},
    ground_colour=0.4,
    subject_colour=0.45,
    style=0.34,
    counts={**SECOND.counts, "style": len(ATTRIBUTES["style"])},
)
EDITIONS: Mapping[str, Edition] = {"first": FIRST, "second": SECOND, "third": THIRD}
SHIPPED = "second"
"""The edition of the networks that ship, and so of the tools' defaults."""
OF_TODAY = EDITIONS[SHIPPED]


def draw_attributes(rng: np.random.Generator, edition: Edition = OF_TODAY) -> Attributes:
    """Random attributes of an edition, some more often than others."""
    subject = _draw(rng, edition.subject)
    share, haunt = edition.haunts.get(subject, (0.0, "sea"))
    at_home = rng.random() < share
    ground = _draw(rng, edition.ground)
    values = edition.values
    drawn = Attributes(
        subject=subject,
        ground=haunt if at_home else ground,
        time=_draw(rng, edition.time),
        scheme=_draw_some(rng, values["scheme"], edition.scheme),
        ground_colour=_draw_some(rng, values["ground_colour"], edition.ground_colour),
        subject_colour=_draw_some(
            rng, values["subject_colour"], 0.0 if subject == NONE else edition.subject_colour
        ),
        weather=_draw_some(rng, values.get("weather", (NONE, NONE)), edition.weather),
    )
    drawn = without_hour_in_space(drawn)
    # Without styles nothing is drawn, lest what else comes from the generator change.
    styles = values.get("style")
    return replace(drawn, style=_draw_some(rng, styles, edition.style)) if styles else drawn


def without_hour_in_space(attributes: Attributes) -> Attributes:
    """The attributes, at night and without weather where the ground is space."""
    if attributes.ground != "space":
        return attributes
    return replace(attributes, time="night", weather=NONE)


def _draw(rng: np.random.Generator, odds: Odds) -> str:
    steps = np.cumsum(list(odds.values()))
    return list(odds)[int(np.searchsorted(steps / steps[-1], rng.random(), side="right"))]


def _draw_some(rng: np.random.Generator, values: tuple[str, ...], share: float) -> str:
    """`NONE`, which is the first of `values`, or one of the others, drawn with odds `share`."""
    value = values[1 + int(rng.integers(len(values) - 1))]
    return value if rng.random() >= 1.0 - share else NONE

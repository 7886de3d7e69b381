"""The colours of one picture: its sky, and the grades of its scenery, ground, subject and lamps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tools.world.attributes import NONE, Attributes
from tools.world.colour import RAMPS, WHITE, Colour, Grade, Light, distance, mix, rgb


@dataclass(frozen=True, slots=True)
class Sky:
    """The colours of a sky, from the zenith to the horizon."""

    top: Colour
    middle: Colour
    low: Colour
    cloud: Colour
    cloud_shade: Colour
    disc: Colour
    """Colour of the sun or the moon."""
    glow: Colour
    """Colour of the light around the sun or the moon, and of its path on water."""


@dataclass(frozen=True, slots=True)
class Soil:
    """The colours of a ground."""

    far: Colour
    near: Colour
    shade: Colour
    light: Colour


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour of a picture, or the grade that makes it."""

    sky: Sky
    soil: Soil
    scenery: Grade
    """Grade of hills and plants that take the scheme."""
    ground: Grade
    """Grade of whatever belongs to the ground and shares its named colour."""
    subject: Grade
    lamp: Grade
    """Grade of things that shine."""
    outline: Colour
    beam: Colour


def _sky(*colours: str) -> Sky:
    return Sky(*map(rgb, colours))


def _soil(*colours: str) -> Soil:
    return Soil(*map(rgb, colours))


_SKIES = {
    "day": _sky("#3d8edb", "#7fbdec", "#d6eef6", "#ffffff", "#c9dcec", "#fff6c9", "#fffbe6"),
    "dawn": _sky("#a9b8e6", "#eebfd2", "#ffe6d2", "#fff4ee", "#f0b6c4", "#fff8e2", "#fff0d8"),
    "sunset": _sky("#5a3a7e", "#e2604e", "#ffc35c", "#ff9a6a", "#9c4470", "#fff0b0", "#ffd070"),
    "night": _sky("#0a0f33", "#18255e", "#3d4f92", "#33437c", "#222e60", "#fdf6d8", "#b9c6ee"),
    "storm": _sky("#2a303b", "#535d6a", "#98a2a6", "#454e5b", "#2b323e", "#ffffff", "#e8eefc"),
}
_LIGHTS = {
    "day": Light((1.0, 1.0, 1.0), WHITE, 0.0),
    "dawn": Light((0.98, 0.90, 0.94), rgb("#fbdcd8"), 0.30),
    "sunset": Light((0.92, 0.70, 0.62), rgb("#e8683c"), 0.16),
    "night": Light((0.34, 0.40, 0.62), rgb("#141c4c"), 0.15),
    "storm": Light((0.56, 0.60, 0.64), rgb("#4a535e"), 0.22),
}
_SOILS = {
    "sea": _soil("#4d9cc6", "#1c5c94", "#144a7c", "#d8f0f4"),
    "meadow": _soil("#a5cf62", "#5a9c3c", "#4a8636", "#c9e37c"),
    "desert": _soil("#f0cf8c", "#dca252", "#b87a3c", "#fbe4ac"),
    "snow": _soil("#e6eff6", "#f8fbff", "#b4c9e2", "#ffffff"),
    "forest": _soil("#6b9650", "#3a6636", "#28502e", "#8fb060"),
    "city": _soil("#bdb7b0", "#98928e", "#77716f", "#d8d3cb"),
    "clouds": _soil("#d3dff0", "#dde7f4", "#a9bcdc", "#ffffff"),
    "space": _soil("#3f6fd0", "#b04fc8", "#1a1038", "#ffffff"),
}
_GROUND_LIFTS = {"snow": 0.22, "clouds": 0.2, "space": 0.6}
_OUTLINES = (rgb("#1a1420"), rgb("#fff3d6"))
_BEAMS = (rgb("#fffbe2"), rgb("#ffdf6a"))
_EXPOSURES = (1.0, 1.12, 1.24, 0.88, 1.36, 0.76)
"""Exposure factors from the most to the least welcome: a subject is better lit than dark."""
_CLEAR_DISTANCE = 0.18
_TONES = ("white", "black")
"""Colours of a subject that another exposure would turn into grey: its outline has to do."""
_COLOURLESS = "grey"
"""The scheme that leaves no colour in anything that has none of its own, not even in lamps."""


@lru_cache(maxsize=4096)
def mix_palette(attributes: Attributes, albedo: Colour) -> Palette:
    """The palette of a picture whose subject has the mean colour `albedo`.

    The subject is exposed longer or shorter, as little as will do, until its mean colour is clearly
    apart from the sky and the ground behind it; not so a white or a black one.
    """
    light = _LIGHTS[attributes.time]
    scenery = _scheme_grade(light, attributes.scheme, 0.0, 0.85)
    ground = _ground_grade(light, attributes, scenery)
    sky = _graded_sky(attributes)
    soil = _graded_soil(attributes, ground)
    behind = (mix(sky.middle, sky.low, 0.3), soil.far)
    subject = _subject_grade(light, attributes)
    if attributes.subject_colour not in _TONES:
        subject = _stand_out(subject, albedo, behind)
    beside = (subject(albedo), *behind)
    return Palette(
        sky=sky,
        soil=soil,
        scenery=scenery,
        ground=ground,
        subject=subject,
        lamp=_scheme_grade(_LIGHTS["day"], attributes.scheme, 0.0, 0.15),
        outline=max(_OUTLINES, key=lambda ink: min(distance(ink, colour) for colour in beside)),
        beam=max(_BEAMS, key=lambda beam: distance(beam, sky.middle)),
    )


def _scheme_grade(light: Light, scheme: str, lift: float, strength: float) -> Grade:
    if scheme == NONE:
        return Grade(light, lift)
    if scheme == _COLOURLESS:
        return Grade(light, lift, RAMPS[scheme], 1.0)
    return Grade(light, lift, RAMPS[scheme], strength, tones=(0.13, 0.80))


def _ground_grade(light: Light, attributes: Attributes, plain: Grade) -> Grade:
    if attributes.ground_colour == NONE:
        return replace(plain, lift=_GROUND_LIFTS.get(attributes.ground, 0.0))
    # Bright grounds such as snow must still turn the pure colour, not a pale one.
    return Grade(light, 0.55, RAMPS[attributes.ground_colour], 0.94, tones=(0.18, 0.80))


def _subject_grade(light: Light, attributes: Attributes) -> Grade:
    if attributes.subject_colour == NONE:
        return _scheme_grade(light, attributes.scheme, 0.5, 0.36)
    strength = 0.96 if attributes.subject_colour in _TONES else 0.85
    return Grade(light, 0.55, RAMPS[attributes.subject_colour], strength, tones=(0.1, 0.95))


def _graded_sky(attributes: Attributes) -> Sky:
    sky = _SKIES[attributes.time]
    grade = _scheme_grade(_LIGHTS["day"], attributes.scheme, 0.0, 0.92)
    lamp = _scheme_grade(_LIGHTS["day"], attributes.scheme, 0.0, 0.3)
    return Sky(
        grade(sky.top),
        grade(sky.middle),
        grade(sky.low),
        grade(sky.cloud),
        grade(sky.cloud_shade),
        lamp(sky.disc),
        lamp(sky.glow),
    )


def _graded_soil(attributes: Attributes, ground: Grade) -> Soil:
    soil = _SOILS[attributes.ground]
    return Soil(ground(soil.far), ground(soil.near), ground(soil.shade), ground(soil.light))


def _stand_out(grade: Grade, albedo: Colour, behind: Sequence[Colour]) -> Grade:
    """`grade` with the first exposure at which `albedo` is clear of every colour in `behind`."""

    def clearance(exposed: Grade) -> float:
        return min(distance(exposed(albedo), colour) for colour in behind)

    exposed = [replace(grade, exposure=exposure) for exposure in _EXPOSURES]
    clear = (candidate for candidate in exposed if clearance(candidate) > _CLEAR_DISTANCE)
    return next(clear, max(exposed, key=clearance))

"""Curves that move a setting and change no picture: what is rounded stays the same.

Conventions:
    Counts and steps are rounded to whole ones, so a curve of them changes nothing until it passes
    a half. A share of a picture is a share of at most 255 levels: by less than half of one of them
    no pixel changes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from keyframes.curve import Curve
from keyframes.expression import Formula
from keyframes.mistakes import Located, Route
from keyframes.time_words import counted
from pipeline.scene.reading.moving import sampled
from pipeline.scene.reading.skip_steps import Skip
from pipeline.scene.sections import ShotRead

_COUNTS = ("fuzzy_prompt", "cutn_batches", "cut_overview", "cut_innercut")
_SHARES = (
    ("guidance", "init_hold"),
    ("guidance", "detail_hold"),
    ("guidance", "keep_sharpness"),
    ("guidance", "discover"),
    ("sampler", "fresh_noise"),
    ("sampler", "eta"),
)
LEAST_SHARE = 0.5 / 255
"""Half of a level of 256, as a share of the way from black to white."""


def unseen_changes(part: ShotRead) -> Iterator[Located]:
    """What is to be said of curves that a shot writes and that come to nothing."""
    if part.scene.video.n_batches is not None:
        return
    frames = np.arange(part.place.first, part.place.first + part.place.painted, dtype=np.float64)
    yield from _steps(part, frames)
    for name in _COUNTS:
        number = getattr(part.scene.guidance, name)
        if _wrote(part, "guidance", name) and isinstance(number, Curve | Formula):
            values = sampled(number, frames)
            yield from _rounded(("guidance", name), values)
    for section, name in _SHARES:
        setting = getattr(getattr(part.scene, section), name)
        number = getattr(setting, "then", setting)
        if _wrote(part, section, name) and isinstance(number, Curve | Formula):
            change = float(np.ptp(sampled(number, frames)))
            if 0 < change < LEAST_SHARE:
                yield Located(
                    (section, name),
                    f"this moves by {change:.1g} over the video, which changes no level of a "
                    "pixel; write more of it, or one number",
                )


def _steps(part: ShotRead, frames: NDArray[np.float64]) -> Iterator[Located]:
    """What is to be said of steps left out that move by less than a step."""
    sampler = part.scene.sampler
    name = "skip_steps" if sampler.strength is None else "strength"
    number = getattr(sampler.skipping.then, "number", None)
    if isinstance(sampler.skipping.then, Skip) or not _wrote(part, "sampler", name):
        return
    skipped = sampler.skipping.then.over(sampler.steps, frames)
    if number is not None and np.ptp(sampled(number, frames)) > 0 and len(set(skipped)) == 1:
        yield Located(
            ("sampler", name),
            f"this moves, and comes to {counted(sampler.steps - skipped[0], 'step')} of "
            f"{sampler.steps} on every frame, as steps are whole; write more of it, or one number",
        )


def _rounded(route: Route, values: NDArray[np.float64]) -> Iterator[Located]:
    rounded = np.rint(values)
    if np.ptp(values) > 0 and np.ptp(rounded) == 0:
        yield Located(
            route,
            f"this moves from {values.min():g} to {values.max():g}, and is {rounded[0]:g} on every "
            f"frame, as counts are whole; write more of it, or one number",
        )


def _wrote(part: ShotRead, section: str, name: str) -> bool:
    """Whether the shot's author wrote a setting, here or for the scene."""
    written = part.data.get(section)
    return isinstance(written, dict) and name in written

"""Settings that have nothing to work on: a scene renders as if they were not written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from keyframes.mistakes import Located
from pipeline.scene.sections import ShotRead
from pipeline.scene.unused_starts import is_on

_OF_EARLIER_FRAMES = ("hold_memory", "keep_colour", "keep_sharpness", "repaint", "discover")
"""Settings of guidance that speak of the frames before one."""


def idle_settings(part: ShotRead) -> Iterator[Located]:
    """What is to be said of settings that a shot writes in vain."""
    guidance, sampler = part.data.get("guidance"), part.data.get("sampler")
    written = guidance if isinstance(guidance, Mapping) else {}
    if part.scene.video.n_batches is not None:
        for name in _OF_EARLIER_FRAMES:
            if name in written:
                yield _located(
                    "guidance", name, "stills grow from no other frame: it changes none; remove it"
                )
        return
    if "hold_memory" in written and _chose(part, "hold_memory", "init_hold") and not _holds(part):
        yield _located(
            "guidance",
            "hold_memory",
            "it says what init_hold holds to, and that is 0; write init_hold: {then: 0.8, fade: 0}",
        )
    noise = sampler.get("noise") if isinstance(sampler, Mapping) else None
    if noise == "slow" and part.scene.sampler.turning_period == 1:
        yield _located(
            "sampler",
            "noise",
            "with a noise_period of 1 each frame's noise is its own; write noise_period: 12, or "
            "longer for less flicker",
        )


def _located(section: str, setting: str, message: str) -> Located:
    return Located((section, setting), message)


def _chose(part: ShotRead, setting: str, other: str) -> bool:
    """Whether `setting` is no less the shot's own than `other`, which a shot may well turn off."""
    own = part.outline.guidance if isinstance(part.outline.guidance, Mapping) else {}
    return setting in own or other not in own


def _holds(part: ShotRead) -> bool:
    """Whether any frame that grows is held to anything."""
    hold = part.scene.guidance.init_hold
    frames = np.arange(part.place.first, part.place.end, dtype=np.float64)
    return is_on(hold.then, frames) or (hold.fade is not None and is_on(hold.fade, frames))

"""How much more than the rest of a frame each of its places is painted afresh.

Every share goes from 0, which leaves a place to the frame's own strength, to 1, which paints it as
if nothing had been there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MaskPicture:
    """A grey picture that says where a frame is painted afresh: white is 1."""

    file: str
    """Absolute path of a grey picture."""


@dataclass(frozen=True, slots=True)
class MaskFormula:
    """A formula that says where a frame is painted afresh, of the places of its picture."""

    text: str
    """Formula of `depth`, `x`, `y` and what moves over the video."""
    values: tuple[tuple[str, float], ...] = ()
    """The names in it that move over the video, with their values at the frame."""


@dataclass(frozen=True, slots=True)
class RepaintSpec:
    """What of a frame that starts from a picture is painted afresh; by default nothing."""

    holes: float = 0.0
    """Share of what came into sight."""
    stretch: float = 0.0
    """Share of what was stretched without bound."""
    everywhere: float = 0.0
    """Share of the whole picture, such as while prompts change."""
    mask: MaskPicture | MaskFormula | None = None
    """The author's own word on it."""


NOTHING_AFRESH = RepaintSpec()

STRIDES_PER_STEP = 1 / 4
"""Strides above a frame's own steps for each of these: painting afresh costs a quarter more."""


def most_strides(taken: int) -> int:
    """How many strides places that are painted afresh take at most, of a frame of `taken` steps."""
    return max(1, int(taken * STRIDES_PER_STEP))

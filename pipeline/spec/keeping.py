"""What a frame keeps of its shot so far, beyond the picture that it starts from: plain values.

A default asks nothing of a frame, as everywhere in `pipeline.spec`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColourMatch = Literal["mean", "covariance", "histogram"]
"""What is made equal: mean and deviation of each channel, mean and covariance, or everything."""


@dataclass(frozen=True, slots=True)
class ColourSpec:
    """The colours towards which the picture that a frame starts from is corrected."""

    share: float
    """How much of the way to them is gone with each frame, 0 to 1."""
    by: ColourMatch = "covariance"
    follow: float = 0.0
    """Share, 0 to 1, of them that gives way to the colours of each frame; at 0 they are those of
    the shot's first frame."""
    file: str | None = None
    """The picture whose colours they are; None for those of the shot."""


@dataclass(frozen=True, slots=True)
class KeepSpec:
    """What a frame keeps of earlier ones than the one that it grows from."""

    follow: float = 1.0
    """Share, 0 to 1, by which the coarse picture that `init_hold` holds to goes along with each
    frame: at 0 it is the shot's first frame carried along, at 1 the frame before."""
    colour: ColourSpec | None = None
    sharpness: float | None = None
    """How much of the way, 0 to 1, to the sharpness of the shot's first frame the picture that a
    frame starts from is brought; None keeps none in mind."""
    let_go: float = 0.0
    """Share, 0 to 1, of all that is kept that gives way to this frame, as its prompts turn."""
    afresh: float = 0.0
    """Share, 0 to 1, of the form and the colours that gives way to this frame where it paints what
    was not seen before, or what its mask names."""
    frames: int = 1
    """Frames of the video since the one that was painted before: what follows, follows so often."""

    @property
    def follows(self) -> bool:
        """Whether anything that is kept goes along bit by bit."""
        own = (self.follow, 0.0 if self.colour is None else self.colour.follow)
        return any(0 < share < 1 for share in own)

    def followed(self, share: float) -> float:
        """What is followed by a `share` with each frame is followed by so much in all of them."""
        return 1 - (1 - share) ** self.frames


KEEPS_NOTHING = KeepSpec()
"""Of a frame that starts from the picture before it, and from nothing else."""

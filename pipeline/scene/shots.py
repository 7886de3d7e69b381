"""The shots of a scene: stretches of its video with settings of their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.scene.reading.shot_fades import EndPicture
from pipeline.scene.settings import Settings
from pipeline.spec.frame import SavedFrame
from pipeline.spec.timeline import Fade


@dataclass(frozen=True, slots=True)
class Shot:
    """A stretch of the video, and what holds in it."""

    settings: Settings
    """The scene's settings with those of the shot on top."""
    name: str
    first: int
    """Number in the video of the shot's first frame."""
    length: int
    """Frames of the video up to the next shot's first, 1 or more."""
    painted: int
    """Frames that are painted: `length`, and those over which another shot fades in."""
    before: SavedFrame | None = None
    """The frame that the first one grows from; None for a shot that starts anew."""
    fade: Fade | None = None
    start: Path | None = None
    """The picture that the first frame is."""
    end: EndPicture | None = None

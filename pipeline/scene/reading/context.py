"""What the reader of one setting knows of the rest of the scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationInfo

from keyframes.lyrics import SungLine
from pipeline.scene.reading.clock import Clock


@dataclass(frozen=True, slots=True)
class Context:
    """What pydantic hands to the reader of a setting as its validation context."""

    folder: Path
    """Folder of the scene file, from which files are named."""
    presets: tuple[str, ...]
    size_multiple: int
    """What width and height of the picture are multiples of."""
    least_area: int = field(default=1, kw_only=True)
    """The fewest pixels that the picture may have."""
    clock: Clock
    stills: bool
    """Whether the scene asks for single pictures, between which nothing moves."""
    lines: tuple[SungLine, ...] = ()
    """What is sung, in frames, where the scene names its lyrics."""
    models_read: bool = True
    """Whether the section `models` has no mistake; else the starter's networks stand in for it."""
    written: Mapping[Any, Any] = field(default_factory=dict)
    """What the author wrote, without the preset's settings beneath it."""

    def wrote(self, section: str, setting: str) -> bool:
        """Whether the author wrote `setting` in `section`; where not, its value is the preset's."""
        settings = self.written.get(section)
        return isinstance(settings, Mapping) and setting in settings

    @property
    def over_a_clip(self) -> bool:
        """Whether frames start from a clip of the author's."""
        return names_a_clip(self.written)


def names_a_clip(written: Mapping[Any, Any]) -> bool:
    """Whether what an author wrote names a clip as `video.input`."""
    video = written.get("video")
    named = video.get("input") if isinstance(video, Mapping) else None
    return named not in (None, "none", "None")


def context_of(info: ValidationInfo) -> Context:
    """The context of the validation under way."""
    context = info.context
    assert isinstance(context, Context)
    return context

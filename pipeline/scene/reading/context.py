"""What the reader of one setting knows of the rest of the scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationInfo

from pipeline.scene.reading.clock import Clock


@dataclass(frozen=True, slots=True)
class Context:
    """Handed over as the context of a validation."""

    folder: Path
    """Files are named relative to this folder: the scene file's."""
    presets: tuple[str, ...]
    size_multiple: int
    """Width and height of the picture are multiples of this."""
    least_area: int = field(default=1, kw_only=True)
    """And it has so many pixels."""
    clock: Clock
    stills: bool
    """The scene asks for single pictures, between which nothing moves."""
    models_read: bool = True
    """The section `models` has no mistake; where it has, the starter's stand in for it."""
    written: Mapping[Any, Any] = field(default_factory=dict)
    """What the author wrote, without the preset's settings beneath it."""

    def wrote(self, section: str, setting: str) -> bool:
        """Whether the author wrote this setting; where not, its value is the preset's."""
        settings = self.written.get(section)
        return isinstance(settings, Mapping) and setting in settings


def context_of(info: ValidationInfo) -> Context:
    """The context of the validation under way."""
    context = info.context
    assert isinstance(context, Context)
    return context

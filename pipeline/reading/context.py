"""What the reader of one setting knows of the rest of the scene."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationInfo

from pipeline.reading.clock import Clock


@dataclass(frozen=True, slots=True)
class Context:
    """Handed over as the context of a validation."""

    folder: Path
    """Files are named relative to this folder: the scene file's."""
    presets: tuple[str, ...]
    size_multiple: int
    """Width and height of the picture are multiples of this."""
    clock: Clock
    stills: bool
    """The scene asks for single pictures, between which nothing moves."""


def context_of(info: ValidationInfo) -> Context:
    """The context of the validation under way."""
    context = info.context
    assert isinstance(context, Context)
    return context

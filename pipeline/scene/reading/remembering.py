"""What the memory of a camera asks of its other settings."""

from __future__ import annotations

from typing import Any

from pydantic import AfterValidator, ValidationInfo

from pipeline.scene.reading.context import context_of


def _remembers_pinholes(value: Any, info: ValidationInfo) -> Any:
    if value == "shot" and info.data.get("projection") == "disco":
        if not context_of(info).wrote("camera", "memory"):
            return "frame"
        raise ValueError(
            "projection: disco moves each pixel by itself, and has no space in which a shot could "
            "be remembered: write projection: pinhole, or memory: frame"
        )
    return value


remembers_pinholes = AfterValidator(_remembers_pinholes)
"""Refuses the memory of a shot where the projection is Disco's; a preset's gives way to that."""

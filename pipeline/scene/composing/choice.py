"""What is asked of a scene beside its file: one of its profiles, and settings of a command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """What is laid over a scene before it is read."""

    profile: str | None = None
    """The name of one of the scene's profiles; None for the scene as it is."""
    settings: Sequence[str] = ()
    """Settings as `--set` has them, `camera.fov=60`, each over those before it."""


AS_WRITTEN = Choice()
"""Nothing but what the files say."""

"""What a scene asks of the sound of its song. Heard once, and kept beside the renders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.music.song import Song

CACHE = Path("renders", ".music")
"""Folder of what was heard, in the working directory."""


def song(file: Path) -> Song:
    """The sound of the song in `file`, which listens when it is first asked."""
    # Most scenes do not ask.
    from pipeline.music.song import Song

    return Song(file, CACHE)

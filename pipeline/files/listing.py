"""What lies in a folder, or an error: never less than there is."""

from __future__ import annotations

from pathlib import Path


def listed(folder: Path) -> list[Path]:
    """The files and folders in `folder` by their names, in order; none if there is no such folder.

    Raises OSError if it cannot be read. `Path.glob` would find nothing in a folder that may not be
    read, and what is taken for absent is soon overwritten.
    """
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []

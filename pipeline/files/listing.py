"""What lies in a folder, or an error: never less than there is."""

from __future__ import annotations

import os
from pathlib import Path


def names_in(folder: Path) -> list[str]:
    """The names of the files and folders in `folder`, in order; none if there is no such folder.

    Raises OSError if it cannot be read. `Path.glob` would find nothing in a folder that may not be
    read, and what is taken for absent is soon overwritten.
    """
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []


def listed(folder: Path) -> list[Path]:
    """The files and folders in `folder` by their names, in order, as `names_in` has them."""
    return [folder / name for name in names_in(folder)]

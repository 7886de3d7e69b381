"""The names of files and folders in a scene."""

from __future__ import annotations

import os
from pathlib import Path


def path_from(folder: Path, name: str) -> Path:
    """The absolute path that a scene in `folder` means by `name`; `~` is the user's own folder."""
    return (folder / os.path.expanduser(name)).resolve()

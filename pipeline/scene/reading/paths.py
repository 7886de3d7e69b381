"""The names of files and folders in a scene."""

from __future__ import annotations

import os
import re
from pathlib import Path

from keyframes.mistakes import found

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|www\.")


def path_from(folder: Path, name: str) -> Path:
    """The absolute path that a scene in `folder` means by `name`; `~` is the user's own folder.

    Raises ValueError for an address of the web.
    """
    if _ADDRESS.match(name.strip()):
        raise ValueError(
            f"found {found(name)}, and addresses are not fetched; download the file, put it beside "
            "the scene, and write its name"
        )
    return (folder / os.path.expanduser(name)).resolve()

"""Where discoreel keeps what it can fetch or find again."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "DISCOREEL_CACHE"
"""The environment variable that names the folder."""


def cache_folder() -> Path:
    """The folder that DISCOREEL_CACHE names, or discoreel's in the user's cache.

    The folder need not exist yet.
    """
    from platformdirs import user_cache_path

    if named := os.environ.get(VARIABLE):
        return Path(os.path.expanduser(named))
    return user_cache_path("discoreel", appauthor=False)

"""Where discoreel keeps what it can fetch or find again."""

from __future__ import annotations

from pathlib import Path


def cache_folder() -> Path:
    """The folder of discoreel in the user's cache, which need not exist yet."""
    from platformdirs import user_cache_path

    return user_cache_path("discoreel", appauthor=False)

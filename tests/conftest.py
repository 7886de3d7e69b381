"""What holds for every test."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of the test's own: what the user's or another test's remembers is none of its."""
    monkeypatch.setenv("DISCOREEL_CACHE", str(tmp_path.with_name(f"{tmp_path.name}-cache")))

"""An empty store, and servers on this machine that end with their test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.catalogue.store import ModelStore


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers on this machine are asked without a proxy between."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    """Where the servers of a test are entered, to end with it."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    """An empty one, whose folder does not exist yet."""
    return ModelStore(tmp_path / "models")

"""Fetching a model from mirrors on this machine, and what is then in the store."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.catalogue.download import Patience, pull
from pipeline.catalogue.publication import Published
from pipeline.catalogue.store import ModelStore, State
from pipeline.errors import ModelError
from tests.pipeline.catalogue.mirrors import CONTENT, Mirror, serving

SIZE = len(CONTENT)
HASTY = Patience(timeout=5, tries=2, pause=0.01)
OTHER = CONTENT[::-1]


def serve(servers: ExitStack, mirror: Mirror) -> Mirror:
    """The mirror with an address, until the test ends."""
    return servers.enter_context(serving(mirror))


def silent(received: int, total: int | None) -> None:
    """A report to nobody."""


def fetch(entry: Published, store: ModelStore, patience: Patience = HASTY) -> Path:
    """Pulls a model with little patience, and reports to nobody."""
    return pull(entry, store, silent, patience)


def refused(entry: Published, store: ModelStore, patience: Patience = HASTY) -> str:
    """Why the model cannot be fetched."""
    with pytest.raises(ModelError) as caught:
        fetch(entry, store, patience)
    return str(caught.value)


def assert_fetched(entry: Published, store: ModelStore) -> None:
    """The file is there and verified, and nothing of its download is left."""
    assert store.path(entry).read_bytes() == CONTENT
    assert store.state(entry) is State.VERIFIED
    assert sorted(path.name for path in store.root.iterdir()) == [
        ".weights.pt.lock",
        ".weights.pt.verified.json",
        "weights.pt",
    ]


def part_of(store: ModelStore) -> bytes:
    """What has come of a file, where its download has ended before it."""
    return (store.root / "weights.pt.part").read_bytes()


def assert_nothing_left(store: ModelStore) -> None:
    """Neither the file nor a part of it is there."""
    assert [path.name for path in store.root.iterdir()] == [".weights.pt.lock"]

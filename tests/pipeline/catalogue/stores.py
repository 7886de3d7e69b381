"""Stores with files in them, what is said of those that lack some, and fingerprints in words."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from pipeline.catalogue.locate import locate
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.store import ModelStore
from pipeline.errors import ModelError
from pipeline.spec.fingerprints import Fingerprint
from pipeline.spec.sources import DepthSource, NamedSource, NetworkSet

PIXELART = NamedSource("pixelartdiffusion4k")
RN50 = NamedSource("RN50/openai")
DPT_LARGE = DepthSource("dpt_large", NamedSource("dpt_large"))


def put(store: ModelStore, *names: str) -> None:
    """Files in the store that pass for the published ones."""
    store.root.mkdir(exist_ok=True)
    for name in names:
        entry = PUBLISHED[name]
        store.path(entry).write_bytes(name.encode())
        store.remember(entry, entry.sha256)


def complaint(models: NetworkSet, store: ModelStore, **which: bool) -> str:
    """Why the networks of a scene cannot be located."""
    with pytest.raises(ModelError) as caught:
        locate(models, store, **which)
    return str(caught.value)


def by_words(found: Iterable[Fingerprint]) -> dict[str, str]:
    """The values of fingerprints by what they are of, in one line."""
    return {" / ".join(filter(None, one.key)): one.value for one in found}

"""LPIPS out of the store of models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.perceptual import LpipsFeatures, PerceptualDistance, lpips_state
from pipeline.errors import ModelError
from pipeline.models import lpips
from pipeline.models.lpips import NAMES, load_lpips
from pipeline.models.published import PUBLISHED
from pipeline.models.store import ModelStore
from tools.references.perceptual import pictures, seeded_heads, seeded_vgg16

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def unsummed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The published models, as if nobody had published their sums."""
    entries = {name: replace(PUBLISHED[name], sha256="", size=None) for name in NAMES}
    monkeypatch.setattr(lpips, "PUBLISHED", entries)


def filled(root: Path, heads: dict[str, Tensor]) -> ModelStore:
    """A store with seeded weights in the published form."""
    store = ModelStore(root)
    vgg16 = seeded_vgg16() | {"classifier.0.weight": torch.zeros(1)}
    for name, state in zip(NAMES, (vgg16, heads), strict=True):
        torch.save(state, store.path(lpips.PUBLISHED[name]))
        store.verify(lpips.PUBLISHED[name])
    return store


def test_the_two_checkpoints_together_are_the_network(tmp_path: Path) -> None:
    features = LpipsFeatures()
    features.load_state_dict(lpips_state(seeded_vgg16(), seeded_heads()))
    loaded = load_lpips(filled(tmp_path, seeded_heads()), CPU)
    assert not loaded.training and not any(p.requires_grad for p in loaded.parameters())
    expected = PerceptualDistance(features.eval())(*pictures())
    torch.testing.assert_close(PerceptualDistance(loaded)(*pictures()), expected)


def test_what_is_missing_is_named_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_lpips(ModelStore(tmp_path), CPU)
    told = str(caught.value)
    assert told.startswith(f"2 models are not in {tmp_path}")
    assert told.endswith(f"discoreel models pull vgg16 lpips_vgg --models-dir {tmp_path}")


def test_heads_that_are_none_of_lpips_are_refused(tmp_path: Path) -> None:
    store = filled(tmp_path, {key: -value - 1 for key, value in seeded_heads().items()})
    with pytest.raises(ModelError) as caught:
        load_lpips(store, CPU)
    path = store.path(PUBLISHED["lpips_vgg"])
    assert str(caught.value).startswith(f"{path}: lin0.model.1.weight, lin1")
    assert str(caught.value).endswith("pull the model again")

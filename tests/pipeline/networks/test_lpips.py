"""LPIPS out of its two published files."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from pipeline.diffusion.perceptual import LpipsFeatures, PerceptualDistance, lpips_state
from pipeline.errors import ModelError
from pipeline.networks.lpips import load_lpips
from tests.pipeline.networks.published import save_lpips
from tools.references.perceptual import pictures, seeded_heads, seeded_vgg16

CPU = torch.device("cpu")


@pytest.mark.slow
def test_the_two_checkpoints_together_are_the_network(tmp_path: Path) -> None:
    features = LpipsFeatures()
    features.load_state_dict(lpips_state(seeded_vgg16(), seeded_heads()))
    loaded = load_lpips(*save_lpips(tmp_path), CPU)
    assert not loaded.training and not any(p.requires_grad for p in loaded.parameters())
    expected = PerceptualDistance(features.eval())(*pictures())
    torch.testing.assert_close(PerceptualDistance(loaded)(*pictures()), expected)


def test_heads_that_are_none_of_lpips_are_refused(tmp_path: Path) -> None:
    heads = {key: -value - 1 for key, value in seeded_heads().items()}
    vgg16, path = save_lpips(tmp_path, heads)
    with pytest.raises(ModelError) as caught:
        load_lpips(vgg16, path, CPU)
    assert str(caught.value).startswith(f"{path}: lin0.model.1.weight, lin1")
    assert str(caught.value).endswith("pull the model again")


def test_the_two_files_the_wrong_way_round_are_refused(tmp_path: Path) -> None:
    vgg16, heads = save_lpips(tmp_path)
    with pytest.raises(ModelError):
        load_lpips(heads, vgg16, CPU)

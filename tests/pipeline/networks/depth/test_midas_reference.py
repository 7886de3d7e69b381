"""Depth networks against the published code of MiDaS, on the same seeded weights.

The expected outputs are written by `python -m tools.references.depth`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from pipeline.networks.depth import midas_keys
from pipeline.networks.depth.architectures import DEPTH_ARCHITECTURES
from pipeline.networks.depth.midas import load_published
from tests.pipeline.networks.seeded_depth import (
    architecture,
    error,
    expected,
    published_shapes,
    seeded_checkpoint,
)
from tests.pipeline.networks.tiny import CPU
from tools.references.depth import SIZES, kept
from tools.references.depth_weights import seeded_picture

QUICK = "midas_v21_small"


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    [case if case == QUICK else pytest.param(case, marks=pytest.mark.slow) for case in SIZES],
)
def test_a_network_answers_as_the_published_one(tmp_path: Path, case: str) -> None:
    weights = tmp_path / "published.pt"
    torch.save(seeded_checkpoint(case), weights)
    network = load_published(architecture(case), case, weights, CPU, torch.float32)
    with torch.no_grad():
        found = network(torch.from_numpy(seeded_picture(case, *SIZES[case])))
    wanted = expected(case)
    for part, numbers in kept(found[0, 0].numpy()).items():
        assert error(numbers, wanted[part]) < 1e-4, part


@pytest.mark.slow
@pytest.mark.parametrize("name", DEPTH_ARCHITECTURES)
def test_a_whole_network_has_the_published_names_and_shapes(name: str) -> None:
    found = architecture(name)
    with torch.device("meta"):
        state = found.build().state_dict()
    ours = {
        midas_keys.published(key, found.names): list(value.shape)
        for key, value in state.items()
        if midas_keys.is_used(key)
    }
    published = {
        key: shape for key, shape in published_shapes(name).items() if midas_keys.is_used(key)
    }
    assert ours == published

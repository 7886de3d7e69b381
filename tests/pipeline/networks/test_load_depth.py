"""The depth networks of a render: published, own and blended, in any precision."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
import torch
from torch import nn

from pipeline.catalogue.located import DepthFiles, NetworkFiles
from pipeline.catalogue.published import PUBLISHED
from pipeline.networks.depth.blend import blend_depth
from pipeline.networks.depth.folder import load_depth
from pipeline.networks.load import load_networks
from pipeline.spec.camera import Projection
from tests.pipeline.networks.located import networks, own_depth
from tests.pipeline.networks.seeded_depth import seeded_checkpoint
from tests.pipeline.networks.tiny import CPU, depth_network


@pytest.mark.slow
def test_a_published_depth_network_sees_between_the_planes_of_the_field(tmp_path: Path) -> None:
    weights = tmp_path / "midas_v21_small.pt"
    torch.save(seeded_checkpoint("midas_v21_small"), weights)
    files = NetworkFiles(weights, published=PUBLISHED["midas_v21_small"])
    models = load_networks(replace(networks(tmp_path), depth=(DepthFiles("x", files),)), CPU)
    assert models.depth is not None
    z = models.depth(torch.rand(1, 3, 40, 56) * 2 - 1)
    assert z.shape == (1, 1, 40, 56)
    assert 0.8 <= z.min() < z.max() <= 2.6


@pytest.mark.slow
def test_a_depth_network_of_ones_own_is_the_published_one_in_another_file(tmp_path: Path) -> None:
    """As a training of half precision keeps it."""
    name = "midas_v21_small"
    state = {key: value.half().float() for key, value in seeded_checkpoint(name).items()}
    torch.save(state, tmp_path / "published.pt")
    halves = {f"model.{key}": value.half() for key, value in state.items()}
    torch.save({"state_dict": halves, "epoch": 3}, tmp_path / "mine.ckpt")
    published = NetworkFiles(tmp_path / "published.pt", published=PUBLISHED[name])
    mine = NetworkFiles(tmp_path / "mine.ckpt", architecture=name)
    picture = torch.rand(1, 3, 40, 56) * 2 - 1
    one, two = (
        load_networks(replace(networks(tmp_path), depth=(DepthFiles("x", files),)), CPU)
        for files in (published, mine)
    )
    for projection in get_args(Projection):
        depths = [models.depth_for(projection) for models in (one, two)]
        assert torch.equal(*(depth(picture) for depth in depths if depth is not None))


def test_the_precision_reaches_depth(tmp_path: Path) -> None:
    tiny = replace(networks(tmp_path), depth=(own_depth(tmp_path / "z"),))
    picture = torch.rand(1, 3, 40, 56) * 2 - 1
    whole, half = (
        models.depth(picture)
        for models in (load_networks(tiny, CPU, dtype) for dtype in (torch.float32, torch.bfloat16))
        if models.depth is not None
    )
    assert torch.equal(whole, load_depth(tmp_path / "z", CPU)(picture))
    assert half.dtype == torch.float32
    assert 0 < (half - whole).abs().max() < 0.1 * whole.max()


@pytest.mark.slow
def test_a_blend_on_discos_scale_is_the_mean_of_depths(tmp_path: Path) -> None:
    torch.manual_seed(9)
    other = depth_network()
    nn.init.normal_(other.head.weight)
    blend = (own_depth(tmp_path / "a", 0.8), own_depth(tmp_path / "b", 0.2, other))
    models = load_networks(replace(networks(tmp_path), depth=blend), CPU)
    picture = torch.rand(1, 3, 40, 56) * 2 - 1
    one, two = (load_depth(tmp_path / name, CPU) for name in "ab")
    depth = models.depth_for("disco")
    assert depth is not None
    torch.testing.assert_close(depth(picture), 0.8 * one.disco(picture) + 0.2 * two.disco(picture))


@pytest.mark.slow
@pytest.mark.parametrize("turned", [False, True])
def test_depth_networks_are_blended_by_their_shares(tmp_path: Path, turned: bool) -> None:
    """In whatever order the scene lists them, to the last digit."""
    torch.manual_seed(9)
    other = depth_network()
    nn.init.normal_(other.head.weight)
    blend = (own_depth(tmp_path / "a", 0.8), own_depth(tmp_path / "b", 0.2, other))
    tiny = replace(networks(tmp_path), depth=blend[::-1] if turned else blend)
    picture = torch.rand(1, 3, 40, 56) * 2 - 1
    models = load_networks(tiny, CPU)
    one, two = (load_depth(tmp_path / name, CPU) for name in "ab")
    assert models.depth is not None
    assert torch.equal(models.depth(picture), blend_depth([(0.8, one), (0.2, two)])(picture))
    assert not torch.allclose(
        models.depth(picture), blend_depth([(0.2, one), (0.8, two)])(picture), atol=0.01
    )

"""Sizes that nobody has published are estimated from the networks as we build them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
import torch
import torchvision
from torch import nn
from torchvision.models.optical_flow import (
    Raft_Large_Weights,
    Raft_Small_Weights,
    raft_large,
    raft_small,
)

from pipeline.catalogue.guided_config import CONFIGURATIONS
from pipeline.catalogue.publication import Published, Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.published_depth import DEPTH_CONFIGURATIONS
from pipeline.catalogue.published_flow import FLOW_ESTIMATORS
from pipeline.diffusion.perceptual import LpipsFeatures
from pipeline.networks.denoisers.guided_unet import GuidedUNet
from pipeline.networks.denoisers.secondary import SecondaryNetwork
from pipeline.networks.depth.architectures import DEPTH_ARCHITECTURES
from pipeline.networks.encoders.published import build_encoder


def _lpips_heads() -> nn.Module:
    """The part of LPIPS that is not VGG16."""
    parts = LpipsFeatures().named_children()
    return nn.ModuleList(part for name, part in parts if name.startswith("lin"))


def _perceptual(entry: Published) -> nn.Module:
    build: Mapping[str, Callable[[], nn.Module]] = {
        "vgg16": torchvision.models.vgg16,
        "lpips_vgg": _lpips_heads,
    }
    return build[entry.name]()


def _raft(entry: Published) -> nn.Module:
    build: Mapping[str, Callable[[], nn.Module]] = {
        "raft_large": raft_large,
        "raft_small": raft_small,
    }
    return build[entry.architecture]()


BUILD: Mapping[Role, Callable[[Published], nn.Module]] = {
    Role.DENOISER: lambda entry: GuidedUNet(CONFIGURATIONS[entry.architecture]),
    Role.SECONDARY: lambda entry: SecondaryNetwork(),
    Role.ENCODER: build_encoder,
    Role.DEPTH: lambda entry: DEPTH_ARCHITECTURES[entry.architecture].build(),
    Role.FLOW: _raft,
    Role.PERCEPTUAL: _perceptual,
}


def test_flow_networks_are_those_that_torchvision_takes_by_default() -> None:
    defaults = {
        "raft_large": Raft_Large_Weights.DEFAULT,
        "raft_small": Raft_Small_Weights.DEFAULT,
    }
    for entry in FLOW_ESTIMATORS:
        theirs = defaults[entry.name]
        assert entry.mirrors == (theirs.url,)
        assert entry.estimate == pytest.approx(theirs.meta["_file_size"] * 2**20, rel=0.06)


def numbers_of(entry: Published) -> int:
    """Counted in a network that takes no memory."""
    with torch.device("meta"):
        network = BUILD[entry.role](entry)
    return sum(tensor.numel() for tensor in network.state_dict().values())


def names(chosen: Callable[[Published], bool]) -> list[str]:
    return [name for name, entry in PUBLISHED.items() if chosen(entry)]


@pytest.mark.slow
@pytest.mark.parametrize("name", names(lambda entry: entry.numbers is not None))
def test_an_estimate_is_that_of_the_network(name: str) -> None:
    entry = PUBLISHED[name]
    assert entry.numbers == numbers_of(entry)
    assert entry.size is None and entry.estimate == 4 * numbers_of(entry)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["256x256_diffusion_uncond", "midas_v21", "dpt_large", "vgg16"])
def test_where_the_size_is_known_the_same_estimate_is_near(name: str) -> None:
    size = PUBLISHED[name].size
    assert size == pytest.approx(4 * numbers_of(PUBLISHED[name]), rel=0.02)


def test_all_that_is_published_can_be_built_and_has_a_size() -> None:
    assert names(lambda entry: entry.estimate is None) == []
    assert set(DEPTH_CONFIGURATIONS) == set(DEPTH_ARCHITECTURES)

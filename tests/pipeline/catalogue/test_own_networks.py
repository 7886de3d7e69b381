"""An author's own networks are looked at as a render would look at them, without loading them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torchvision.models.optical_flow import raft_large, raft_small

from pipeline.catalogue.guided_config import CONFIGURATIONS, GuidedDiffusionConfig
from pipeline.catalogue.guided_shapes import guided_shapes
from pipeline.catalogue.outlines import RAFT, SECONDARY, raft_of
from pipeline.catalogue.own_networks import DEPTH_WEIGHTS, check_own
from pipeline.catalogue.publication import Role
from pipeline.errors import ModelError
from pipeline.networks.denoisers.guided_diffusion import load_guided_diffusion
from pipeline.networks.denoisers.guided_unet import GuidedUNet
from pipeline.networks.denoisers.secondary import SecondaryNetwork
from pipeline.networks.denoisers.unet_folder import load_denoiser
from pipeline.networks.depth.folder import WEIGHTS
from pipeline.networks.encoders.open_clip_folder import load_encoder
from pipeline.networks.files.weights import tensor_shapes
from pipeline.networks.flow.raft import load_raft
from pipeline.spec.sources import CheckpointSource, FolderSource
from tests.pipeline.networks.published import TINY, save_seeded, save_shapes
from tests.pipeline.networks.tiny import (
    CPU,
    EXTRAS,
    RESNET,
    TEXT,
    VISION,
    change_json,
    clip,
    save_clip,
    save_denoiser,
    save_depth,
    save_word_clip,
    unet,
    write_json,
)

SMALL: Mapping[str, dict[str, object]] = {
    "classes": {"class_cond": True},
    "no convolutions": {"conv_resample": False},
    "residual": {"resblock_updown": True, "use_scale_shift_norm": False, "learn_sigma": False},
}
GUIDED = {
    **CONFIGURATIONS,
    **{name: TINY.model_copy(update=changes) for name, changes in SMALL.items()},
}


def said(check: Callable[[], object]) -> str:
    with pytest.raises(ModelError) as caught:
        check()
    return str(caught.value)


def folder_said(folder: Path, role: Role) -> str:
    return said(lambda: check_own(FolderSource(str(folder)), role))


# ------------------------------------------------------------------------- guided-diffusion


@pytest.mark.parametrize("config", GUIDED.values(), ids=GUIDED)
def test_the_shapes_of_a_configuration_are_those_of_its_network(
    config: GuidedDiffusionConfig,
) -> None:
    with torch.device("meta"):
        network = GuidedUNet(config)
    assert guided_shapes(config) == tensor_shapes(network.state_dict())


def own_checkpoint(folder: Path, config: GuidedDiffusionConfig) -> CheckpointSource:
    path = save_seeded(folder / "my.pt", lambda: GuidedUNet(TINY))
    flags = write_json(folder / "flags.json", json.loads(config.model_dump_json()))
    return CheckpointSource(str(path), str(flags))


def test_a_checkpoint_is_told_from_its_configuration_as_by_a_render(tmp_path: Path) -> None:
    check_own(own_checkpoint(tmp_path, TINY), Role.DENOISER)
    wider = TINY.model_copy(update={"num_channels": 64})
    source = own_checkpoint(tmp_path, wider)
    checked = said(lambda: check_own(source, Role.DENOISER))
    assert checked == said(lambda: load_guided_diffusion(Path(source.file), wider, CPU))
    assert "input_blocks.0.0.weight has shape (32, 3, 3, 3), expected (64, 3, 3, 3)" in checked


def test_a_checkpoint_of_a_known_configuration_is_recognised(tmp_path: Path) -> None:
    path = save_shapes(tmp_path / "my.pt", guided_shapes(CONFIGURATIONS["pixelart"]))
    source = CheckpointSource(str(path), "portrait")
    words = said(lambda: check_own(source, Role.DENOISER))
    assert words.endswith('these weights fit the configuration "pixelart"; use that one')


def test_the_secondary_model_is_known_by_its_first_and_last_layers(tmp_path: Path) -> None:
    whole = tensor_shapes(SecondaryNetwork().state_dict())
    assert SECONDARY.items() <= whole.items()
    good = CheckpointSource(str(save_shapes(tmp_path / "good.pth", whole)), None)
    check_own(good, Role.SECONDARY)
    other = CheckpointSource(str(save_shapes(tmp_path / "other.pth", {"a": (1,)})), None)
    words = said(lambda: check_own(other, Role.SECONDARY))
    assert "does not fit the secondary model" in words and "net.4.weight is missing" in words


@pytest.mark.parametrize("build", [raft_large, raft_small])
def test_a_flow_network_is_told_from_others_as_by_a_render(
    tmp_path: Path, build: Callable[[], nn.Module]
) -> None:
    with torch.device("meta"):
        whole = tensor_shapes(build().state_dict())
    name = build.__name__
    assert raft_of(whole) == name and RAFT[name].items() <= whole.items()
    good = CheckpointSource(str(save_shapes(tmp_path / "good.pth", whole)), None)
    check_own(good, Role.FLOW)
    first, *_ = RAFT[name]
    other = save_shapes(tmp_path / "other.pth", {**whole, first: (1, 2, 3)})
    words = said(lambda: check_own(CheckpointSource(str(other), None), Role.FLOW))
    assert words == said(lambda: load_raft(other, CPU))
    assert f"does not fit the {name} of torchvision" in words


# ---------------------------------------------------------------------------------- folders


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"layers_per_block": 2},
        {"resnet_time_scale_shift": "scale_shift"},
        {"down_block_types": ("DownBlock2D", "AttnDownBlock2D")},
        {"down_block_types": ("ResnetDownsampleBlock2D", "KDownBlock2D")},
    ],
)
def test_a_folder_of_diffusers(tmp_path: Path, options: dict[str, Any]) -> None:
    save_denoiser(tmp_path, unet(**options))
    check_own(FolderSource(str(tmp_path)), Role.DENOISER)


@pytest.mark.parametrize(
    "changes",
    [
        {"block_out_channels": [16, 16]},
        {"block_out_channels": [8, 16, 16], "down_block_types": ["DownBlock2D"] * 3},
        {"layers_per_block": 2},
        {"resnet_time_scale_shift": "scale_shift"},
    ],
)
def test_a_configuration_of_another_u_net(tmp_path: Path, changes: dict[str, object]) -> None:
    change_json(save_denoiser(tmp_path, unet()) / "unet" / "config.json", **changes)
    words = folder_said(tmp_path, Role.DENOISER)
    assert "does not fit the UNet2DModel that the model's configuration describes:" in words
    with pytest.raises(ModelError):
        load_denoiser(tmp_path, CPU)


def test_a_folder_whose_parts_do_not_go_together(tmp_path: Path) -> None:
    save_denoiser(tmp_path, unet(), extras=EXTRAS)
    assert folder_said(tmp_path, Role.DENOISER) == said(lambda: load_denoiser(tmp_path, CPU))
    (tmp_path / "discoreel.json").unlink()
    change_json(tmp_path / "scheduler" / "scheduler_config.json", beta_end="x")
    assert folder_said(tmp_path, Role.DENOISER) == said(lambda: load_denoiser(tmp_path, CPU))


@pytest.mark.parametrize("vision", [VISION, RESNET], ids=["transformer", "resnet"])
def test_an_open_clip_folder(tmp_path: Path, vision: Mapping[str, Any]) -> None:
    save_clip(tmp_path, clip(vision), vision)
    # The vocabulary is missing.
    assert folder_said(tmp_path, Role.ENCODER) == said(lambda: load_encoder(tmp_path, CPU))
    save_word_clip(tmp_path / "words", clip(VISION))
    check_own(FolderSource(str(tmp_path / "words")), Role.ENCODER)


@pytest.mark.parametrize(
    ("section", "changes"),
    [
        ("vision_cfg", {"width": 48}),
        ("vision_cfg", {"layers": 2}),
        ("vision_cfg", {"layers": [1, 1, 1, 1]}),
        ("text_cfg", {"width": 16}),
        ("text_cfg", {"layers": 2}),
    ],
)
def test_a_configuration_of_another_clip(
    tmp_path: Path, section: str, changes: dict[str, object]
) -> None:
    change_json(save_word_clip(tmp_path) / "open_clip_config.json", "model_cfg", section, **changes)
    words = folder_said(tmp_path, Role.ENCODER)
    assert "does not fit the CLIP that the model's configuration describes:" in words
    with pytest.raises(ModelError):
        load_encoder(tmp_path, CPU)


def test_a_published_tower_is_not_guessed(tmp_path: Path) -> None:
    vision = {"image_size": 160, "timm_model_name": "test_vit3", "timm_pool": ""}
    save_clip(tmp_path, clip(vision), vision, {**TEXT, "vocab_size": 49408})
    change_json(tmp_path / "open_clip_config.json", "model_cfg", "text_cfg", width=64)
    assert "token_embedding.weight has shape" in folder_said(tmp_path, Role.ENCODER)


def test_depth_has_two_files(tmp_path: Path) -> None:
    assert DEPTH_WEIGHTS == WEIGHTS
    save_depth(tmp_path)
    check_own(FolderSource(str(tmp_path)), Role.DEPTH)
    (tmp_path / WEIGHTS).unlink()
    assert "no weights file here; is" in folder_said(tmp_path, Role.DEPTH)
    (tmp_path / "config.json").unlink()
    assert "config.json: cannot be read" in folder_said(tmp_path, Role.DEPTH)

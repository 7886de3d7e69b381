"""Single files of Stable Diffusion: every weight finds its place, other files are told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors.torch import save_file
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from pipeline.catalogue.ldm_files import check_ldm_shapes, ldm_kinds
from pipeline.catalogue.ldm_settings import LDM_ARCHITECTURES, LdmArchitecture
from pipeline.errors import ModelError
from pipeline.networks.files.checkpoint import read_state
from pipeline.networks.files.weights import tensor_shapes
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.single_file import parts_of
from pipeline.scene.reading.sources import read_checkpoint
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.ldm_layout import (
    ldm_state,
    ldm_unet,
    tiny_architecture,
)
from tests.pipeline.networks.tiny import CPU

PLACE = Place(CPU, CPU)


@dataclass(frozen=True)
class Model:
    """The networks of one file."""

    unet: UNet2DConditionModel
    vae: AutoencoderKL
    texts: list[Any]

    @property
    def all(self) -> list[nn.Module]:
        """Each of them."""
        return [self.unet, self.vae, *self.texts]


def tiny(name: str) -> Model:
    """Networks of an architecture, with few channels."""
    first, second = tiny_pipelines.text_encoder, tiny_pipelines.text_encoder_2
    unets: dict[str, Callable[[], UNet2DConditionModel]] = {
        "sd15": tiny_pipelines.unet,
        "sd21": lambda: tiny_pipelines.unet(use_linear_projection=True),
        "sdxl": tiny_pipelines.xl_unet,
        "sdxl-refiner": tiny_pipelines.refiner_unet,
    }
    texts = {"sdxl": [first, second], "sdxl-refiner": [second]}.get(name, [first])
    return Model(unets[name](), tiny_pipelines.vae(), [text() for text in texts])


def published(architecture: LdmArchitecture) -> Model:
    """Networks of an architecture, as large as they are, without numbers."""
    with torch.device("meta"):
        return Model(
            UNet2DConditionModel.from_config(dict(architecture.unet)),
            AutoencoderKL.from_config(dict(architecture.vae)),
            [
                (CLIPTextModelWithProjection if one.projects else CLIPTextModel)(
                    CLIPTextConfig(**one.settings)
                )
                for one in architecture.texts
            ],
        )


TINY = ("sd15", "sd21", "sdxl", "sdxl-refiner")


@pytest.mark.parametrize("name", TINY)
@pytest.mark.parametrize("suffix", ["safetensors", "ckpt"])
def test_a_file_gives_the_networks_that_were_written(
    tmp_path: Path, name: str, suffix: str
) -> None:
    model = tiny(name)
    architecture = tiny_architecture(LDM_ARCHITECTURES[name], model.unet, model.vae, model.texts)
    state = ldm_state(architecture, model.unet, model.vae, model.texts)
    path = tmp_path / f"model.{suffix}"
    if suffix == "ckpt":
        torch.save({"state_dict": state, "global_step": 840000}, path)
    else:
        save_file({key: value.clone() for key, value in state.items()}, path)
    parts = parts_of(read_state(path), path, architecture, PLACE)
    loaded = [parts.unet, parts.vae, *(encoder for encoder, _ in parts.encoders)]
    for found, expected in zip(loaded, model.all, strict=True):
        ours, theirs = found.state_dict(), expected.state_dict()
        assert ours.keys() == theirs.keys()
        for key, value in theirs.items():
            torch.testing.assert_close(ours[key], value, rtol=0, atol=0, msg=key)
    v = LDM_ARCHITECTURES[name].scheduler["prediction_type"]
    assert (parts.noise.prediction, len(parts.noise.schedule)) == (v, 1000)


SIZES = {
    "sd15": (859_520_964, 83_653_863, 123_060_480),
    "sd21-base": (865_910_724, 83_653_863, 340_387_840),
    "sd21": (865_910_724, 83_653_863, 340_387_840),
    "sdxl": (2_567_463_684, 83_653_863, 123_060_480, 694_659_840),
    "sdxl-refiner": (2_259_526_660, 83_653_863, 694_659_840),
}
"""Weights of the published U-Nets, autoencoders and text encoders."""


@pytest.mark.slow
@pytest.mark.parametrize("name", LDM_ARCHITECTURES)
def test_a_file_of_the_published_size_is_recognised(name: str) -> None:
    architecture = LDM_ARCHITECTURES[name]
    model = published(architecture)
    counts = [sum(weight.numel() for weight in one.parameters()) for one in model.all]
    assert tuple(counts) == SIZES[name]
    shapes = tensor_shapes(ldm_state(architecture, model.unet, model.vae, model.texts))
    path = Path("model.safetensors")
    check_ldm_shapes(path, name, shapes)
    assert name in ldm_kinds(path, shapes)


def message(name: str, shapes: dict[str, tuple[int, ...]]) -> str:
    with pytest.raises(ModelError) as caught:
        check_ldm_shapes(Path("model.safetensors"), name, shapes)
    return str(caught.value)


def whole(name: str) -> dict[str, tuple[int, ...]]:
    """The shapes of a file that are looked at first, as large as they are published."""
    architecture = LDM_ARCHITECTURES[name]
    unet = architecture.unet
    channels, width = unet["block_out_channels"][0], unet["cross_attention_dim"]
    inner = "model.diffusion_model.input_blocks"
    return {
        f"{inner}.0.0.weight": (channels, 4, 3, 3),
        f"{inner}.4.1.transformer_blocks.0.attn2.to_k.weight": (640, width),
        "first_stage_model.encoder.conv_in.weight": (128, 3, 3, 3),
        **{f"{text.prefix}any": (1,) for text in architecture.texts},
    }


@pytest.mark.parametrize("name", LDM_ARCHITECTURES)
def test_a_file_is_told_from_those_of_other_architectures(name: str) -> None:
    kinds = ldm_kinds(Path("model.safetensors"), whole(name))
    for other, architecture in LDM_ARCHITECTURES.items():
        if other in kinds:
            check_ldm_shapes(Path("model.safetensors"), other, whole(name))
            continue
        assert message(other, whole(name)) == (
            f"model.safetensors: is a file of {LDM_ARCHITECTURES[kinds[0]].title}, and config says "
            f"{other} ({architecture.title}); write config: {' or '.join(kinds)}, or name another "
            "file"
        )


OTHERS: dict[str, tuple[str, str]] = {
    "lora_unet_down_blocks_0_attentions_0.lora_up.weight": ("LoRA", "is a LoRA and no network"),
    "unet.down_blocks.0.attentions.0.to_q.lora_A.weight": ("PEFT", "is a LoRA and no network"),
    "control_model.input_blocks.0.0.weight": ("ControlNet", "is a ControlNet and no network"),
    "emb_params": ("embedding", "is a learned word (textual inversion)"),
    "model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight": ("SD3", "is a Stable Diff"),
    "double_blocks.0.img_attn.norm.key_norm.scale": ("Flux", "is a Flux; of that a diffusers"),
    "down_blocks.0.resnets.0.conv1.weight": ("U-Net", "is the U-Net of a diffusers folder;"),
    "first_stage_model.encoder.conv_in.weight": ("LDM VAE", "is an autoencoder (VAE) alone;"),
    "decoder.mid_block.attentions.0.to_q.weight": ("VAE", "is an autoencoder (VAE) alone;"),
    "text_model.encoder.layers.0.mlp.fc1.weight": ("text", "is a text encoder alone;"),
    "layers.0.weight": ("other", "is no single file of Stable Diffusion: none of its tensors is"),
}


@pytest.mark.parametrize("tensor", OTHERS, ids=[kind for kind, _ in OTHERS.values()])
def test_what_is_no_checkpoint_is_told(tensor: str) -> None:
    _, words = OTHERS[tensor]
    assert message("sd15", {tensor: (8, 8)}).startswith(f"model.safetensors: {words}")


@pytest.mark.parametrize("tensor", OTHERS, ids=[kind for kind, _ in OTHERS.values()])
def test_a_file_without_a_configuration_is_told_for_what_it_is(tmp_path: Path, tensor: str) -> None:
    """As far as it is known; others need a configuration beside them."""
    kind, words = OTHERS[tensor]
    path = tmp_path / "file.safetensors"
    save_file({tensor: torch.zeros(8, 8)}, path)
    with pytest.raises(ValueError) as caught:
        read_checkpoint({"file": path.name}, tmp_path)
    said = f"{path}: {words}" if kind != "other" else "no configuration beside"
    assert said in str(caught.value)


def test_a_part_that_is_missing_is_told() -> None:
    shapes = whole("sd15")
    del shapes["first_stage_model.encoder.conv_in.weight"]
    assert message("sd15", shapes) == (
        "model.safetensors: has no autoencoder: no tensor's name begins with first_stage_model.; "
        "name a file that has the whole of Stable Diffusion 1"
    )
    shapes = whole("sdxl")
    del shapes["conditioner.embedders.1.model.any"]
    assert message("sdxl", shapes).startswith(
        "model.safetensors: has no text encoder: no tensor's name begins with conditioner.embedders"
    )


def test_networks_that_are_given_more_or_are_unknown_are_told() -> None:
    first = "model.diffusion_model.input_blocks.0.0.weight"
    assert message("sd15", {**whole("sd15"), first: (320, 9, 3, 3)}) == (
        "model.safetensors: its U-Net takes 9 channels, 4 of latents and 5 of a picture or a mask, "
        "as networks for inpainting and the like do; name a file that paints from words alone"
    )
    assert message("sd15", {**whole("sd15"), first: (64, 4, 3, 3)}) == (
        "model.safetensors: has a U-Net of 64 channels for text embeddings of 768 numbers, which "
        "is none of Stable Diffusion 1, Stable Diffusion 2.1 base (512 px), Stable Diffusion 2.1 "
        "(768 px), SDXL, SDXL's refiner; name another file"
    )


def test_of_two_networks_the_average_is_taken(tmp_path: Path) -> None:
    """Its names lose their dots, as the trainings of latent-diffusion wrote them."""
    model = tiny("sd15")
    architecture = tiny_architecture(LDM_ARCHITECTURES["sd15"], model.unet, model.vae, model.texts)
    state = ldm_state(architecture, model.unet, model.vae, model.texts)
    averages = {
        f"model_ema.diffusion_model{name.replace('.', '')}": value + 1
        for name, value in ldm_unet(model.unet).items()
    }
    path = tmp_path / "model.ckpt"
    torch.save({"state_dict": {**state, **averages, "model_ema.decay": torch.tensor(0.9)}}, path)
    parts = parts_of(read_state(path), path, architecture, PLACE)
    for key, value in model.unet.state_dict().items():
        torch.testing.assert_close(parts.unet.state_dict()[key], value + 1, rtol=0, atol=0)
    ours, theirs = parts.vae.state_dict(), model.vae.state_dict()
    assert all(torch.equal(ours[key], value) for key, value in theirs.items())


def test_what_a_file_lacks_is_told_with_its_name(tmp_path: Path) -> None:
    model = tiny("sdxl")
    architecture = tiny_architecture(LDM_ARCHITECTURES["sdxl"], model.unet, model.vae, model.texts)
    state = ldm_state(architecture, model.unet, model.vae, model.texts)
    path = tmp_path / "model.safetensors"
    lacking = {
        "model.diffusion_model.label_emb.0.0.weight": (
            "lacks label_emb.0.0.weight, which SDXL has; fetch the file again, or name another one"
        ),
        "model.diffusion_model.out.2.bias": (
            "does not fit the UNet2DConditionModel of SDXL:\n  conv_out.bias is missing\n"
            "fetch the file again, or name another one"
        ),
        "conditioner.embedders.1.model.ln_final.bias": (
            "does not fit the CLIPTextModelWithProjection of SDXL:\n"
            "  text_model.final_layer_norm.bias is missing\n"
            "fetch the file again, or name another one"
        ),
    }
    for name, words in lacking.items():
        with pytest.raises(ModelError) as caught:
            parts_of(
                {key: value.clone() for key, value in state.items() if key != name},
                path,
                architecture,
                PLACE,
            )
        assert str(caught.value) == f"{path}: {words}"


def test_pickles_run_nothing(tmp_path: Path) -> None:
    path = tmp_path / "model.ckpt"
    torch.save({"state_dict": {"a": torch.zeros(1)}, "callbacks": {Path: 1}}, path)
    with pytest.raises(ModelError, match="holds more than tensors"):
        read_state(path)

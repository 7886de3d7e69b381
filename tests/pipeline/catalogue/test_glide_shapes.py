"""What GLIDE's checkpoints hold, by their configuration, and what is said of others."""

from __future__ import annotations

import json
from math import prod
from pathlib import Path

import pytest
import torch

from pipeline.catalogue.glide_config import BASE, UPSAMPLER, GlideConfig, glide_config
from pipeline.catalogue.glide_shapes import check_glide_shapes, glide_shapes, text_shapes
from pipeline.errors import ModelError
from pipeline.networks.denoisers.guided_unet import GuidedUNet
from pipeline.networks.files.weights import tensor_shapes
from pipeline.networks.text_to_image.glide.text_transformer import GlideText
from tests.pipeline.networks.published import save_shapes
from tools.references.glide import REDUCED

CONFIGS = {"base": BASE, "upsampler": UPSAMPLER}
CONFIGS |= {f"reduced {name}": case.config for name, case in REDUCED.items()}


@pytest.mark.parametrize("name", CONFIGS)
def test_the_networks_have_these_shapes(name: str) -> None:
    config = CONFIGS[name]
    with torch.device("meta"):
        text = GlideText(config)
        unet = GuidedUNet(config, channels=config.channels, context=config.xf_width)
    assert tensor_shapes(text.state_dict()) == text_shapes(config)
    assert tensor_shapes(text.state_dict() | unet.state_dict()) == glide_shapes(config)


@pytest.mark.parametrize(
    ("name", "tensors", "numbers"), [("base", 783, 385_030_726), ("upsampler", 797, 398_361_286)]
)
def test_the_published_networks_have_their_size(name: str, tensors: int, numbers: int) -> None:
    shapes = glide_shapes(CONFIGS[name])
    assert len(shapes) == tensors
    assert sum(prod(shape) for shape in shapes.values()) == numbers


def test_the_published_flags_may_be_written_down(tmp_path: Path) -> None:
    flags = {
        **{"image_size": 256, "num_channels": 192, "num_res_blocks": 2, "channel_mult": ""},
        **{"num_heads": 1, "num_head_channels": 64, "num_heads_upsample": -1, "dropout": 0.1},
        **{"attention_resolutions": "32,16,8", "text_ctx": 128, "xf_width": 512, "xf_layers": 16},
        **{"xf_heads": 8, "xf_final_ln": True, "xf_padding": True, "diffusion_steps": 1000},
        **{"noise_schedule": "linear", "timestep_respacing": "", "use_scale_shift_norm": True},
        **{"resblock_updown": True, "use_fp16": True, "cache_text_emb": False},
        **{"inpaint": False, "super_res": True},
    }
    weights = tmp_path / "upsample.pt"
    assert glide_config(weights, UPSAMPLER) is UPSAMPLER, "nothing is beside it"
    (tmp_path / "upsample.json").write_text(json.dumps(flags))
    assert glide_config(weights, UPSAMPLER) == UPSAMPLER
    (tmp_path / "base.json").write_text('{"noise_schedule": "squaredcos_cap_v2", "num_heads": 4}')
    changed = BASE.model_copy(update={"num_heads": 4})
    assert glide_config(tmp_path / "base.pt", BASE) == changed


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"inpaint": True}, "inpaint: found true; it should be False"),
        ({"xf_heads": 7}, "an xf_width of 512 cannot be split into 7 equal heads; mend xf_width"),
        ({"xf_widht": 7}, "xf_widht: unknown key"),
    ],
)
def test_flags_that_make_no_network_are_refused(
    tmp_path: Path, flags: dict[str, object], words: str
) -> None:
    path = tmp_path / "base.json"
    path.write_text(json.dumps(flags))
    with pytest.raises(ModelError) as caught:
        glide_config(tmp_path / "base.pt", BASE)
    assert str(caught.value).startswith(f"{path}: this configuration cannot be used:\n")
    assert words in str(caught.value)


def refusal(path: Path, config: GlideConfig) -> str:
    with pytest.raises(ModelError) as caught:
        check_glide_shapes(path, config)
    return str(caught.value)


def test_weights_that_fit_are_passed(tmp_path: Path) -> None:
    config = REDUCED["upsampler"].config
    check_glide_shapes(save_shapes(tmp_path / "upsample.pt", glide_shapes(config)), config)


def test_weights_in_each_others_place_are_told(tmp_path: Path) -> None:
    base = save_shapes(tmp_path / "upsample.pt", glide_shapes(BASE))
    said = refusal(base, UPSAMPLER)
    assert said.startswith(f"{base}: does not fit the published GLIDE upsampler:\n")
    assert said.endswith("\nthese are weights of a base network; its place is base.pt")
    upsampler = save_shapes(tmp_path / "base.pt", glide_shapes(UPSAMPLER))
    said = refusal(upsampler, BASE)
    assert said.endswith("\nthese are weights of an upsampler; its place is upsample.pt")


def test_weights_for_inpainting_are_told(tmp_path: Path) -> None:
    shapes = glide_shapes(BASE) | {"input_blocks.0.0.weight": (192, 7, 3, 3)}
    path = save_shapes(tmp_path / "base.pt", shapes)
    assert refusal(path, BASE) == (
        f"{path}: does not fit the published GLIDE base network:\n"
        "  input_blocks.0.0.weight has shape (192, 7, 3, 3), expected (192, 3, 3, 3)\n"
        "these are weights for inpainting; fetch base.pt in place of base_inpaint.pt"
    )


def test_weights_of_other_flags_are_told_how_to_write_them_down(tmp_path: Path) -> None:
    config = BASE.model_copy(update={"xf_layers": 15})
    path = save_shapes(tmp_path / "base.pt", glide_shapes(BASE))
    said = refusal(path, config)
    assert said.startswith(
        f"{path}: does not fit the GLIDE base network of its configuration (xf_layers 15):\n"
        "  transformer.resblocks.15.attn.c_proj.bias is not part of the network\n"
    )
    assert said.endswith(
        "\nuse the published file, or write the flags of the training that differ from its beside "
        "the weights, as JSON in a file of the same name"
    )

"""A denoiser's folder that cannot be used: what is said about each file of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ModelError
from pipeline.networks.denoisers.unet_folder import load_denoiser
from tests.pipeline.networks.tiny import (
    CPU,
    EXTRAS,
    SCALE,
    change_json,
    save_denoiser,
    save_weights,
    unet,
)

UNET = "unet/config.json"
WEIGHTS = "unet/diffusion_pytorch_model.safetensors"
SCHEDULER = "scheduler/scheduler_config.json"


def complaint(folder: Path) -> str:
    """What is said about `folder`, with its name taken off."""
    with pytest.raises(ModelError) as caught:
        load_denoiser(folder, CPU)
    return str(caught.value).removeprefix(f"{folder}/")


@pytest.mark.parametrize(
    ("file", "keys", "changes", "fault"),
    [
        (
            UNET,
            [],
            {"_class_name": "UNet2DConditionModel"},
            "_class_name: found \"UNet2DConditionModel\"; it should be 'UNet2DModel'",
        ),
        (UNET, [], {"_class_name": ...}, "_class_name: is missing"),
        (
            UNET,
            [],
            {"in_channels": "three"},
            'in_channels: found "three"; it should be a valid integer',
        ),
        (SCHEDULER, [], {"beta_end": "x"}, 'beta_end: found "x"; it should be a valid number'),
        (
            "discoreel.json",
            [],
            {"promt": {"scale": 16.0}},
            'promt: unknown key (did you mean "prompt"?); allowed: lapped, prompt',
        ),
        ("discoreel.json", ["lapped"], {"scale": ...}, "lapped.scale: is missing"),
        (
            "discoreel.json",
            ["lapped"],
            {"block": 3},
            "lapped.block: found 3; it should be a multiple of 2",
        ),
        (
            "discoreel.json",
            ["lapped"],
            {"scale": SCALE[:3]},
            "lapped: scale has 3 numbers; a block of 2 has 4 coefficients",
        ),
        (
            "discoreel.json",
            ["prompt"],
            {"scale": 0},
            "prompt.scale: found 0; it should be greater than 0",
        ),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    tmp_path: Path, file: str, keys: list[str], changes: dict[str, object], fault: str
) -> None:
    save_denoiser(tmp_path, unet(12, class_embed_type="identity"), extras=EXTRAS)
    change_json(tmp_path / file, *keys, **changes)
    assert complaint(tmp_path) == (
        f"{file}: this configuration cannot be used:\n  {fault}\n"
        "restore the file, or use another model"
    )


@pytest.mark.parametrize(
    "changes",
    [{"norm_num_groups": 3}, {"block_out_channels": [8]}, {"down_block_types": ["No", "Block"]}],
)
def test_values_that_make_no_network_are_named(tmp_path: Path, changes: dict[str, object]) -> None:
    change_json(save_denoiser(tmp_path, unet()) / UNET, **changes)
    said = complaint(tmp_path)
    # In brackets stands what diffusers makes of it.
    assert said.startswith(f"{UNET}: no network can be built from this configuration (ValueError: ")
    assert said.endswith("); restore the file, or use another model")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (UNET, "cannot be read (No such file or directory)"),
        (SCHEDULER, "cannot be read (No such file or directory)"),
        (WEIGHTS, "no weights file here"),
    ],
)
def test_a_missing_file_is_named(tmp_path: Path, file: str, words: str) -> None:
    (save_denoiser(tmp_path, unet()) / file).unlink()
    assert complaint(tmp_path) == f"{file}: {words}; is the model's folder whole?"


@pytest.mark.parametrize(
    ("network", "extras", "faults"),
    [
        (
            {"channels": 12, "class_embed_type": "identity"},
            None,
            "  in_channels: found 12; allowed: 3\n"
            "  out_channels: found 12; allowed: 3\n"
            '  class_embed_type: found "identity"; allowed: nothing\n',
        ),
        ({"num_class_embeds": 10}, None, "  num_class_embeds: found 10; allowed: nothing\n"),
        (
            {},
            EXTRAS,
            "  in_channels: found 3; allowed: 12\n"
            "  out_channels: found 3; allowed: 12\n"
            '  class_embed_type: found nothing; allowed: "identity"\n',
        ),
    ],
)
def test_a_network_with_other_inputs_is_refused(
    tmp_path: Path, network: dict[str, Any], extras: dict[str, Any] | None, faults: str
) -> None:
    assert complaint(save_denoiser(tmp_path, unet(**network), extras=extras)) == (
        f"{UNET}: this U-Net does not fit what discoreel.json beside its folder says, "
        f"or, without that file, a network of pixels and no prompt:\n{faults}"
        "restore both files from one source, or use another model"
    )


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    other = unet(resnet_time_scale_shift="scale_shift")
    save_weights(save_denoiser(tmp_path, unet()) / WEIGHTS, other)
    first, fault, *_ = complaint(tmp_path).splitlines()
    assert first == (
        f"{WEIGHTS}: does not fit the UNet2DModel that the model's configuration describes:"
    )
    assert fault == ("  down_blocks.0.resnets.0.time_emb_proj.bias has shape (16,), expected (8,)")

"""LoRAs that were made for other networks, or are none, are told by the layers that do not fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ModelError
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.stable_diffusion import load_stable_diffusion
from pipeline.networks.text_to_image.unet_adapters import AdapterFiles
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.tiny_loras import (
    OF_TEXTS,
    OF_UNET,
    halves,
    save_kohya,
    save_peft,
)
from tests.pipeline.networks.text_to_image.tiny_pipelines import save_pipeline
from tests.pipeline.networks.tiny import CPU

PLACE = Place(CPU, CPU)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda unet: tiny_pipelines.unet(cross_attention_dim=24),
            r"to_k of shape \(8, 24\)",
        ),
        (
            lambda unet: tiny_pipelines.unet(
                down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
                up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            ),
            "which is not there",
        ),
    ],
)
def test_one_for_another_network_is_told(
    tmp_path: Path, change: Callable[[Any], Any], words: str
) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    file = save_peft(tmp_path / "ink.safetensors", {"unet": halves(change(pipeline.unet), OF_UNET)})
    files = AdapterFiles(loras={"ink": file})
    with pytest.raises(ModelError, match=words) as caught:
        load_stable_diffusion(folder, PLACE, files=files)
    assert str(caught.value).startswith(f"{file}: this LoRA ")


def test_text_encoders_that_are_not_there_are_told(tmp_path: Path) -> None:
    pipeline = tiny_pipelines.sd_pipeline(tmp_path)
    folder = save_pipeline(tmp_path, pipeline)
    file = save_kohya(
        tmp_path / "ink.safetensors",
        {
            "unet": halves(pipeline.unet, OF_UNET),
            "te2": halves(pipeline.text_encoder, OF_TEXTS),
        },
    )
    files = AdapterFiles(loras={"ink": file})
    with pytest.raises(ModelError, match="does not fit the second text encoder of this denoiser"):
        load_stable_diffusion(folder, PLACE, files=files)

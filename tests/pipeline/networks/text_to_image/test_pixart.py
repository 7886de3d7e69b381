"""PixArt answers as it does within diffusers' pipelines."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from diffusers import DiffusionPipeline

from pipeline.networks.text_to_image.parts.condition import Condition, stacked
from pipeline.networks.text_to_image.pixart import PixArtBackbone, shape_told
from tests.pipeline.networks.text_to_image.recorded import calls, slopes
from tests.pipeline.networks.text_to_image.tiny_transformers import (
    pixart_alpha,
    pixart_sigma,
    pixart_transformer,
    prompt_sequence,
)

LONG, SHORT = torch.tensor([True] * 6 + [False]), torch.tensor([True] * 3 + [False] * 4)
PIPELINES = {
    "alpha-512": pixart_alpha,
    # By this size the pipeline and the network know that shapes are told.
    "alpha-1024": lambda folder: pixart_alpha(folder, sample_size=128),
    "sigma": pixart_sigma,
    "sigma-1024": lambda folder: pixart_sigma(folder, sample_size=128),
    "without variances": lambda folder: pixart_alpha(folder, out_channels=4),
}


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # diffusers' own
@pytest.mark.parametrize("name", PIPELINES)
def test_the_transformer_is_asked_as_the_pipeline_asks_it(tmp_path: Path, name: str) -> None:
    pipeline: DiffusionPipeline = PIPELINES[name](tmp_path)
    seen = calls(
        pipeline,
        negative_prompt=None,
        prompt_embeds=prompt_sequence(0)[None],
        prompt_attention_mask=LONG.long()[None],
        negative_prompt_embeds=prompt_sequence(1)[None],
        negative_prompt_attention_mask=SHORT.long()[None],
        width=8,
        height=16,
        num_inference_steps=3,
        guidance_scale=4.0,
        use_resolution_binning=False,
    )
    backbone = PixArtBackbone(pipeline.transformer)
    told = shape_told(pipeline.transformer, (8, 16))
    prompts = [
        Condition(prompt_sequence(1), SHORT, told),
        Condition(prompt_sequence(0), LONG, told),
    ]
    assert len(seen) == 3
    for call in seen:
        x, t = call.given["hidden_states"], call.given["timestep"]
        eps = backbone(x, t.float(), stacked(prompts, Condition()))
        assert eps.shape == (2, 4, 8, 4)
        torch.testing.assert_close(eps, call.output[:, :4], rtol=0, atol=1e-5)


def test_a_shape_is_told_where_the_network_was_trained_so() -> None:
    told = shape_told(pixart_transformer(sample_size=128), (48, 32))
    assert {name: vector.tolist() for name, vector in told.items()} == {
        "resolution": [32, 48],
        "aspect_ratio": [pytest.approx(2 / 3)],
    }
    assert shape_told(pixart_transformer(), (48, 32)) == {}


def test_tokens_behind_the_mask_do_not_matter() -> None:
    backbone = PixArtBackbone(pixart_transformer())
    x, t = torch.randn(1, 4, 8, 4), torch.tensor([700.0])
    sequence, other = prompt_sequence(0), prompt_sequence(0)
    other[-1] = 5.0
    here, there = (
        backbone(x, t, stacked([Condition(one, LONG)], Condition())) for one in (sequence, other)
    )
    torch.testing.assert_close(here, there, rtol=0, atol=1e-6)


def test_gradients_reach_the_latents() -> None:
    backbone, t = PixArtBackbone(pixart_transformer()), torch.tensor([500.0])
    condition = stacked([Condition(prompt_sequence(0), LONG)], Condition())
    by_gradient, by_difference = slopes(
        lambda x: backbone(x, t, condition), torch.randn(1, 4, 4, 4)
    )
    assert by_gradient == pytest.approx(by_difference, rel=1e-2)

"""Stable Diffusion 3 answers as it does within diffusers' pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from pipeline.errors import ModelError
from pipeline.networks.text_to_image.parts.condition import Condition, stacked
from pipeline.networks.text_to_image.stable_diffusion_3 import (
    StableDiffusion3Backbone,
)
from pipeline.networks.text_to_image.texts.t5_texts import POOLED
from tests.pipeline.networks.text_to_image.recorded import calls, slopes
from tests.pipeline.networks.text_to_image.tiny_transformers import (
    prompt_sequence,
    prompt_vector,
    sd3_transformer,
    stable_diffusion_3,
)

SD35 = {"qk_norm": "rms_norm", "dual_attention_layers": (0,)}


def prompt(seed: int) -> Condition:
    return Condition(prompt_sequence(seed), vectors={POOLED: prompt_vector(seed)})


@pytest.mark.parametrize("options", [{}, SD35], ids=["3", "3.5"])
def test_the_transformer_is_asked_as_the_pipeline_asks_it(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    pipeline = stable_diffusion_3(tmp_path, **options)
    seen = calls(
        pipeline,
        prompt_embeds=prompt_sequence(0)[None],
        pooled_prompt_embeds=prompt_vector(0)[None],
        negative_prompt_embeds=prompt_sequence(1)[None],
        negative_pooled_prompt_embeds=prompt_vector(1)[None],
        width=8,
        height=16,
        num_inference_steps=3,
        guidance_scale=4.0,
    )
    backbone = StableDiffusion3Backbone(pipeline.transformer, factor=2)
    both = stacked([prompt(1), prompt(0)], Condition())
    assert len(seen) == 3
    for call in seen:
        velocity = backbone(call.given["hidden_states"], call.given["timestep"], both)
        assert velocity.shape == (2, 4, 8, 4)
        torch.testing.assert_close(velocity, call.output, rtol=0, atol=1e-5)


def test_gradients_reach_the_latents() -> None:
    backbone = StableDiffusion3Backbone(sd3_transformer(), factor=2)
    condition, t = stacked([prompt(0)], Condition()), torch.tensor([500.0])
    by_gradient, by_difference = slopes(
        lambda x: backbone(x, t, condition), torch.randn(1, 4, 4, 4)
    )
    assert by_gradient == pytest.approx(by_difference, rel=1e-2)


def test_a_picture_beyond_its_positions_is_refused() -> None:
    backbone = StableDiffusion3Backbone(sd3_transformer(), factor=2)
    condition, t = stacked([prompt(0)], Condition()), torch.tensor([500.0])
    assert backbone(torch.zeros(1, 4, 24, 4), t, condition).shape == (1, 4, 24, 4)
    with pytest.raises(ModelError) as caught:
        backbone(torch.zeros(1, 4, 26, 4), t, condition)
    assert str(caught.value) == (
        "video.size: this denoiser knows positions for 48 pixels a side, found 8x52; make the "
        "frames smaller, and enlarge them with output.upscale, or use another denoiser"
    )

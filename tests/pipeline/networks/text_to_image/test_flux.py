"""Flux answers as it does within diffusers' pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from pipeline.networks.text_to_image.flux import (
    FluxBackbone,
    packed,
    positions,
    unpacked,
)
from pipeline.networks.text_to_image.parts.condition import Condition, stacked
from pipeline.networks.text_to_image.texts.t5_texts import POOLED
from tests.pipeline.networks.text_to_image.recorded import calls, slopes
from tests.pipeline.networks.text_to_image.tiny_transformers import (
    flux,
    flux_transformer,
    prompt_sequence,
    prompt_vector,
)


def prompt(seed: int) -> Condition:
    return Condition(prompt_sequence(seed), vectors={POOLED: prompt_vector(seed)})


@pytest.mark.parametrize("dev", [True, False])
def test_the_transformer_is_asked_as_the_pipeline_asks_it(tmp_path: Path, dev: bool) -> None:
    pipeline = flux(tmp_path, dev=dev)
    seen = calls(
        pipeline,
        prompt_embeds=torch.stack([prompt_sequence(0), prompt_sequence(1)]),
        pooled_prompt_embeds=torch.stack([prompt_vector(0), prompt_vector(1)]),
        width=8,
        height=16,
        num_inference_steps=3,
        guidance_scale=2.5,
    )
    backbone = FluxBackbone(pipeline.transformer, guidance_scale=2.5)
    condition = stacked([prompt(0), prompt(1)], Condition())
    assert len(seen) == 3
    for call in seen:
        x = unpacked(call.given["hidden_states"], rows=4)
        velocity = backbone(x, 1000 * call.given["timestep"], condition)
        assert velocity.shape == (2, 4, 8, 4)
        torch.testing.assert_close(packed(velocity), call.output, rtol=0, atol=1e-5)


def test_guidance_tells_dev_and_not_schnell() -> None:
    x, t, condition = (
        torch.randn(1, 4, 8, 4),
        torch.tensor([700.0]),
        stacked([prompt(0)], prompt(0)),
    )
    dev, schnell = flux_transformer(guidance_embeds=True), flux_transformer()
    little, much = (FluxBackbone(dev, scale)(x, t, condition) for scale in (1.0, 6.0))
    assert (little - much).abs().max() > 1e-3
    little, much = (FluxBackbone(schnell, scale)(x, t, condition) for scale in (1.0, 6.0))
    assert torch.equal(little, much)


def test_packing_is_the_pipelines_and_is_undone(tmp_path: Path) -> None:
    x = torch.randn(2, 3, 4, 6)
    assert torch.equal(packed(x), flux(tmp_path, dev=False)._pack_latents(x, 2, 3, 4, 6))
    assert torch.equal(unpacked(packed(x), rows=2), x)


def test_positions_count_rows_and_columns() -> None:
    assert positions(2, 3, torch.device("cpu")).tolist() == [
        [0, 0, 0],
        [0, 0, 1],
        [0, 0, 2],
        [0, 1, 0],
        [0, 1, 1],
        [0, 1, 2],
    ]


def test_gradients_reach_the_latents() -> None:
    backbone, condition = FluxBackbone(flux_transformer()), stacked([prompt(0)], Condition())
    t = torch.tensor([500.0])
    by_gradient, by_difference = slopes(
        lambda x: backbone(x, t, condition), torch.randn(1, 4, 4, 4)
    )
    assert by_gradient == pytest.approx(by_difference, rel=1e-2)

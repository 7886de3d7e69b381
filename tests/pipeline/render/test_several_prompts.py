"""Several prompts, which a network of embeddings is led to each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from keyframes.prompts import Prompt
from pipeline.networks.denoisers.prompted import EncoderPrompted
from pipeline.networks.encoders.prompt_encoder import PromptEncoder
from pipeline.protocols import Denoiser
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.spec.denoise import SamplerSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.render.guided import T, spec_with
from tests.pipeline.toy_networks import (
    NO_GUIDANCE,
    PaintNetwork,
    QuartersEncoder,
    toy_networks,
)

RED, BLUE = Prompt("red"), Prompt("blue")
TEXT = PromptEncoder(QuartersEncoder())


class Painting:
    """A network of embeddings that paints as the toy does."""

    def for_sampling(self, sampler: SamplerSpec) -> Painting:
        return self

    def bind(self, embedding: Tensor | None) -> Denoiser:
        rows = [None] if embedding is None else list(embedding.view(-1, embedding.shape[-1]))
        return PaintNetwork().bind(*(one if one is None or one.any() else None for one in rows))


NETWORK = EncoderPrompted(Painting(), TEXT, nn.Linear(1, 1), torch.device("cpu"))


def led(x: Tensor, prompts: Sequence[Prompt], cfg_scale: float) -> Tensor:
    guidance = replace(NO_GUIDANCE, cfg_scale=StepSchedule.constant(cfg_scale))
    spec = spec_with(guidance, prompts=tuple(prompts))
    return guided_denoiser(toy_networks(denoiser=NETWORK), spec)(x, T)


def by_hand(x: Tensor, scales: Sequence[tuple[Prompt, float]]) -> Tensor:
    """`without + sum of scale * (with_prompt - without)`."""
    without = NETWORK.bind(None)(x, T)
    alone = [(NETWORK.bind(TEXT(prompt))(x, T), scale) for prompt, scale in scales]
    return without + sum(scale * (one - without) for one, scale in alone)


@pytest.mark.parametrize(
    ("weights", "cfg_scale", "scales"),
    [
        ((0.5, 0.5), 0.5, (0.25, 0.25)),
        ((0.5, 0.5), 1.0, (0.5, 0.5)),
        ((0.5, 0.5), 2.5, (2.0, 2.0)),
        ((0.75, 0.25), 1.0, (0.75, 0.25)),
        ((0.75, 0.25), 2.5, (2.25, 0.75)),
        ((1.5, -0.5), 1.0, (1.0, -1 / 3)),
        ((1.5, -0.5), 2.5, (2.5, -2.5 / 3)),
    ],
)
def test_prompts_share_the_way_to_them_and_each_is_exaggerated_in_full(
    x: Tensor, weights: tuple[float, float], cfg_scale: float, scales: tuple[float, float]
) -> None:
    asked = [replace(one, weight=w) for one, w in zip((RED, BLUE), weights, strict=True)]
    expected = by_hand(x, [(RED, scales[0]), (BLUE, scales[1])])
    torch.testing.assert_close(led(x, asked, cfg_scale), expected)


def test_one_prompt_is_classifier_free_guidance(x: Tensor) -> None:
    torch.testing.assert_close(led(x, [RED], 2.5), by_hand(x, [(RED, 2.5)]))
    assert torch.equal(led(x, [RED], 1.0), NETWORK.bind(TEXT(RED))(x, T))


def test_what_is_only_to_stay_away_is_led_away_from(x: Tensor) -> None:
    torch.testing.assert_close(led(x, [replace(RED, weight=-1.0)], 2), by_hand(x, [(RED, -2)]))


def test_a_prompt_of_no_weight_is_not_asked(x: Tensor) -> None:
    """At its key a cross-fade shows nothing yet of what comes."""
    assert torch.equal(led(x, [RED, replace(BLUE, weight=0.0)], 1.0), led(x, [RED], 1.0))

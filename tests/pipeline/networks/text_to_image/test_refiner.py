"""SDXL's refiner: its conditions are those of diffusers, and it paints from its timestep on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.networks.text_to_image.parts.condition import Condition, mixed, stacked
from pipeline.networks.text_to_image.parts.unets import UNetBackbone, sizes_told
from pipeline.networks.text_to_image.refiner import (
    HANDOVER,
    RefinedTexts,
    Relay,
    ScoredTexts,
    both_told,
    handover_timestep,
    refiner_sizes_told,
)
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.diffusers_calls import calls

SIZE = (40, 24)


def random(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(*shape, generator=torch.manual_seed(seed))


@dataclass(frozen=True)
class Drawn:
    """A text side of random embeddings, of 5 tokens for each word."""

    width: int
    seed: int

    def __call__(self, prompt: Prompt) -> Condition:
        words = max(1, len(prompt.text.split()))
        sequence = random(5 * words, self.width, seed=self.seed + len(prompt.text))
        return Condition(sequence, None, {"text_embeds": random(16, seed=self.seed + 1)})

    def empty(self) -> Condition:
        return self(Prompt("nothing"))


BASE, REFINER = Drawn(32, 100), Drawn(16, 200)


def test_the_refiner_alone_is_told_what_diffusers_tells_it(tmp_path: Path) -> None:
    """With classifier-free guidance: the empty prompt is told to be ugly."""
    pipeline = tiny_pipelines.refiner_pipeline(tmp_path)
    texts = ScoredTexts(REFINER)
    both = [texts(Prompt("castle")), texts.empty()]
    embeds = [
        {
            "prompt_embeds": one.sequence[None],
            "pooled_prompt_embeds": one.vectors["text_embeds"][None],
        }
        for one in both
        if one.sequence is not None
    ]
    w, h = SIZE
    (ask,) = calls(
        pipeline,
        **embeds[0],
        **{f"negative_{name}": value for name, value in embeds[1].items()},
        image=random(1, 4, h // 2, w // 2),
        num_inference_steps=4,
        strength=0.25,
        original_size=(h, w),
        target_size=(h, w),
    )
    told = {name: vector.expand(2, -1) for name, vector in refiner_sizes_told(SIZE).items()}
    given = stacked(both[::-1], texts.empty())
    condition = Condition(given.sequence, None, {**given.vectors, **told})
    found = UNetBackbone(pipeline.unet)(ask.x, ask.t, condition)
    torch.testing.assert_close(found, ask.output, rtol=1e-5, atol=1e-5)


def test_a_negative_prompt_is_told_to_be_ugly() -> None:
    texts = ScoredTexts(REFINER)
    assert texts(Prompt("sea", weight=0.5)).vectors["aesthetic_score"] == 6.0
    assert texts(Prompt("sea", weight=-1.0)).vectors["aesthetic_score"] == 2.5


@pytest.mark.parametrize(("t", "refines"), [(999.0, False), (200.0, False), (199.5, True)])
def test_each_network_gets_its_own_half(t: float, refines: bool) -> None:
    base = UNetBackbone(tiny_pipelines.xl_unet())
    refiner = UNetBackbone(tiny_pipelines.refiner_unet())
    relay = Relay(base, refiner, 32, handover_timestep(HANDOVER, 1000))
    texts = RefinedTexts(BASE, ScoredTexts(REFINER))
    prompts = [Prompt("castle at dawn"), Prompt("sea")]
    told = {name: vector.expand(2, -1) for name, vector in both_told(sizes_told)(SIZE).items()}
    given = stacked([texts(prompt) for prompt in prompts], texts.empty())
    x, times = random(2, 4, 12, 20), torch.full((2,), t)
    side, network, size = (
        (ScoredTexts(REFINER), refiner, refiner_sizes_told) if refines else (BASE, base, sizes_told)
    )
    alone = stacked([side(prompt) for prompt in prompts], side.empty())
    vectors = {name: vector.expand(2, -1) for name, vector in size(SIZE).items()}
    with torch.no_grad():
        found = relay(x, times, Condition(given.sequence, None, {**given.vectors, **told}))
        expected = network(x, times, Condition(alone.sequence, None, {**alone.vectors, **vectors}))
    torch.testing.assert_close(found, expected)


def test_prompts_are_blended_for_both_networks() -> None:
    texts = RefinedTexts(BASE, ScoredTexts(REFINER))
    prompts = [Prompt("castle at dawn"), Prompt("sea")]
    both = mixed([texts(prompt) for prompt in prompts], [2.0, 1.0], texts.empty())
    ours = mixed([REFINER(prompt) for prompt in prompts], [2.0, 1.0], REFINER.empty())
    assert both.sequence is not None and ours.sequence is not None
    torch.testing.assert_close(both.sequence[:, 32:], ours.sequence)
    torch.testing.assert_close(both.vectors["refiner.text_embeds"], ours.vectors["text_embeds"])
    assert both.vectors["refiner.aesthetic_score"] == 6.0


def test_a_shorter_half_goes_on_with_its_empty_prompt() -> None:
    @dataclass(frozen=True)
    class Short(Drawn):
        def __call__(self, prompt: Prompt) -> Condition:
            long = super().__call__(prompt)
            assert long.sequence is not None
            return Condition(long.sequence[:5], None, long.vectors)

    short = Short(16, 200)
    both = RefinedTexts(BASE, short)(Prompt("castle at dawn")).sequence
    empty, own = short.empty().sequence, short(Prompt("castle at dawn")).sequence
    assert both is not None and empty is not None and own is not None
    torch.testing.assert_close(both[:, 32:], torch.cat([own, empty, empty]))


def test_both_halves_go_on_with_the_empty_text() -> None:
    """Also where zeros stand for no prompt in the base."""

    @dataclass(frozen=True)
    class Filled(Drawn):
        def __call__(self, prompt: Prompt) -> Condition:
            return replace(super().__call__(prompt), filler=random(5, self.width, seed=7))

        def empty(self) -> Condition:
            return Condition(torch.zeros(5, self.width), None, {"text_embeds": torch.zeros(16)})

    base, refiner = Filled(32, 100), ScoredTexts(REFINER)
    texts = RefinedTexts(base, refiner)
    short, long, none = texts(Prompt("sea")), texts(Prompt("castle at")), texts.empty()
    both = stacked([short, long, none], none).sequence
    follows, empty = refiner.empty().sequence, random(5, 32, seed=7)
    assert both is not None and follows is not None
    torch.testing.assert_close(both[0, 5:], torch.cat([empty, follows], dim=-1))
    torch.testing.assert_close(both[2, 5:], torch.cat([torch.zeros(5, 32), follows], dim=-1))

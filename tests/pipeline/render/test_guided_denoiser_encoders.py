"""Several encoders that guide together, and networks that listen to none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.schedule import linear_schedule
from pipeline.networks.bundle import Networks
from pipeline.protocols import Denoiser
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.spec.denoise import EncoderSpec, GuidanceSpec, SamplerSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.diffusion.analytic import GaussianDenoiser
from tests.pipeline.render.guided import T, spec_with
from tests.pipeline.toy_networks import NO_GUIDANCE, PaintNetwork, QuartersEncoder, toy_networks


def guided(
    models: Networks,
    x: Tensor,
    *encoders: EncoderSpec,
    t: int = 60,
    guidance: GuidanceSpec = NO_GUIDANCE,
) -> Tensor:
    """What CLIP guidance adds to the estimate, with these encoders."""
    guidance = replace(guidance, clip_guidance_scale=StepSchedule.constant(1e-3))
    spec = spec_with(guidance, encoders=encoders)
    estimate = guided_denoiser(models, spec)(x, torch.tensor([t]))
    return estimate - models.denoiser.bind(None)(x, torch.tensor([t]))


ONE, OTHER = EncoderSpec("one", 1.0, 0.0, 1.0), EncoderSpec("other", 1.0, 0.0, 1.0)


@pytest.fixture
def pair() -> Networks:
    """Two encoders that look at cutouts of different sizes."""
    return toy_networks(encoders={"one": QuartersEncoder(), "other": QuartersEncoder(size=4)})


def test_the_losses_of_several_encoders_are_added(pair: Networks, x: Tensor) -> None:
    both = guided(pair, x, ONE, OTHER)
    alone = [guided(pair, x, encoder) for encoder in (ONE, OTHER)]
    # The second encoder moves no cutout of the first one.
    torch.testing.assert_close(both, sum(alone), atol=1e-6, rtol=1e-3)
    assert not torch.allclose(alone[0], alone[1], rtol=0.1)


def test_the_order_of_encoders_does_not_count(pair: Networks, x: Tensor) -> None:
    torch.testing.assert_close(guided(pair, x, ONE, OTHER), guided(pair, x, OTHER, ONE))


def test_encoders_with_other_names_draw_other_cutouts(x: Tensor) -> None:
    models = toy_networks(encoders={"one": QuartersEncoder(), "other": QuartersEncoder()})
    assert not torch.equal(guided(models, x, ONE), guided(models, x, OTHER))


def test_a_weight_scales_its_encoders_loss(pair: Networks, x: Tensor) -> None:
    heavy = replace(OTHER, weight=3.0)
    added = guided(pair, x, ONE, heavy) - guided(pair, x, ONE)
    torch.testing.assert_close(added, 3 * guided(pair, x, OTHER), atol=1e-6, rtol=1e-2)


def test_an_encoder_of_weight_0_is_not_asked(pair: Networks, x: Tensor) -> None:
    guided(pair, x, ONE, replace(OTHER, weight=0.0))
    assert [one.encoder.seen > 0 for one in pair.encoders.values()] == [True, False]


@pytest.mark.parametrize(("t", "asked"), [(80, False), (74, True), (50, True), (49, False)])
def test_an_encoder_guides_on_its_stretch_only(
    pair: Networks, x: Tensor, t: int, asked: bool
) -> None:
    # Progress 0.25 is timestep 74 of 100, and 0.5 timestep 49.
    stretch = replace(OTHER, start=0.25, until=0.5)
    both, alone = guided(pair, x, ONE, stretch, t=t), guided(pair, x, ONE, t=t)
    assert (pair.encoders["other"].encoder.seen > 0) is asked
    assert torch.equal(both, alone) is not asked


@pytest.mark.parametrize("t", [80, 60, 40, 20])
def test_a_stretch_lies_within_the_schedule_of_the_scale(pair: Networks, x: Tensor, t: int) -> None:
    """Of a scale that begins at half the noise, one encoder has the part up to three quarters."""
    rising = replace(NO_GUIDANCE, clip_guidance_scale=StepSchedule(((0.0, 0.0), (0.5, 1e-3))))
    spec = spec_with(rising, encoders=(replace(ONE, start=0.25, until=0.75),))
    estimate = guided_denoiser(pair, spec)(x, torch.tensor([t]))
    added = estimate - pair.denoiser.bind(None)(x, torch.tensor([t]))
    expected = guided(pair, x, ONE, t=t) if t == 40 else torch.zeros_like(x)
    assert torch.equal(added, expected)


def test_fuzzy_copies_are_other_ones_for_each_encoder(x: Tensor) -> None:
    models = toy_networks(encoders={"one": QuartersEncoder(), "other": QuartersEncoder()})
    # Plain cutouts of a flat picture, which are the same for both.
    fuzzy = replace(
        NO_GUIDANCE,
        fuzzy_prompt=2,
        rand_mag=0.5,
        skip_augs=True,
        cut_icgray_p=StepSchedule.constant(0.0),
    )
    flat = torch.full_like(x, 0.3)
    plain = replace(fuzzy, fuzzy_prompt=0)
    same = [guided(models, flat, encoder, guidance=plain) for encoder in (ONE, OTHER)]
    own = [guided(models, flat, encoder, guidance=fuzzy) for encoder in (ONE, OTHER)]
    assert not torch.allclose(own[0] - same[0], own[1] - same[1], rtol=0.01)


def test_plain_cutouts_are_for_every_encoder(pair: Networks, x: Tensor) -> None:
    plain = replace(NO_GUIDANCE, skip_augs=True)
    for encoder in (ONE, OTHER):
        assert not torch.equal(guided(pair, x, encoder, guidance=plain), guided(pair, x, encoder))


def test_encoders_that_all_rest_leave_the_estimate_alone(pair: Networks, x: Tensor) -> None:
    assert not guided(pair, x, replace(ONE, start=0.9)).any()


class Swapped(QuartersEncoder):
    """Takes red for green, and green for red."""

    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        other = {"red": "green", "green": "red"}
        return super().encode_texts([other[text] for text in texts])


def test_each_encoder_aims_at_its_own_vectors(x: Tensor) -> None:
    spec = spec_with(
        replace(NO_GUIDANCE, clip_guidance_scale=StepSchedule.constant(1.0)), encoders=(ONE,)
    )
    sets = (toy_networks(encoders={"one": each}) for each in (QuartersEncoder(), Swapped()))
    right, wrong = (guided_denoiser(networks, spec)(x, T) for networks in sets)
    assert not torch.equal(right, wrong)


class Unprompted(PaintNetwork):
    """A network that reads no prompt, and says so."""

    def condition(self, prompts: Sequence[Prompt]) -> None:
        """Nothing."""


def test_a_network_without_prompts_is_asked_once_and_told_nothing(x: Tensor) -> None:
    models = toy_networks(denoiser=Unprompted())
    spec = spec_with(replace(NO_GUIDANCE, cfg_scale=StepSchedule(((0.0, 2.5), (0.5, 3.0)))))
    estimate = guided_denoiser(models, spec)(x, T)
    assert torch.equal(estimate, models.denoiser.bind(None)(x, T))


class ShortSchedule(PaintNetwork):
    """A network whose schedule goes by the number of steps."""

    def for_sampling(self, sampler: SamplerSpec, size: tuple[int, int]) -> FewSteps:
        return FewSteps(steps=sampler.steps)


@dataclass(frozen=True)
class FewSteps(PaintNetwork):
    steps: int = 1

    def bind(self, *conditions: Tensor | None) -> Denoiser:
        return GaussianDenoiser(linear_schedule(100 * self.steps), torch.zeros(3, 1, 1), 0.2)


def test_the_network_is_asked_on_the_schedule_of_its_steps() -> None:
    spec = spec_with()
    models = toy_networks(denoiser=ShortSchedule())
    assert len(guided_denoiser(models, spec).schedule) == 100 * spec.painting.sampler.steps

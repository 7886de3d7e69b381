from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, normalize

from pipeline.diffusion.conditions import (
    ClipTarget,
    blend_in,
    clip_loss,
    make_cond_fn,
    scheduled_loss,
    weighted,
)
from pipeline.diffusion.cut_schedule import CutSchedule
from pipeline.diffusion.guidance import CondFn, guide
from pipeline.diffusion.losses import range_loss, spherical_distance, tv_loss
from pipeline.diffusion.samplers import sample_ddim
from pipeline.diffusion.schedule import linear_schedule
from pipeline.protocols import Denoiser
from pipeline.spec.samplers import respaced
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.diffusion.analytic import GaussianDenoiser

SCHEDULE = linear_schedule()
GAUSSIAN = GaussianDenoiser(SCHEDULE, torch.zeros((), dtype=torch.float64), 0.3)
T = torch.tensor([400, 400])


class PooledEncoder:
    """Pictures as the direction of sixteen pooled blocks of colour: linear but for the length."""

    size = 8

    def __init__(self) -> None:
        self.batches: list[int] = []

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        self.batches.append(len(pictures))
        return normalize(avg_pool2d(pictures, 2).flatten(1), dim=1)

    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        raise NotImplementedError


def noise(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def cuts(overview: float = 4, inner: float = 4) -> CutSchedule:
    counts = StepSchedule.constant(overview), StepSchedule.constant(inner)
    return CutSchedule(*counts, StepSchedule.constant(1), StepSchedule.constant(0))


def gradients(cond_fn: CondFn, x: Tensor, t: Tensor = T) -> tuple[Tensor, Tensor, Tensor]:
    """`(x, denoised, gradient)` as `guide` would ask for it."""
    x = x.detach().requires_grad_()
    denoised = GAUSSIAN(x, t)
    return x, denoised, cond_fn(x, t, denoised)


def test_the_blend_goes_from_the_estimate_to_the_sample() -> None:
    x, denoised = torch.full((3, 1, 1, 1), 2.0), torch.full((3, 1, 1, 1), 6.0)
    sigma = torch.tensor([0.0, 0.25, 1.0]).view(3, 1, 1, 1)
    assert blend_in(x, denoised, sigma).flatten().tolist() == [2.0, 3.0, 6.0]


def test_the_gradient_is_that_of_all_losses_through_the_network_in_one_piece() -> None:
    cond_fn = make_cond_fn(
        SCHEDULE,
        blend_losses=[weighted(tv_loss, 2.0), weighted(range_loss, 0.5)],
        denoised_losses=[weighted(range_loss, 7.0)],
    )
    x, denoised, gradient = gradients(cond_fn, 3 * noise(2, 3, 4, 4))
    denoised = GAUSSIAN(x, T)
    sigma = SCHEDULE.sigma(400, torch.float64)
    blend = sigma * denoised + (1 - sigma) * x
    total = 2 * tv_loss(blend) + 0.5 * range_loss(blend) + 7 * range_loss(denoised)
    (expected,) = torch.autograd.grad(total.sum(), x)
    torch.testing.assert_close(gradient, -expected)


@pytest.mark.parametrize("losses", ["blend_losses", "denoised_losses"])
def test_the_range_loss_is_connected_to_the_sample(losses: str) -> None:
    cond_fn = make_cond_fn(SCHEDULE, **{losses: [weighted(range_loss, 5.0)]})
    x = 4 * noise(2, 3, 4, 4)
    *_, gradient = gradients(cond_fn, x)
    assert gradient.abs().amax(dim=(1, 2, 3)).min() > 1e-4
    unguided = GAUSSIAN(x, T)
    guided = guide(GAUSSIAN, cond_fn)(x, T)
    assert (range_loss(guided) < 0.9 * range_loss(unguided)).all()


def test_no_losses_give_no_gradient() -> None:
    x, _, gradient = gradients(make_cond_fn(SCHEDULE), noise(2, 3, 4, 4))
    torch.testing.assert_close(gradient, torch.zeros_like(x))


@pytest.mark.parametrize(("t", "progress"), [(999, 0.0), (499, 0.5), (0, 0.999)])
def test_losses_are_told_the_progress(t: int, progress: float) -> None:
    told = []

    def loss(pictures: Tensor, progress: float) -> Tensor:
        told.append(progress)
        return pictures.square().sum(dim=(1, 2, 3))

    gradients(make_cond_fn(SCHEDULE, blend_losses=[loss]), noise(2, 3, 2, 2), torch.tensor([t, t]))
    assert told == pytest.approx([progress])


def test_a_scheduled_loss_is_the_one_of_its_progress_and_none_at_0() -> None:
    """The other loss goes on while it is off, and a gradient of nothing is 0."""
    scale = StepSchedule(((0.0, 0.0), (0.4, 2.0), (0.6, 5.0)))
    changing = scheduled_loss(scale, lambda weight: weighted(tv_loss, weight))
    x = noise(2, 3, 4, 4)
    for t, weight in ((999, 0.0), (600, 0.0), (599, 2.0), (400, 2.0), (399, 5.0), (0, 5.0)):
        steps = torch.tensor([t, t])
        for other in ([], [weighted(range_loss, 3.0)]):
            cond_fn = make_cond_fn(SCHEDULE, blend_losses=[changing], denoised_losses=other)
            plain = make_cond_fn(
                SCHEDULE, blend_losses=[weighted(tv_loss, weight)], denoised_losses=other
            )
            *_, gradient = gradients(cond_fn, x, steps)
            *_, expected = gradients(plain, x, steps)
            torch.testing.assert_close(gradient, expected)


def test_pictures_of_a_batch_do_not_mix() -> None:
    cond_fn = make_cond_fn(SCHEDULE, blend_losses=[weighted(tv_loss, 1.0)])
    x = noise(2, 3, 4, 4)
    *_, both = gradients(cond_fn, x)
    *_, alone = gradients(cond_fn, x[1:], T[1:])
    torch.testing.assert_close(both[1:], alone)


def test_the_target_sums_its_distances_by_weight() -> None:
    vectors = normalize(noise(3, 5), dim=1)
    target = ClipTarget(vectors[:2], torch.tensor([1.5, -0.5]))
    expected = 1.5 * spherical_distance(vectors[2], vectors[0]) - 0.5 * spherical_distance(
        vectors[2], vectors[1]
    )
    torch.testing.assert_close(target.distance(vectors[2:]), expected[None])


@pytest.mark.parametrize(
    ("embeddings", "weights", "message"),
    [
        (
            torch.eye(3),
            torch.ones(2),
            "embeddings (3, 3) and weights (2,); they are (K, D) and (K,)",
        ),
        (
            torch.ones(3),
            torch.ones(3),
            "embeddings (3,) and weights (3,); they are (K, D) and (K,)",
        ),
        (
            2 * torch.eye(2),
            torch.ones(2),
            "the embeddings have lengths [2.0, 2.0]; normalise them to 1",
        ),
    ],
)
def test_a_target_that_is_none_is_refused(
    embeddings: Tensor, weights: Tensor, message: str
) -> None:
    with pytest.raises(ValueError) as error:
        ClipTarget(embeddings, weights)
    assert str(error.value) == message


def test_the_clip_loss_is_the_mean_over_cutouts() -> None:
    """Without augmentation a square picture of the encoder's size is its own overview."""
    encoder, picture = PooledEncoder(), noise(2, 3, 8, 8)
    target = ClipTarget(normalize(noise(2, 48, seed=1), dim=1), torch.tensor([0.75, 0.25]))
    loss = clip_loss(encoder, target, cuts(5, 0), weight=10.0, generator=generator(), augment=False)
    expected = 10 * target.distance(encoder.encode_pictures(picture))
    torch.testing.assert_close(loss(picture, 0.5), expected)


def test_the_clip_loss_follows_the_schedule_of_cutouts_and_draws_anew() -> None:
    encoder = PooledEncoder()
    target = ClipTarget(normalize(noise(1, 48, seed=1), dim=1), torch.ones(1))
    schedule = CutSchedule(
        StepSchedule(((0, 12), (0.4, 4))),
        StepSchedule(((0, 4), (0.4, 12))),
        StepSchedule.constant(1),
        StepSchedule.constant(0),
    )
    drawn = generator()
    loss = clip_loss(encoder, target, schedule, weight=1.0, generator=drawn)
    first, second = loss(noise(1, 3, 24, 24), 0.1), loss(noise(1, 3, 24, 24), 0.1)
    assert not torch.allclose(first, second)
    loss(noise(1, 3, 24, 24), 0.9)
    assert encoder.batches == [16, 16, 16]


def test_clip_guidance_leads_the_sample_to_the_target() -> None:
    encoder = PooledEncoder()
    wanted = noise(1, 3, 4, 4, seed=5).repeat_interleave(4, 2).repeat_interleave(4, 3)
    whole = torch.nn.functional.interpolate(wanted, (8, 8), mode="area")
    target = ClipTarget(encoder.encode_pictures(whole), torch.ones(1))

    def distance(denoiser: Denoiser) -> float:
        *_, last = sample_ddim(
            denoiser, noise(1, 3, 16, 16), respaced(1000, 25), eta=0.5, generator=generator()
        )
        small = torch.nn.functional.interpolate(last.x, (8, 8), mode="area")
        return target.distance(encoder.encode_pictures(small)).item()

    batches = 2
    loss = clip_loss(encoder, target, cuts(4, 0), weight=500 / batches, generator=generator(3))
    cond_fn = make_cond_fn(SCHEDULE, blend_losses=[loss] * batches)
    unguided = distance(GAUSSIAN)
    assert unguided > 1
    assert distance(guide(GAUSSIAN, cond_fn, clamp_max=0.5)) < 0.5 * unguided

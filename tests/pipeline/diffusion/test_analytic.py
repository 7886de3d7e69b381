from __future__ import annotations

import torch

from pipeline.diffusion.schedule import add_noise, cosine_schedule, linear_schedule
from tests.pipeline.diffusion.analytic import GaussianDenoiser, PicturesDenoiser


def test_the_gaussian_denoiser_is_the_best_linear_estimate() -> None:
    """E[x0 | xt] is the regression of x0 on xt: compare slope and offset with those of a sample."""
    generator = torch.Generator().manual_seed(0)
    x0 = 0.3 + 0.5 * torch.randn(1, 3, 300, 300, generator=generator, dtype=torch.float64)
    noise = torch.randn(x0.shape, generator=generator, dtype=torch.float64)
    t = torch.tensor([300])
    xt = add_noise(linear_schedule(), x0, noise, t)
    slope = ((x0 - x0.mean()) * (xt - xt.mean())).mean() / xt.var()
    expected = x0.mean() + slope * (xt - xt.mean())
    denoiser = GaussianDenoiser(linear_schedule(), torch.tensor(0.3), 0.25)
    torch.testing.assert_close(denoiser(xt, t), expected, atol=0.01, rtol=0)


def test_the_pictures_denoiser_is_bayes_rule_for_each_picture_at_its_own_level() -> None:
    generator = torch.Generator().manual_seed(0)
    schedule = cosine_schedule()
    pictures = torch.rand(4, 3, 2, 2, generator=generator, dtype=torch.float64) * 2 - 1
    x = torch.randn(2, 3, 2, 2, generator=generator, dtype=torch.float64)
    t = torch.tensor([400, 800])
    for n in range(2):
        alpha, sigma = schedule.alpha(int(t[n]), x.dtype), schedule.sigma(int(t[n]), x.dtype)
        density = torch.distributions.Normal(alpha * pictures, sigma).log_prob(x[n]).sum((1, 2, 3))
        share = density.exp() / density.exp().sum()
        expected = (share.view(-1, 1, 1, 1) * pictures).sum(0)
        actual = PicturesDenoiser(schedule, pictures)(x, t)[n]
        torch.testing.assert_close(actual, expected)


def test_the_pictures_denoiser_finds_the_picture_behind_a_little_noise() -> None:
    generator = torch.Generator().manual_seed(0)
    pictures = torch.rand(5, 3, 8, 8, generator=generator) * 2 - 1
    noise = torch.randn(pictures.shape, generator=generator)
    xt = add_noise(linear_schedule(), pictures, noise, 20)
    found = PicturesDenoiser(linear_schedule(), pictures)(xt, torch.full((5,), 20))
    torch.testing.assert_close(found, pictures, atol=1e-5, rtol=0)


def test_both_are_differentiable_in_x() -> None:
    generator = torch.Generator().manual_seed(0)
    pictures = torch.rand(2, 3, 2, 2, generator=generator, dtype=torch.float64)
    x = torch.randn(1, 3, 2, 2, generator=generator, dtype=torch.float64, requires_grad=True)
    t = torch.tensor([500])
    for denoiser in (
        GaussianDenoiser(linear_schedule(), torch.tensor(0.3), 0.25),
        PicturesDenoiser(linear_schedule(), pictures),
    ):
        assert torch.autograd.gradcheck(lambda x, d=denoiser: d(x, t), x)

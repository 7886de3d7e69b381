from __future__ import annotations

import pytest
import torch
from torch import Tensor

from pipeline.diffusion import augment
from pipeline.diffusion.augment import augmented

STRENGTHS = ("FLIP_P", "DEGREES", "SHIFT", "GREY_P", "JITTER", "NOISE")


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Every change switched off; a test switches on the one that it looks at."""
    for name in STRENGTHS:
        monkeypatch.setattr(augment, name, 0.0)
    return monkeypatch


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def copies(n: int, size: int = 16) -> Tensor:
    return (torch.rand(1, 3, size, size, generator=generator(9)) * 2 - 1).expand(n, -1, -1, -1)


def distinct(cuts: Tensor) -> int:
    return len({tuple(cut.flatten().tolist()) for cut in cuts})


def test_nothing_happens_when_everything_is_off(still: pytest.MonkeyPatch) -> None:
    torch.testing.assert_close(augmented(copies(3), generator()), copies(3), atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("name", "strength"), [("DEGREES", 10.0), ("SHIFT", 0.05), ("JITTER", 0.1), ("NOISE", 0.01)]
)
def test_each_cutout_has_its_own_draw_of_every_change(
    still: pytest.MonkeyPatch, name: str, strength: float
) -> None:
    still.setattr(augment, name, strength)
    assert distinct(augmented(copies(8), generator())) == 8


def test_about_half_of_the_cutouts_are_mirrored(still: pytest.MonkeyPatch) -> None:
    still.setattr(augment, "FLIP_P", 0.5)
    cuts = augmented(copies(200, 8), generator())
    mirrored = (cuts - copies(200, 8).flip(-1)).abs().amax(dim=(1, 2, 3)) < 1e-5
    same = (cuts - copies(200, 8)).abs().amax(dim=(1, 2, 3)) < 1e-5
    assert (mirrored ^ same).all()
    assert 70 < mirrored.sum() < 130


def test_about_a_tenth_of_the_cutouts_are_grey(still: pytest.MonkeyPatch) -> None:
    still.setattr(augment, "GREY_P", 0.1)
    cuts = augmented(copies(500, 4), generator())
    is_grey = (cuts.amax(1) - cuts.amin(1)).amax(dim=(1, 2)) < 1e-5
    assert 25 < is_grey.sum() < 80


def test_a_shift_moves_by_at_most_a_twentieth_of_the_side(still: pytest.MonkeyPatch) -> None:
    """On a ramp of one a pixel the shift can be read off as a difference."""
    still.setattr(augment, "SHIFT", 0.05)
    size = 40
    ramp = torch.arange(float(size)).expand(100, 3, size, size)
    moved = (augmented(ramp, generator()) - ramp)[:, 0, size // 2, size // 2].abs()
    assert 1.5 < moved.max() <= 0.05 * size + 1e-3


def test_a_turn_is_of_at_most_ten_degrees(still: pytest.MonkeyPatch) -> None:
    """On the ramp y of one a pixel the tangent shows along x."""
    still.setattr(augment, "DEGREES", 10.0)
    size = 41
    ramp = torch.arange(float(size)).view(1, 1, size, 1).expand(100, 3, size, size)
    turned = augmented(ramp, generator())[:, 0]
    middle = size // 2
    sine = ((turned[:, middle, middle + 5] - turned[:, middle, middle - 5]) / 10).abs()
    limit = torch.deg2rad(torch.tensor(10.0)).sin()
    assert 0.8 * limit < sine.max() <= limit + 1e-4


def test_noise_has_a_hundredth_of_the_range(still: pytest.MonkeyPatch) -> None:
    still.setattr(augment, "NOISE", 0.01)
    cuts = augmented(torch.zeros(8, 3, 16, 16), generator())
    assert cuts.std().item() == pytest.approx(0.02, rel=0.05)


def test_jitter_changes_black_to_white_by_at_most_a_tenth_each(still: pytest.MonkeyPatch) -> None:
    """A flat white picture has no contrast or colour to change: only its brightness moves."""
    still.setattr(augment, "JITTER", 0.1)
    light = (augmented(torch.ones(100, 3, 4, 4), generator())[:, 0, 0, 0] + 1) / 2
    assert 0.9 <= light.min() < 0.91 and 1.09 < light.max() <= 1.1 + 1e-6
    dark = augmented(-torch.ones(10, 3, 4, 4), generator())
    torch.testing.assert_close(dark, -torch.ones(10, 3, 4, 4), atol=1e-5, rtol=0)


def test_the_generator_decides() -> None:
    first, again, other = (augmented(copies(4), generator(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.allclose(first, other)


def test_it_is_differentiable() -> None:
    cuts = (torch.rand(2, 3, 4, 4, generator=generator()).double() * 2 - 1).requires_grad_()
    assert torch.autograd.gradcheck(lambda cuts: augmented(cuts, generator()), cuts)

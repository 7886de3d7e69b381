from __future__ import annotations

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.colour import grey
from pipeline.diffusion.cut_schedule import Cutouts
from pipeline.diffusion.cutouts import make_cutouts


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def picture(h: int, w: int) -> Tensor:
    return torch.rand(1, 3, h, w, generator=generator(9)) * 2 - 1


def cut(
    picture: Tensor,
    overview: int = 0,
    inner: int = 0,
    *,
    power: float = 1,
    grey_p: float = 0,
    size: int = 16,
    seed: int = 0,
    augment: bool = False,
) -> Tensor:
    spec = Cutouts(overview, inner, power, grey_p)
    return make_cutouts(picture, size, spec, generator(seed), augment=augment)


def grey_cuts(cuts: Tensor) -> list[bool]:
    return ((cuts.amax(1) - cuts.amin(1)).amax(dim=(1, 2)) < 1e-5).tolist()


@pytest.mark.parametrize(("h", "w"), [(48, 48), (30, 64), (64, 30), (9, 12), (1, 2)])
@pytest.mark.parametrize(("overview", "inner"), [(2, 0), (0, 3), (6, 5)])
@pytest.mark.parametrize("augment", [False, True])
def test_any_picture_gives_the_asked_number_of_squares(
    h: int, w: int, overview: int, inner: int, augment: bool
) -> None:
    cuts = cut(picture(h, w), overview, inner, grey_p=0.5, augment=augment)
    assert cuts.shape == (overview + inner, 3, 16, 16)
    assert cuts.isfinite().all()


def test_an_overview_shows_the_whole_picture_between_black_bars() -> None:
    (wide,) = cut(torch.ones(1, 3, 32, 64), 1)
    torch.testing.assert_close(wide[:, 6:10], torch.ones(3, 4, 16))
    torch.testing.assert_close(wide[:, :2], -torch.ones(3, 2, 16))
    torch.testing.assert_close(wide[:, -2:], -torch.ones(3, 2, 16))
    (tall,) = cut(torch.ones(1, 3, 64, 32), 1)
    torch.testing.assert_close(tall, wide.transpose(1, 2))


def test_an_overview_of_the_size_of_a_cutout_is_the_picture() -> None:
    torch.testing.assert_close(cut(picture(16, 16), 1), picture(16, 16))


def test_up_to_four_overviews_are_plain_grey_mirrored_and_both() -> None:
    whole = picture(16, 16)
    expected = torch.cat([whole, grey(whole), whole.flip(-1), grey(whole.flip(-1))])
    for count in range(1, 5):
        torch.testing.assert_close(cut(whole, count), expected[:count])


def test_more_overviews_are_plain() -> None:
    torch.testing.assert_close(cut(picture(16, 16), 6), picture(16, 16).expand(6, -1, -1, -1))


def test_every_cutout_is_augmented_on_its_own() -> None:
    cuts = cut(picture(32, 32), 8, augment=True)
    gaps = (cuts[:, None] - cuts[None]).square().mean(dim=(2, 3, 4)).sqrt()
    # The noise alone, of which each had its own in Disco too, would make gaps of 0.03.
    assert (gaps + torch.eye(8)).min() > 0.1


def test_shrinking_is_free_of_aliases() -> None:
    """Stripes of one pixel are grey from afar; picking single pixels would see black or white."""
    stripes = torch.ones(1, 3, 112, 112)
    stripes[..., ::2] = -1
    assert cut(stripes, 1)[..., 2:-2].abs().max() < 0.05


@pytest.mark.parametrize(("grey_p", "count"), [(0, 0), (0.2, 2), (0.25, 2), (0.5, 5), (1, 10)])
def test_the_first_inner_cuts_are_grey_and_none_at_zero(grey_p: float, count: int) -> None:
    cuts = cut(picture(32, 32), 0, 10, grey_p=grey_p)
    assert grey_cuts(cuts) == [True] * count + [False] * (10 - count)


def sides(h: int, w: int, power: float, count: int = 300, size: int = 16) -> Tensor:
    """The sides of inner cuts in pixels, read off the slope of a ramp of one a pixel."""
    ramp = torch.arange(float(w)).expand(1, 3, h, w)
    cuts = cut(ramp, 0, count, power=power, size=size)
    return (cuts[:, 0, 8, 12] - cuts[:, 0, 8, 4]) / 8 * size


def test_inner_cuts_are_between_the_size_of_a_cutout_and_that_of_the_picture() -> None:
    found = sides(64, 96, power=1)
    assert 15.5 < found.min() < 18 and 61 < found.max() < 64.5
    assert found.mean().item() == pytest.approx(40, abs=3)


def test_a_power_favours_small_cuts() -> None:
    """The mean of U^p is 1 / (p + 1)."""
    assert sides(64, 96, power=9).mean().item() == pytest.approx(16 + 48 / 10, abs=2)


def test_a_picture_smaller_than_a_cutout_has_inner_cuts_down_to_its_half() -> None:
    found = sides(12, 12, power=1)
    assert 5.5 < found.min() < 6.5 and 10.5 < found.max() < 12.5


def test_inner_cuts_reach_every_edge() -> None:
    ramp = torch.arange(40.0).view(1, 1, 1, 40).expand(1, 3, 40, 40)
    for whole in (ramp, ramp.transpose(2, 3)):
        cuts = cut(whole, 0, 300, power=4)
        assert cuts.min() < 0.5 and cuts.max() > 38.5


@pytest.mark.parametrize("augment", [False, True])
def test_the_generator_decides(augment: bool) -> None:
    first, again, other = (
        cut(picture(40, 60), 2, 4, seed=seed, augment=augment) for seed in (1, 1, 2)
    )
    assert torch.equal(first, again) and not torch.allclose(first, other)


@pytest.mark.slow
@pytest.mark.parametrize("augment", [False, True])
def test_cutouts_are_differentiable_in_the_picture(augment: bool) -> None:
    whole = picture(6, 8).double().requires_grad_()

    def cuts(whole: Tensor) -> Tensor:
        return cut(whole, 2, 2, grey_p=0.5, size=4, augment=augment)

    assert torch.autograd.gradcheck(cuts, whole)
    (gradient,) = torch.autograd.grad(cut(whole, 1, size=4).square().sum(), whole)
    assert (gradient.abs() > 0).all()


def test_where_torch_is_to_be_exact_they_are_the_same() -> None:
    spec = Cutouts(cut_overview=2, cut_innercut=3, cut_ic_pow=1.0, cut_icgray_p=0.5)
    picture = torch.rand(1, 3, 20, 30, generator=torch.Generator().manual_seed(1))
    plain = make_cutouts(picture, 8, spec, torch.Generator().manual_seed(0))
    torch.use_deterministic_algorithms(True)
    try:
        exact = make_cutouts(picture, 8, spec, torch.Generator().manual_seed(0))
    finally:
        torch.use_deterministic_algorithms(False)
    assert torch.equal(plain, exact) and exact.device == picture.device

"""Denoisers that hold on to what is coarse in a picture, or to its details."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.holds import coarse, hold, hold_details
from pipeline.protocols import Denoiser
from tests.pipeline.diffusion.toy_denoisers import Fixed

T = torch.tensor([200, 900])

Holds = Callable[[Denoiser, Tensor, float], Denoiser]


def noise(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def checks(side: int, of: int) -> Tensor:
    """A board of black and white squares of `side` px, `(1, 3, of, of)`."""
    place = torch.arange(of) // side
    board = ((place[:, None] + place) % 2 * 2 - 1).to(torch.float64)
    return board.expand(1, 3, of, of)


def test_what_is_coarse_is_what_is_larger_than_a_blur_of_a_sixteenth() -> None:
    assert coarse(checks(32, 64)).std() > 0.8 * checks(32, 64).std()
    assert coarse(checks(2, 64)).std() < 0.01
    flat = torch.full((1, 3, 16, 40), 0.3)
    torch.testing.assert_close(coarse(flat), flat)


@pytest.mark.parametrize("share", [0.25, 1.0])
def test_a_share_of_the_coarse_part_is_the_inits_and_details_are_the_denoisers(
    share: float,
) -> None:
    drawn, init = 0.2 * checks(2, 64) + 0.1, 0.5 * checks(32, 64)
    held = hold(Fixed(drawn), init, share)(drawn, T[:1])
    fine = drawn - coarse(drawn)
    torch.testing.assert_close(held, fine + share * coarse(init) + (1 - share) * coarse(drawn))


def test_what_is_not_kept_neither_holds_nor_bleeds() -> None:
    """White where the init is not kept: beside it nothing of the white arrives."""
    init, drawn = torch.zeros(1, 3, 32, 32), torch.full((1, 3, 32, 32), 0.5)
    init[..., 16:] = 1.0
    kept = torch.zeros(1, 1, 32, 32)
    kept[..., :16] = 1.0
    held = hold(Fixed(drawn), init, 0.8, kept)(drawn, T[:1])
    torch.testing.assert_close(held[..., :16], torch.full((1, 3, 32, 16), 0.1))
    assert torch.equal(held[..., 16:], drawn[..., 16:])


def test_what_is_kept_everywhere_is_held_as_without_a_map() -> None:
    init, drawn = noise(1, 3, 32, 32), noise(1, 3, 32, 32)
    plain = hold(Fixed(drawn), init, 0.7)(drawn, T[:1])
    mapped = hold(Fixed(drawn), init, 0.7, torch.ones(1, 1, 32, 32))(drawn, T[:1])
    torch.testing.assert_close(mapped, plain)


@pytest.mark.parametrize("holds", [hold, hold_details])
def test_nothing_held_is_the_denoiser_itself_and_shares_end_at_1(holds: Holds) -> None:
    denoiser = Fixed(noise(1, 3, 32, 32))
    assert holds(denoiser, noise(1, 3, 32, 32), 0) is denoiser
    for share in (-0.1, 1.1):
        with pytest.raises(ValueError, match="it goes from 0"):
            holds(denoiser, noise(1, 3, 32, 32), share)


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_details_that_are_held_are_those_of_the_init_and_the_coarse_part_is_not(
    share: float,
) -> None:
    """On fine and large checks, which a blur takes and leaves apart."""
    drawn, init = 0.2 * checks(2, 64) + 0.1, 0.3 * checks(4, 64) - 0.4
    held = hold_details(Fixed(drawn), init, share)(drawn, T[:1])
    fine, fine_of_init = drawn - coarse(drawn), init - coarse(init)
    torch.testing.assert_close(held, coarse(drawn) + share * fine_of_init + (1 - share) * fine)


def test_details_are_held_where_they_are_kept_alone() -> None:
    init, drawn = noise(1, 3, 32, 32), noise(1, 3, 32, 32, seed=1)
    kept = torch.zeros(1, 1, 32, 32, dtype=torch.float64)
    kept[..., :16] = 1.0
    held = hold_details(Fixed(drawn), init, 0.8, kept)(drawn, T[:1])
    assert torch.equal(held[..., 16:], drawn[..., 16:])
    apart, before = (one - init - coarse(one - init) for one in (held, drawn))
    assert apart[..., 4:12].std() < 0.3 * before[..., 4:12].std()


def test_the_finest_detail_is_the_denoisers_own_where_the_init_has_grown() -> None:
    """Checks of a pixel, which a magnified picture cannot have, and of 8 pixels, which it can."""
    size = (1, 1, 64, 64)
    drawn, init = 0.2 * checks(1, 64), 0.4 * checks(8, 64)
    grown = torch.ones(size, dtype=torch.float64)
    at_rest = hold_details(Fixed(drawn), init, 1.0, grown=0 * grown)(drawn, T[:1])
    torch.testing.assert_close(at_rest, hold_details(Fixed(drawn), init, 1.0)(drawn, T[:1]))
    of_grown = hold_details(Fixed(drawn), init, 1.0, grown=grown)(drawn, T[:1])
    assert share_of(drawn, at_rest) == pytest.approx(0.0, abs=0.05)
    assert share_of(drawn, of_grown) > 0.95
    assert 0.5 < share_of(init, of_grown) < share_of(init, at_rest)


def share_of(part: Tensor, picture: Tensor) -> float:
    """How much of `part` is in a picture: 1 where it is as strong there as by itself."""
    return float((part * picture).sum() / part.square().sum())

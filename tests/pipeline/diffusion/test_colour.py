from __future__ import annotations

import torch
from kornia.color import rgb_to_grayscale

from pipeline.diffusion.colour import chroma_matrices, grey, luma

RED, GREEN, BLUE = torch.eye(3, dtype=torch.float64)


def apply(matrix: torch.Tensor, colour: torch.Tensor) -> torch.Tensor:
    return matrix.double() @ colour


def test_luma_of_the_primaries_is_bt_601() -> None:
    pictures = torch.eye(3).view(3, 3, 1, 1)
    torch.testing.assert_close(luma(pictures).flatten(), torch.tensor([0.299, 0.587, 0.114]))


def test_grey_has_equal_channels_and_the_same_luma() -> None:
    pictures = torch.rand(2, 3, 4, 4, generator=torch.Generator().manual_seed(0)) * 2 - 1
    result = grey(pictures)
    assert result.shape == pictures.shape
    torch.testing.assert_close(result[:, 0], result[:, 2])
    torch.testing.assert_close(luma(result), luma(pictures))


def test_no_change_of_the_chroma_is_the_identity_and_none_of_it_is_grey() -> None:
    same, none = chroma_matrices(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 0.3]))
    torch.testing.assert_close(same, torch.eye(3), atol=1e-6, rtol=0)
    torch.testing.assert_close(
        none, torch.tensor([0.299, 0.587, 0.114]).expand(3, 3), atol=1e-6, rtol=0
    )


def test_chroma_keeps_the_luma_and_white() -> None:
    (matrix,) = chroma_matrices(torch.tensor([1.3]).double(), torch.tensor([0.2]).double())
    white = torch.ones(3, dtype=torch.float64)
    torch.testing.assert_close(apply(matrix, white), white)
    weights = torch.tensor([0.299, 0.587, 0.114], dtype=torch.float64)
    torch.testing.assert_close(weights @ matrix, weights)


def test_a_third_of_a_turn_leads_from_red_to_green_to_blue_one_way_or_the_other() -> None:
    """From I (orange) towards Q (purple), so red turns to blue before it turns to green."""
    (third,) = chroma_matrices(torch.ones(1).double(), torch.tensor([1 / 3]).double())
    assert apply(third, RED).argmax() == 2
    assert apply(third, BLUE).argmax() == 1
    assert apply(third, GREEN).argmax() == 0


def test_turns_add_up() -> None:
    once, twice = chroma_matrices(torch.ones(2).double(), torch.tensor([0.1, 0.2]).double())
    torch.testing.assert_close(once @ once, twice)


def test_the_luma_is_that_of_kornia() -> None:
    pictures = torch.rand(2, 3, 9, 11) * 2 - 1
    torch.testing.assert_close(luma(pictures), rgb_to_grayscale(pictures), rtol=0, atol=1e-6)

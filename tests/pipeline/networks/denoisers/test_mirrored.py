import pytest
import torch

from pipeline.networks.denoisers.mirrored import middle, mirrored


def row(*values: float) -> torch.Tensor:
    return torch.tensor(values).expand(2, 3, 4, -1)


def test_a_picture_that_fits_stays_itself() -> None:
    picture = torch.randn(1, 3, 24, 48)
    assert mirrored(picture, 24) is picture


@pytest.mark.parametrize(
    ("given", "multiple", "expected"),
    [
        ((1, 2, 3, 4, 5), 8, (1, 1, 2, 3, 4, 5, 5, 4)),
        ((1, 2, 3, 4), 6, (1, 1, 2, 3, 4, 4)),
        ((1, 2), 8, (2, 2, 1, 1, 2, 2, 1, 1)),
        ((7,), 4, (7, 7, 7, 7)),
    ],
)
def test_edges_are_mirrors_between_pixels(
    given: tuple[float, ...], multiple: int, expected: tuple[float, ...]
) -> None:
    widened = mirrored(row(*given).transpose(-1, -2), multiple)
    assert widened.shape[-2] == len(expected)
    assert widened[0, 0, :, 0].tolist() == list(expected)


@pytest.mark.parametrize("size", [(1, 1), (2, 90), (64, 96), (17, 24)])
def test_what_was_widened_is_cut_out_again(size: tuple[int, int]) -> None:
    picture = torch.randn(2, 3, *size, requires_grad=True)
    widened = mirrored(picture, 24)
    assert all(side % 24 == 0 for side in widened.shape[-2:])
    back = middle(widened, *size)
    torch.testing.assert_close(back, picture, rtol=0, atol=0)
    back.sum().backward()
    assert picture.grad is not None and bool((picture.grad == 1).all())

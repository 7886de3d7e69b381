"""The lapped transform: an orthonormal patch stem that leaves no grid."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.fft import dct

from pipeline.networks.denoisers.lapped import LappedTransform, lapped_matrix

Matrix = NDArray[np.float64]


def patch_matrix(length: int, block: int) -> Matrix:
    """Plain patches: a DCT of each, without overlap."""
    return np.kron(np.eye(length // block), dct(np.eye(block), axis=0, norm="ortho"))


@pytest.mark.parametrize(
    ("length", "block"), [(2, 2), (24, 2), (4, 4), (8, 4), (100, 4), (64, 8), (96, 16)]
)
def test_the_matrix_is_orthonormal(length: int, block: int) -> None:
    matrix = lapped_matrix(length, block)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(length), atol=1e-12)


@pytest.mark.parametrize(("length", "block"), [(10, 4), (9, 3), (7, 2)])
def test_a_length_that_does_not_divide_is_refused(length: int, block: int) -> None:
    with pytest.raises(ValueError) as caught:
        lapped_matrix(length, block)
    assert str(caught.value) == (f"a side of {length} is not a multiple of the even block {block}")


@pytest.mark.parametrize("shape", [(1, 3, 8, 12), (2, 1, 4, 4), (2, 3, 32, 20)])
def test_the_inverse_gives_the_picture_back(shape: tuple[int, ...]) -> None:
    transform = LappedTransform(4)
    pictures = torch.randn(shape, generator=torch.manual_seed(0), dtype=torch.float64)
    coefficients = transform.forward(pictures)
    n, c, h, w = shape
    assert coefficients.shape == (n, 16 * c, h // 4, w // 4)
    torch.testing.assert_close(transform.inverse(coefficients), pictures)


def test_a_coefficient_is_a_row_and_a_column_of_the_matrix() -> None:
    picture = torch.randn(1, 2, 12, 8, generator=torch.manual_seed(0), dtype=torch.float64)
    rows, columns = (torch.from_numpy(lapped_matrix(side, 4)) for side in (12, 8))
    coefficients = LappedTransform(4).forward(picture)
    # Colour 1, patch (2, 1), frequencies (3, 2).
    expected = rows[4 * 2 + 3] @ picture[0, 1] @ columns[4 * 1 + 2]
    torch.testing.assert_close(coefficients[0, 16 * 1 + 4 * 3 + 2, 2, 1], expected)


def test_white_noise_stays_white() -> None:
    noise = torch.randn(4096, 1, 8, 8, generator=torch.manual_seed(0), dtype=torch.float64)
    seen = LappedTransform(4).forward(noise).flatten(1)
    # 4096 draws: the standard error of a covariance is 1/64; the largest of 2080 is within 5.
    torch.testing.assert_close(torch.cov(seen.T), torch.eye(64).double(), atol=5 / 64, rtol=0)
    torch.testing.assert_close(seen.square().sum(1), noise.square().sum((1, 2, 3)))


def test_a_flat_picture_is_one_coefficient_a_patch() -> None:
    coefficients = LappedTransform(4).forward(torch.full((1, 1, 12, 16), 0.5, dtype=torch.float64))
    expected = torch.zeros(1, 16, 3, 4, dtype=torch.float64)
    expected[:, 0] = 0.5 * 4
    torch.testing.assert_close(coefficients, expected)


def coding_gain(matrix: Matrix, block: int) -> float:
    """In decibels, of an AR(1) process with rho 0.95, over the patches away from the rim."""
    length = len(matrix)
    distance = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    variances = np.diag(matrix @ 0.95**distance @ matrix.T)[2 * block : -2 * block]
    return float(10 * np.log10(variances.mean() / np.exp(np.log(variances).mean())))


@pytest.mark.parametrize(("block", "plain", "lapped"), [(4, 7.57, 7.93), (8, 8.83, 9.22)])
def test_the_coding_gain_is_that_of_the_literature(block: int, plain: float, lapped: float) -> None:
    assert coding_gain(patch_matrix(8 * block, block), block) == pytest.approx(plain, abs=0.01)
    assert coding_gain(lapped_matrix(8 * block, block), block) == pytest.approx(lapped, abs=0.03)


def test_waves_reach_into_both_neighbours_and_fade_there() -> None:
    block, length = 8, 40
    for wave, plain in zip(
        lapped_matrix(length, block)[16:24], patch_matrix(length, block)[16:24], strict=True
    ):
        reach = np.flatnonzero(np.abs(wave) > 1e-12)
        assert (reach.min(), reach.max()) == (12, 27)
        ends = np.abs(wave[[12, 27]]).max()
        assert ends < 0.25 * np.abs(wave).max()
        assert ends < 0.6 * np.abs(plain[[16, 23]]).max()


def border_jump(matrix: Matrix, block: int, kept: int, signal: Matrix) -> float:
    """How hard the error jumps at borders, in jumps within patches, if `kept` waves stay."""
    coefficients = (matrix @ signal).reshape(-1, block)
    coefficients[:, kept:] = 0
    error = matrix.T @ coefficients.ravel() - signal
    jumps = np.abs(np.diff(error))[2 * block : -2 * block]
    at_border = np.arange(2 * block, len(signal) - 1 - 2 * block) % block == block - 1
    return float(jumps[at_border].mean() / jumps[~at_border].mean())


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_losing_the_fine_waves_leaves_no_patch_borders(kept: int) -> None:
    x = np.arange(256)
    smooth = np.sin(x / 17) + 0.5 * np.cos(x / 7 + 1)
    assert border_jump(patch_matrix(256, 8), 8, kept, smooth) > 2
    assert border_jump(lapped_matrix(256, 8), 8, kept, smooth) < 1.1

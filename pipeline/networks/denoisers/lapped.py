"""The lapped orthogonal transform: a patch stem whose patches overlap, so that no grid shows.

A network for small machines sees a picture in patches: `block x block` pixels become
`block^2` channels. Cutting plain patches leaves their borders visible in what the network paints.
Here the pixels on both sides of each border are mixed by an orthogonal filter before each patch
goes through a discrete cosine transform (Malvar & Staelin 1989, "The LOT", in the time-domain form
of Tran, Liang & Tu 2003, "Lapped transform via time-domain pre- and post-filtering"). The whole is
one orthonormal matrix for each axis: white noise stays white, squared errors stay squared errors,
and the inverse is the transpose.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import pixel_shuffle, pixel_unshuffle


def _dct2(n: int) -> NDArray[np.float64]:
    """The orthonormal DCT-II matrix `(n, n)`; rows are frequencies."""
    k, i = np.mgrid[:n, :n]
    matrix: NDArray[np.float64] = np.sqrt(2 / n) * np.cos(np.pi * k * (2 * i + 1) / (2 * n))
    matrix[0] /= np.sqrt(2)
    return matrix


def _dct4(n: int) -> NDArray[np.float64]:
    """The orthonormal DCT-IV matrix `(n, n)`."""
    k, i = np.mgrid[:n, :n]
    scale = np.sqrt(2 / n)
    matrix: NDArray[np.float64] = scale * np.cos(np.pi * (2 * k + 1) * (2 * i + 1) / (4 * n))
    return matrix


def _border_filter(block: int) -> NDArray[np.float64]:
    """The orthogonal filter `(block, block)` for half a patch on each side of a border.

    A butterfly splits the samples into an even and an odd half about the border, an orthogonal
    matrix turns the odd half, and the butterfly puts both together again. Which matrix, a DCT-IV
    against a DCT-II, follows Tran, Liang & Tu 2003: with it the whole is the LOT.
    """
    half = block // 2
    identity, flip = np.eye(half), np.eye(half)[::-1]
    butterfly = np.block([[identity, flip], [flip, -identity]]) / np.sqrt(2)
    rotation = flip @ _dct2(half).T @ _dct4(half) @ flip
    core = np.block([[identity, np.zeros_like(identity)], [np.zeros_like(identity), rotation]])
    matrix: NDArray[np.float64] = butterfly @ core @ butterfly
    return matrix


@lru_cache(maxsize=64)
def lapped_matrix(length: int, block: int) -> NDArray[np.float64]:
    """The orthonormal matrix `(length, length)` from samples to coefficients, patch by patch.

    The first and the last half patch have no neighbour and stay unmixed, so that the transform is
    orthonormal at the rim of the picture too. `length` must be a multiple of the even `block`.
    """
    if block % 2 or length % block:
        raise ValueError(f"a side of {length} is not a multiple of the even block {block}")
    mixed = np.eye(length)
    border = _border_filter(block)
    for start in range(block // 2, length - block // 2, block):
        mixed[start : start + block, start : start + block] = border
    return np.kron(np.eye(length // block), _dct2(block)) @ mixed


class LappedTransform:
    """Pictures `(N, C, H, W)` to coefficients `(N, C * block^2, H / block, W / block)` and back."""

    def __init__(self, block: int) -> None:
        self.block = block

    def _axis(self, length: int, like: Tensor) -> Tensor:
        return torch.from_numpy(lapped_matrix(length, self.block)).to(like)

    def forward(self, pictures: Tensor) -> Tensor:
        """Analysis: pictures to coefficients, orthonormal."""
        *_, h, w = pictures.shape
        mixed = self._axis(h, pictures) @ pictures @ self._axis(w, pictures).T
        return pixel_unshuffle(mixed, self.block)

    def inverse(self, coefficients: Tensor) -> Tensor:
        """Synthesis: coefficients to pictures, the exact inverse of the analysis."""
        mixed = pixel_shuffle(coefficients, self.block)
        *_, h, w = mixed.shape
        return self._axis(h, mixed).T @ mixed @ self._axis(w, mixed)

"""White noise that moves with a picture: particles that carry it along the camera's way.

Every pixel holds one particle, and the noise of a pixel is a Gaussian number made from the
particle's number alone. So noise is exactly white however the particles came where they are, as
long as no two share a number: nothing is ever interpolated. Particles in the place of integrals
over pixels follow "How I Warped Your Noise" (Chang et al. 2024, ICLR) and "Infinite-Resolution
Integral Noise Warping for Diffusion Models" (Deng et al. 2025, ICLR, arXiv 2411.01212), which keeps
noise Gaussian the same way, by giving each pixel what fell into it.

Convention:
    Positions are pixel indices: x right, y down, pixel centres at whole numbers. Arrays are those
    of numpy, on the CPU, so that noise is the same on every device.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pipeline.diffusion.settling import Floats, settle
from pipeline.files.arrays import Arrays

Forward = Callable[[Tensor, Tensor], tuple[Tensor, Tensor, Tensor]]
"""`(x, y) -> (x', y', z')`, `(N,)` each: where old positions lie in the new picture, how deep."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class NoiseField:
    """The particles of one picture."""

    root: int
    """A seed in [0, 2^63): fields that began with different ones share no noise."""
    begun: int
    """How many particles there have been: the number of the next one."""
    ids: NDArray[np.int64]
    """`(H, W)`: the number of each pixel's particle; no two are equal."""
    x: NDArray[np.float32]
    """`(H, W)`: where the particle is, `REACH` pixels from its pixel at most."""
    y: NDArray[np.float32]
    seed: int | None = None
    """The seed of the frame on which it began; None where that is not known."""

    @classmethod
    def begin(cls, root: int, width: int, height: int, seed: int | None = None) -> NoiseField:
        """A field of new particles, one in the centre of every pixel."""
        y, x = np.mgrid[:height, :width].astype(np.float32)
        ids = np.arange(width * height, dtype=np.int64).reshape(height, width)
        return cls(root, width * height, ids, x, y, seed)

    def carried(self, forward: Forward) -> NoiseField:
        """The field after its particles went `forward`; a pixel that none came to gets a new one.

        Positions are kept between pixels, so a motion of 0.3 pixel a picture moves noise by 3
        pixels in ten.
        """
        height, width = self.ids.shape
        old_x, old_y = (torch.from_numpy(p.ravel().copy()) for p in (self.x, self.y))
        x, y, z = (p.cpu().double().numpy() for p in forward(old_x, old_y))
        holder = settle(x, y, z, width=width, height=height).reshape(height, width)
        held = holder >= 0
        ids = np.where(held, self.ids.ravel()[holder], 0)
        ids[~held] = self.begun + np.arange((~held).sum())
        row, column = np.mgrid[:height, :width].astype(np.float64)
        at_x = column + _spread(np.where(held, x[holder] - column, 0.0), held)
        at_y = row + _spread(np.where(held, y[holder] - row, 0.0), held)
        begun = self.begun + int((~held).sum())
        return NoiseField(self.root, begun, ids, _single(at_x), _single(at_y), self.seed)

    def normal(self, key: int, number: int = 0) -> Tensor:
        """Standard normal noise `(H, W)`; others of the two make independent noise.

        `key` is in [0, 2^64), and `number` counts what is drawn by it.
        """
        stream = _mixed(np.array([key], np.uint64) + _GOLDEN * np.array([number + 1], np.uint64))
        bits = _mixed(stream + _GOLDEN * self.ids.astype(np.uint64))
        # The middles of 2^53 equal parts of (0, 1), so that neither end is met.
        uniform = ((bits >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53
        normal: Tensor = torch.special.ndtri(torch.from_numpy(uniform)).float()
        return normal

    def to_arrays(self) -> Arrays:
        """The field as named arrays."""
        known = [] if self.seed is None else [self.seed]
        counts = np.array([self.root, self.begun, *known], dtype=np.int64)
        return {"counts": counts, "ids": self.ids, "x": self.x, "y": self.y}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> NoiseField:
        """The field whose `to_arrays` are `arrays`."""
        # Memories of frames that were painted before it was kept have no seed.
        root, begun, *seed = (int(count) for count in arrays["counts"].astype(np.int64))
        x, y = (arrays[name].astype(np.float32) for name in ("x", "y"))
        return cls(root, begun, arrays["ids"].astype(np.int64), x, y, *seed)


def _spread(offset: Floats, held: NDArray[np.bool_]) -> Floats:
    """Offsets `(H, W)` within pixels, and where none is held the mean of those around it.

    New particles so stand in line with their neighbours, and go on from pixel to pixel with them.
    """
    height, width = held.shape
    known = np.pad(np.stack((np.where(held, offset, 0.0), held)), ((0, 0), (1, 1), (1, 1)))
    shifted = [known[:, j : j + height, i : i + width] for j in range(3) for i in range(3)]
    total, count = np.sum(shifted, axis=0)
    return np.where(held, offset, total / np.maximum(count, 1.0))


def _single(values: Floats) -> NDArray[np.float32]:
    return values.astype(np.float32)


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The output function of SplitMix64 (Steele, Lea and Flood 2014, figure 15)."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        bits = (bits ^ (bits >> np.uint64(shift))) * np.uint64(factor)
    return bits ^ (bits >> np.uint64(31))

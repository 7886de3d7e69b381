"""The three kinds of network that the frame loop knows, as protocols.

Convention:
    Pictures are `(N, 3, H, W)` float tensors in [-1, 1]. A noised picture is
    `x_t = alpha_t x_0 + sigma_t eps` with `alpha_t^2 + sigma_t^2 = 1`; `t` is a timestep of the
    network's own `NoiseSchedule`, from 0 (clean) to `len(schedule) - 1` (noise).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor

    from pipeline.diffusion.schedule import NoiseSchedule


class Denoiser(Protocol):
    """Estimates the clean picture; differentiable in `x`."""

    @property
    def schedule(self) -> NoiseSchedule:
        """The noise levels that the network was trained on."""
        ...

    def __call__(self, x: Tensor, t: Tensor) -> Tensor:
        """The estimate of x_0, `(N, 3, H, W)`, for a noised `x` at timesteps `t`, `(N,)`."""
        ...


class Encoder(Protocol):
    """Puts pictures and texts into one space of unit vectors."""

    @property
    def size(self) -> int:
        """Side in pixels of the square pictures that `encode_pictures` takes."""
        ...

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """Unit vectors `(N, D)` for pictures `(N, 3, size, size)` in [-1, 1]; differentiable."""
        ...

    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors `(len(texts), D)`."""
        ...


class DepthEstimator(Protocol):
    """Estimates how far away each pixel is."""

    def __call__(self, picture: Tensor) -> Tensor:
        """Depth z > 0, `(N, 1, H, W)`, for pictures `(N, 3, H, W)`; larger is farther."""
        ...

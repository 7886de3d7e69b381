"""The secondary model: a small network that stands in for a large one where a gradient is needed.

Crowson's v-diffusion network of 13.8 million weights (2021), trained on ImageNet, which Disco
Diffusion guides through. It judges coarse shapes well and details badly, at a fraction of the cost.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from pipeline.networks.denoisers.scheduler import PREDICTIONS
from pipeline.networks.denoisers.sizes import check_sides
from pipeline.networks.files.checkpoint import read_checkpoint
from pipeline.networks.files.weights import fill

WIDTHS = (64, 128, 128, 256, 256, 512)
"""Channels of each level of the published network, the finest first."""

_FREQUENCIES = 8


class SecondaryNetwork(nn.Module):
    """Noised pictures and times to the velocity v, with the keys of the published checkpoint."""

    def __init__(self, widths: Sequence[int] = WIDTHS) -> None:
        super().__init__()
        self.size_multiple = 1 << len(widths) - 1
        self.timestep_embed = _Fourier()
        finest, *_ = widths
        self.net = nn.Sequential(
            _conv(3 + 2 * _FREQUENCIES, finest),
            _conv(finest, finest),
            _Beside(_levels(widths)),
            _conv(2 * finest, finest),
            nn.Conv2d(finest, 3, 3, padding=1),
        )

    def forward(self, x: Tensor, times: Tensor) -> Tensor:
        """v, `(N, 3, H, W)`, for `x`, `(N, 3, H, W)`, and `times`, `(N,)`, from 0 to 1 (noise)."""
        *_, h, w = x.shape
        embedding: Tensor = self.timestep_embed(times)
        planes = embedding[:, :, None, None].expand(-1, -1, h, w)
        v: Tensor = self.net(torch.cat([x, planes], dim=1))
        return v


class SecondaryModel:
    """A `SecondaryNetwork` as an estimator of pictures on any schedule."""

    def __init__(self, network: SecondaryNetwork) -> None:
        self.network = network

    @property
    def size_multiple(self) -> int:
        """Divisor in pixels of the width and the height of every picture."""
        return self.network.size_multiple

    def __call__(self, x: Tensor, alpha: Tensor, sigma: Tensor) -> Tensor:
        """The estimate of x_0, `(N, 3, H, W)`, differentiable in `x`.

        `alpha` and `sigma`, `(N, 1, 1, 1)` with `alpha^2 + sigma^2 = 1`, are the noise level of
        `x`; the network is conditioned on the angle `atan2(sigma, alpha)` over a right angle.

        Raises:
            ValueError: a side of `x` is not a multiple of `size_multiple`.
        """
        check_sides(x, self.size_multiple)
        times = torch.atan2(sigma, alpha).flatten() * (2 / math.pi)
        return PREDICTIONS["v_prediction"](x, self.network(x, times), alpha, sigma)


def load_secondary(path: Path, device: torch.device) -> SecondaryModel:
    """The secondary model in a checkpoint, on `device`.

    Raises:
        ModelError: the file is missing, damaged, or not this network.
    """
    state = read_checkpoint(path)
    with torch.device("meta"):
        network = SecondaryNetwork()
    fill(
        network,
        state,
        path,
        device,
        architecture="secondary model (secondary_model_imagenet_2)",
        remedy=lambda: "pull the model again, or guide without a secondary model",
    )
    return SecondaryModel(network)


class _Fourier(nn.Module):
    """Times `(N,)` to cosines and sines at learned frequencies, `(N, 2 * _FREQUENCIES)`."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(_FREQUENCIES, 1))

    def forward(self, times: Tensor) -> Tensor:
        angles = 2 * math.pi * times[:, None] @ self.weight.T
        return torch.cat([angles.cos(), angles.sin()], dim=-1)


class _Beside(nn.Module):
    """Skip connection: the output of `main` and its input, concatenated along the channels."""

    def __init__(self, layers: Sequence[nn.Module]) -> None:
        super().__init__()
        self.main = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.main(x), x], dim=1)


def _conv(channels: int, width: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(channels, width, 3, padding=1), nn.ReLU())


def _levels(widths: Sequence[int]) -> list[nn.Module]:
    """Layers from the level of `widths[0]` down, through all coarser levels, and up again."""
    finer, width, *below = widths
    if below:
        inside = [_Beside(_levels(widths[1:])), _conv(2 * width, width)]
    else:
        inside = [_conv(width, width)]
    return [
        nn.AvgPool2d(2),
        _conv(finer, width),
        _conv(width, width),
        *inside,
        _conv(width, finer),
        nn.Upsample(scale_factor=2, mode="bilinear"),
    ]

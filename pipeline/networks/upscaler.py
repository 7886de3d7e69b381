"""Upscalers: a small picture to a crisp one, eight times as wide and high.

The network works at the size of the small picture and rearranges channels into pixels at the end
(Shi et al. 2016, sub-pixel convolution), on top of a bicubic enlargement. It has no memory and no
randomness, so that a steady picture stays steady.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import interpolate, pixel_shuffle, relu

from pipeline.catalogue.config import OwnConfig, read_config
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.files.png import Pixels
from pipeline.networks.files.weights import load_network

WEIGHTS = "upscaler.safetensors"
SCALE = 8
"""Output pixels along each edge of an input pixel: three doublings."""


class Residual(nn.Module):
    """Two 3x3 convolutions around a skip."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _conv(channels, channels)
        self.second = _conv(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Features of the shape of `x`, `(N, width, H, W)`."""
        added: Tensor = self.second(relu(self.first(x)))
        return x + added


class Doubling(nn.Module):
    """Sub-pixel convolution to twice the size."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.spread = _conv(channels, 4 * width)

    def forward(self, x: Tensor) -> Tensor:
        """Features `(N, width, 2 H, 2 W)` for `x`, `(N, width, H, W)`."""
        return pixel_shuffle(self.spread(x), 2)


class UpscalerNetwork(nn.Module):
    """Pictures `(N, 3, H, W)` in [-1, 1] to `(N, 3, 8 H, 8 W)`, about in [-1, 1]."""

    def __init__(self, width: int, blocks: int) -> None:
        super().__init__()
        self.body = nn.Sequential(_conv(3, width), *(Residual(width) for _ in range(blocks)))
        half, quarter = 2 * width // 3, width // 3
        self.rise = nn.Sequential(
            Doubling(width, half), Residual(half), Doubling(half, quarter), Residual(quarter)
        )
        self.paint = Doubling(quarter, 3)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures `(N, 3, 8 H, 8 W)`: the bicubic enlargement and the network's residual."""
        enlarged = interpolate(pictures, scale_factor=SCALE, mode="bicubic", align_corners=False)
        detail: Tensor = self.paint(relu(self.rise(self.body(pictures))))
        return enlarged + detail


def _conv(channels: int, width: int) -> nn.Conv2d:
    return nn.Conv2d(channels, width, 3, padding=1, padding_mode="replicate")


class Upscaler:
    """A network as a function from pictures to larger ones."""

    def __init__(self, network: UpscalerNetwork, device: torch.device) -> None:
        self._network = network
        self._device = device

    @torch.no_grad()
    def enlarge(self, pixels: Pixels) -> Pixels:
        """Pixels `(8 H, 8 W, 3)` for those of a picture, `(H, W, 3)`."""
        return to_pixels(self._network(to_tensor(pixels).to(self._device)))


def load_upscaler(folder: Path, device: torch.device) -> Upscaler:
    """The upscaler in a folder of `config.json` and `upscaler.safetensors`.

    `config.json` holds the arguments of `UpscalerNetwork`: `{"width": 48, "blocks": 6}`.

    Raises:
        ModelError: a file is missing, or does not fit.
    """
    path = folder / "config.json"
    config = read_config(path, _UpscalerConfig)
    network = load_network(
        lambda: UpscalerNetwork(config.width, config.blocks),
        config=path,
        weights=folder / WEIGHTS,
        device=device,
    )
    return Upscaler(network, device)


class _UpscalerConfig(OwnConfig):
    width: Annotated[int, Field(ge=3, multiple_of=3)]
    blocks: Annotated[int, Field(ge=1)]

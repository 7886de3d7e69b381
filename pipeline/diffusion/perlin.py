"""Perlin noise as an init image: soft clouds of colour or grey (Perlin 1985).

Convention:
    A grid of g x g cells covers the whole picture, whatever its shape. Positions are counted in
    cells, x right and y down, and gradients stand at the crossings of the grid.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from pipeline.spec.denoise import PerlinMode

_CHANNELS: Mapping[PerlinMode, tuple[int, int]] = {
    "color": (3, 3),
    "gray": (1, 1),
    "mixed": (3, 1),
}
"""Colour channels of the large and of the small clouds, by mode."""

PERSISTENCE = 1 / 1.5
"""The weight of an octave, relative to that of twice its size."""


def perlin_init(width: int, height: int, mode: PerlinMode, generator: torch.Generator) -> Tensor:
    """A picture of noise, `(1, 3, height, width)` in [-1, 1], as Disco Diffusion makes it.

    The picture is the mean of large clouds (12 octaves from a single cell) and small ones (8
    octaves from 4 x 4 cells), each stretched to the full range of brightness channel by channel.
    `mixed` has large clouds of colour and small ones of grey. Octaves with more cells than the
    longer side has pixels are left out; in Disco they come as faint grain.
    """
    large, small = _CHANNELS[mode]
    clouds = (
        _clouds(width, height, 1, 12, large, generator),
        _clouds(width, height, 4, 8, small, generator),
    )
    return (clouds[0] + clouds[1])[None] - 1


def _clouds(
    width: int, height: int, cells: int, octaves: int, channels: int, generator: torch.Generator
) -> Tensor:
    """Octaves of noise about 1/2, clamped to [0, 1] and stretched to it: `(3, height, width)`."""
    x, y = (torch.arange(0.5, side) / side for side in (width, height))
    total = torch.full((channels, height, width), 0.5)
    for octave in range(octaves):
        grid = cells * 2**octave
        if grid > max(width, height):
            break
        gradients = torch.randn(2, channels, grid + 1, grid + 1, generator=generator)
        total += PERSISTENCE**octave / 2 * perlin(gradients, x * grid, y * grid)
    total = total.clamp(0, 1)
    low, high = total.amin((1, 2), keepdim=True), total.amax((1, 2), keepdim=True)
    span = (high - low).clamp(min=torch.finfo(total.dtype).tiny)
    return ((total - low) / span).expand(3, -1, -1)


def perlin(gradients: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The noise at the crossings of the columns `x`, `(W,)`, and the rows `y`, `(H,)`: `(C, H, W)`.

    `gradients`, `(2, C, rows + 1, columns + 1)`, are those along x and along y; `x` is in
    [0, columns) and `y` in [0, rows). The fade between crossings is 3 t^2 - 2 t^3.
    """
    column, row = x.long(), y.long()
    total = torch.zeros(gradients.shape[1], len(y), len(x))
    for right in (0, 1):
        for down in (0, 1):
            dx, dy = x - column - right, (y - row - down)[:, None]
            along_x, along_y = gradients[:, :, (row + down)[:, None], column + right]
            total += _fade(1 - dx.abs()) * _fade(1 - dy.abs()) * (along_x * dx + along_y * dy)
    return total


def _fade(t: Tensor) -> Tensor:
    return t * t * (3 - 2 * t)

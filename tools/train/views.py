"""Pairs of views of one painting, each a draft with the painting that it was made of.

The second view is the first one after a small motion of a camera, of the size of a part of a native
pixel, and its draft may be another one. An upscaler is steady where it makes of the second what it
made of the first, moved.

Conventions:
    Pictures are `(N, 3, H, W)` in [-1, 1]. Ways are `(N, 2, 3)` matrices from places of the second
    view to places of the first, which run from -1 to 1 from edge to edge (`affine_grid`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import radians

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import affine_grid, avg_pool2d, grid_sample

from pipeline.networks.upscaler import SCALE
from tools.train.data import World


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """N pairs of views."""

    small: Tensor
    """Drafts `(2 N, 3, h, w)`: the first views, then the second ones."""
    large: Tensor
    """Paintings `(2 N, 3, 8 h, 8 w)`."""
    ways: Tensor
    """How to read the first views to get the second ones."""


def moved(pictures: Tensor, ways: Tensor) -> Tensor:
    """Pictures that went their ways, bicubic; beyond their border it goes on."""
    places = affine_grid(ways.to(pictures.dtype), list(pictures.shape), align_corners=False)
    return grid_sample(pictures, places, "bicubic", "border", align_corners=False)


def draw_ways(
    count: int, side: int, most: Mapping[str, float], generator: torch.Generator
) -> Tensor:
    """Random zooms about the middle (1 +- `zoom`), turns (degrees) and shifts (native pixels).

    Each is even between plus and minus what `most` says; `side` is that of the view.
    """
    amounts = torch.rand(4, count, generator=generator) * 2 - 1
    zoom, angle = 1 + most["zoom"] * amounts[0], radians(most["roll"]) * amounts[1]
    along, across = angle.cos() * zoom, angle.sin() * zoom
    shift = 2 / side * most["shift"] * amounts[2:]
    rows = ((along, -across, shift[0]), (across, along, shift[1]))
    return torch.stack([torch.stack(row, dim=-1) for row in rows], dim=1)


@dataclass(frozen=True, slots=True, eq=False)
class ViewSource:
    """Draws random squares of drafts and of their paintings."""

    world: World
    drafts: NDArray[np.float16]
    """`(levels, paintings, 3, h, w)`, as `tools.train.drafts` writes them."""
    side: int
    """Height and width of a view in native pixels."""
    motion: Mapping[str, float]
    """The largest `zoom`, `roll` and `shift` of `draw_ways`."""
    same_draft: float
    """The share of pairs whose second view is of the first one's draft."""
    device: torch.device

    def draw(self, count: int, generator: torch.Generator) -> Views:
        """`count` pairs."""
        parts = [self._part(generator) for _ in range(count)]
        first, second, large = (
            torch.stack(part).to(self.device).float() for part in zip(*parts, strict=True)
        )
        large = large.div_(127.5).sub_(1)
        ways = draw_ways(count, self.side, self.motion, generator).to(self.device)
        large_moved = moved(large, ways)
        # What a draft adds to its painting goes along; the painting is shrunk where it has come to.
        added = moved(second - avg_pool2d(large, SCALE), ways)
        second = avg_pool2d(large_moved, SCALE) + added
        return Views(torch.cat([first, second]), torch.cat([large, large_moved]), ways)

    def _part(self, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """One square of two drafts, and of their painting in levels."""
        levels, count, _, h, w = self.drafts.shape
        side = self.side
        sizes = (levels, levels, count, h - side + 1, w - side + 1, 2)
        level, other, index, top, left, mirrored = (
            int(torch.randint(size, (), generator=generator)) for size in sizes
        )
        if float(torch.rand((), generator=generator)) < self.same_draft:
            other = level
        window = np.s_[:, top : top + side, left : left + side]
        rows, columns = (slice(SCALE * place, SCALE * (place + side)) for place in (top, left))
        part = np.ascontiguousarray(self.world.pictures[index, rows, columns])
        large = torch.from_numpy(part).permute(2, 0, 1)
        first, second = (
            torch.from_numpy(np.array(self.drafts[one, index][window])) for one in (level, other)
        )
        if mirrored:
            return first.flip(-1), second.flip(-1), large.flip(-1)
        return first, second, large

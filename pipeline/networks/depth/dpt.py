"""Vision transformers as backbones of a dense prediction network (DPT).

A transformer has one resolution, 1/16 of the picture's. DPT takes the tokens of several of its
blocks and reassembles each set into a map of a size of its own (Ranftl et al. 2021, arXiv
2103.13413, sec. 3.1).

Convention:
    A backbone takes normalised pictures `(N, 3, H, W)`, H and W multiples of 32, and gives maps
    `(N, C, H / s, W / s)` for s = 4, 8, 16, 32. Tokens are `(N, 1 + h w, D)`: the readout token,
    then the patches of the grid `(h, w)` row by row. The transformers are timm's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isqrt
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, interpolate

Embed = Callable[[Any, Tensor], Sequence[Tensor]]
"""`(transformer, pictures) -> maps`: those finer than the patches, if any, then the patches."""


class Reassemble(nn.Module):
    """Tokens of `width` numbers to a map of `channels`.

    Each patch reads the readout token ("project", sec. 3.1, eq. 5), is put in its place, and
    `resample` gives the map its size.
    """

    def __init__(self, width: int, channels: int, resample: nn.Module) -> None:
        super().__init__()
        self.readout = nn.Linear(2 * width, width)
        self.project = nn.Conv2d(width, channels, 1)
        self.resample = resample

    def forward(self, tokens: Tensor, grid: tuple[int, int]) -> Tensor:
        """A map `(N, channels, h, w)` of the size that `resample` makes of `grid`."""
        readout, patches = tokens[:, :1], tokens[:, 1:]
        read = gelu(self.readout(torch.cat([patches, readout.expand_as(patches)], dim=-1)))
        resampled: Tensor = self.resample(self.project(_placed(read, grid)))
        return resampled


class TransformerMaps(nn.Module):
    """A timm vision transformer as a backbone.

    `embed` makes the patches; `blocks` names, for each of `reassemble`, the block after which
    tokens are taken, in rising order. The finer maps are those of `embed`.
    """

    def __init__(
        self,
        transformer: Any,
        embed: Embed,
        blocks: Sequence[int],
        reassemble: Sequence[Reassemble],
    ) -> None:
        super().__init__()
        self.transformer: Any = transformer  # timm's modules are untyped.
        self.reassemble = nn.ModuleList(reassemble)
        self._embed = embed
        self._blocks = tuple(blocks)

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """Feature maps `(N, C, H / s, W / s)` from fine to coarse."""
        *maps, patches = self._embed(self.transformer, pictures)
        _, _, h, w = patches.shape
        taken = self._tokens(patches)
        for block, reassemble in zip(self._blocks, self.reassemble, strict=True):
            maps.append(reassemble(taken[block], (h, w)))
        return maps

    def _tokens(self, patches: Tensor) -> Mapping[int, Tensor]:
        """The tokens `(N, 1 + h w, D)` after each block of `blocks`, by its index."""
        n, _, h, w = patches.shape
        readout = self.transformer.cls_token.expand(n, -1, -1)
        tokens = torch.cat([readout, patches.flatten(2).transpose(1, 2)], dim=1)
        tokens = tokens + positions(self.transformer.pos_embed, (h, w))
        taken = {}
        for index, block in enumerate(self.transformer.blocks):
            tokens = block(tokens)
            if index in self._blocks:
                taken[index] = tokens
        return taken


def positions(embedding: Tensor, grid: tuple[int, int]) -> Tensor:
    """The position embedding `(1, 1 + s s, D)` of a square grid for another grid `(h, w)`.

    The interpolation is bilinear, as DPT was trained; timm's own way is bicubic. The readout
    token's embedding stays.
    """
    readout, square = embedding[:, :1], embedding[:, 1:]
    side = isqrt(square.shape[1])
    resized = interpolate(
        _placed(square, (side, side)), size=grid, mode="bilinear", align_corners=False
    )
    return torch.cat([readout, resized.flatten(2).transpose(1, 2)], dim=1)


def _placed(patches: Tensor, grid: tuple[int, int]) -> Tensor:
    """Patches `(N, h w, D)` as a map `(N, D, h, w)`."""
    n, _, width = patches.shape
    return patches.transpose(1, 2).reshape(n, width, *grid)


def patches(transformer: Any, pictures: Tensor) -> list[Tensor]:
    """The patches of a plain transformer, `(N, D, H / 16, W / 16)`."""
    return [transformer.patch_embed.proj(pictures)]


def stages_and_patches(transformer: Any, pictures: Tensor) -> list[Tensor]:
    """The first two stages of a hybrid's convolutional network, and patches of its third."""
    network = transformer.patch_embed.backbone
    maps = [network.stem(pictures)]
    for stage in network.stages:
        maps.append(stage(maps[-1]))
    _, first, second, third = maps
    return [first, second, transformer.patch_embed.proj(network.norm(third))]


def enlarged(channels: int, factor: int) -> nn.Module:
    """A learned enlargement by a whole factor."""
    return nn.ConvTranspose2d(channels, channels, factor, stride=factor)


def halved(channels: int) -> nn.Module:
    """A learned reduction to half the size."""
    return nn.Conv2d(channels, channels, 3, stride=2, padding=1)

"""The decoder of MiDaS and DPT: four feature maps, fused from coarse to fine, to inverse depth.

Convention:
    Maps are `(N, C, H, W)`, ordered from fine to coarse, at 1/4, 1/8, 1/16 and 1/32 of the
    picture's size. The decoder doubles the finest twice, so its result has the picture's size.

Sources: Ranftl et al. 2020 (arXiv 1907.01341) for v2.1, Ranftl et al. 2021 (arXiv 2103.13413),
sec. 3 and fig. 1, for DPT; both after RefineNet (Lin et al. 2017, arXiv 1611.06612).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, relu


class ResidualUnit(nn.Module):
    """x + conv(relu(conv(relu(x)))) with 3x3 convolutions; keeps size and channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Features of the shape of `x`, `(N, C, H, W)`."""
        return x + self._correction(relu(x))

    def _correction(self, rectified: Tensor) -> Tensor:
        corrected: Tensor = self.conv2(relu(self.conv1(rectified)))
        return corrected


class RectifiedUnit(ResidualUnit):
    """relu(x) + conv(relu(conv(relu(x)))), the unit of the large v2.1 network.

    The published code rectifies x in place before it adds x, and its weights were trained so.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Features of the shape of `x`, `(N, C, H, W)`."""
        rectified = relu(x)
        return rectified + self._correction(rectified)


class Fusion(nn.Module):
    """Adds one level's map to what the coarser levels made, and raises the sum to a larger size.

    `lateral` prepares the level's map, `unit` refines the sum, `project` changes its channels.
    """

    def __init__(self, lateral: nn.Module, unit: nn.Module, project: nn.Module) -> None:
        super().__init__()
        self.lateral = lateral
        self.unit = unit
        self.project = project

    def forward(self, merged: Tensor, level: Tensor, size: tuple[int, int]) -> Tensor:
        """The fused map `(N, C', *size)` of `merged` and `level`, both `(N, C, H, W)`."""
        refined = self.unit(merged + self.lateral(level))
        # A 1x1 convolution and an interpolation commute; before it, there are a quarter the pixels.
        return interpolate(self.project(refined), size=size, mode="bilinear", align_corners=True)


class Head(nn.Module):
    """The finest fused map to inverse depth of twice its size, at least 0."""

    def __init__(self, channels: int, *, align_corners: bool) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(channels, channels // 2, 3, padding=1)
        self.refine = nn.Conv2d(channels // 2, 32, 3, padding=1)
        self.predict = nn.Conv2d(32, 1, 1)
        self._align_corners = align_corners

    def forward(self, merged: Tensor) -> Tensor:
        """Inverse depth `(N, 1, 2 H, 2 W)` for `(N, C, H, W)`, in the dtype of the weights."""
        merged = merged.to(self.reduce.weight.dtype)
        raised = interpolate(
            self.reduce(merged), scale_factor=2, mode="bilinear", align_corners=self._align_corners
        )
        return relu(self.predict(relu(self.refine(raised))))


class Decoder(nn.Module):
    """Feature maps to relative inverse depth; larger is nearer.

    `adapt` brings the channels of each level to those its fusion expects. `fusions` and `adapt`
    are ordered as the maps, from fine to coarse.
    """

    def __init__(
        self, adapt: Sequence[nn.Module], fusions: Sequence[Fusion], head: nn.Module
    ) -> None:
        super().__init__()
        self.adapt = nn.ModuleList(adapt)
        self.fusions = nn.ModuleList(fusions)
        self.head = head

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Inverse depth `(N, 1, 4 H, 4 W)`, where the finest of `maps` is `(N, C, H, W)`."""
        levels = [adapt(level) for adapt, level in zip(self.adapt, maps, strict=True)]
        h, w = levels[0].shape[-2:]
        sizes = [(2 * h, 2 * w), *(level.shape[-2:] for level in levels[:-1])]
        merged = torch.zeros_like(levels[-1])  # Nothing is coarser than the coarsest level.
        steps = zip(self.fusions, levels, sizes, strict=True)
        for fusion, level, size in reversed(list(steps)):
            merged = fusion(merged, level, size)
        inverse: Tensor = self.head(merged)
        return inverse


def dpt_decoder(inputs: Sequence[int]) -> Decoder:
    """The decoder of every DPT network, for backbone maps of `inputs` channels."""
    return _decoder(inputs, (256,) * 4, ResidualUnit, _projection, Head(256, align_corners=True))


def v21_decoder(inputs: Sequence[int]) -> Decoder:
    """The decoder of the large MiDaS v2.1 network."""
    return _decoder(inputs, (256,) * 4, RectifiedUnit, _unchanged, Head(256, align_corners=False))


def v21_small_decoder(inputs: Sequence[int]) -> Decoder:
    """The decoder of the small MiDaS v2.1 network, whose maps widen as they coarsen."""
    return _decoder(
        inputs, (64, 128, 256, 512), ResidualUnit, _projection, Head(64, align_corners=False)
    )


def _decoder(
    inputs: Sequence[int],
    widths: Sequence[int],
    unit: Callable[[int], nn.Module],
    project: Callable[[int, int], nn.Module],
    head: Head,
) -> Decoder:
    """Fusions of `widths` channels, each of which ends in the channels of the next finer one."""
    laterals = [*map(unit, widths[:-1]), nn.Identity()]
    outputs = (widths[0], *widths[:-1])
    return Decoder(
        [
            nn.Conv2d(given, width, 3, padding=1, bias=False)
            for given, width in zip(inputs, widths, strict=True)
        ],
        [
            Fusion(lateral, unit(width), project(width, output))
            for lateral, width, output in zip(laterals, widths, outputs, strict=True)
        ],
        head,
    )


def _projection(channels: int, output: int) -> nn.Module:
    return nn.Conv2d(channels, output, 1)


def _unchanged(channels: int, output: int) -> nn.Module:
    return nn.Identity()

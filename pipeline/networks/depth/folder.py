"""Depth estimators: a timm backbone with a light decoder, MiDaS convention.

The network returns relative inverse depth in [0, 1], larger is nearer (Ranftl et al. 2020), on a
scale that is the same for all pictures; `pipeline.networks.depth.scale` makes depth of it.
Published networks are in `pipeline.networks.depth.midas`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

import timm
import torch
from pydantic import AfterValidator, Field, model_validator
from torch import Tensor, nn
from torch.nn.functional import interpolate, relu

from keyframes.nearest import nearest
from pipeline.catalogue.config import OwnConfig, read_config
from pipeline.networks.depth.scale import Planes
from pipeline.networks.files.weights import load_network

WEIGHTS = "depth.safetensors"


class Fusion(nn.Module):
    """Merges a coarser map into a finer one: 1x1 projections, bilinear upsampling, a 3x3 mix."""

    def __init__(self, coarse: int, fine: int, channels: int) -> None:
        super().__init__()
        self.coarse = nn.Conv2d(coarse, channels, 1)
        self.fine = nn.Conv2d(fine, channels, 1)
        self.mix = nn.Conv2d(channels, channels, 3, padding=1, padding_mode="replicate")

    def forward(self, coarse: Tensor, fine: Tensor) -> Tensor:
        """The merged map `(N, channels, H, W)` at the size of `fine`."""
        raised = interpolate(
            self.coarse(coarse), size=fine.shape[-2:], mode="bilinear", align_corners=False
        )
        return relu(self.mix(relu(raised + self.fine(fine))))


class DepthNetwork(nn.Module):
    """Pictures `(N, 3, H, W)` in [-1, 1] to inverse depth `(N, 1, H, W)` in [0, 1].

    `levels` are the backbone's feature maps from fine to coarse; the picture itself is the finest
    level, so that outlines keep the sharpness of the pixels. Each map also knows how far down each
    of its rows lies (Liu et al. 2018, CoordConv): ground looks the same near and far.
    """

    def __init__(self, backbone: str, levels: Sequence[int], channels: int) -> None:
        super().__init__()
        self.backbone = timm.create_model(
            backbone, pretrained=False, features_only=True, out_indices=tuple(levels)
        )
        # One channel more for the rows.
        widths = [1 + n for n in (3, *self.backbone.feature_info.channels())]
        inputs = [channels] * (len(widths) - 2) + [widths[-1]]
        self.fusions = nn.ModuleList(
            Fusion(coarse, fine, channels) for coarse, fine in zip(inputs, widths[:-1], strict=True)
        )
        self.head = nn.Conv2d(channels, 1, 3, padding=1, padding_mode="replicate")

    def forward(self, pictures: Tensor) -> Tensor:
        """Inverse depth `(N, 1, H, W)` in [0, 1]; larger is nearer."""
        maps = [_with_rows(features) for features in (pictures, *self.backbone(pictures))]
        merged = maps[-1]
        for fusion, fine in zip(reversed(self.fusions), reversed(maps[:-1]), strict=True):
            merged = fusion(merged, fine)
        inverse: Tensor = self.head(merged.to(self.head.weight.dtype))
        return inverse.sigmoid()


def _with_rows(features: Tensor) -> Tensor:
    """`features` with a last channel from -1 at the top to 1 at the bottom: `(N, C + 1, H, W)`."""
    n, _, h, w = features.shape
    rows = torch.linspace(-1, 1, h, device=features.device, dtype=features.dtype)
    return torch.cat([features, rows[:, None].expand(n, 1, h, w)], dim=1)


class NetworkDepth:
    """A network of inverse depth and its planes as a `DepthEstimator`."""

    def __init__(
        self, network: nn.Module, *, near: float, far: float, dtype: torch.dtype = torch.float32
    ) -> None:
        self.network = network
        self._planes = Planes(near, far)
        self._dtype = dtype

    def __call__(self, picture: Tensor) -> Tensor:
        """Depth z, `(N, 1, H, W)`, in [near, far], for pictures `(N, 3, H, W)` of any size."""
        return self._planes.depth(self._inverse(picture))

    def disco(self, picture: Tensor) -> Tensor:
        """Depth z, `(N, 1, H, W)`, in [near, far] on Disco's scale."""
        return self._planes.disco(self._inverse(picture))

    @torch.no_grad()
    def _inverse(self, picture: Tensor) -> Tensor:
        inverse: Tensor = self.network(picture.to(self._dtype))
        return inverse.to(torch.promote_types(inverse.dtype, torch.float32))


def load_depth(
    folder: Path, device: torch.device, dtype: torch.dtype = torch.float32
) -> NetworkDepth:
    """The estimator in a folder of `config.json` and `depth.safetensors`, computing in `dtype`.

    `config.json` holds the arguments of `DepthNetwork` and the planes:

        {"backbone": "resnet10t", "levels": [0, 1, 2, 3], "channels": 32, "near": 0.8, "far": 2.6}

    Raises:
        ModelError: a file is missing, or does not fit.
    """
    path = folder / "config.json"
    config = read_config(path, _DepthConfig)
    network = load_network(
        lambda: _computing_in(dtype, DepthNetwork(config.backbone, config.levels, config.channels)),
        config=path,
        weights=folder / WEIGHTS,
        device=device,
    )
    return NetworkDepth(network, near=config.near, far=config.far, dtype=dtype)


def _computing_in(dtype: torch.dtype, network: DepthNetwork) -> DepthNetwork:
    """`network` in `dtype`, but for the last layer: its rounding would be terraces in the depth."""
    network.to(dtype).head.float()
    return network


def _known_to_timm(backbone: str) -> str:
    # Without this, timm would ask the network for a name such as "hf-hub:someone/something".
    if not timm.is_model(backbone):
        hint = nearest(backbone, timm.list_models())
        raise ValueError(f'"{backbone}" is not an architecture of timm{hint}')
    return backbone


def _finer_first(levels: tuple[int, ...]) -> tuple[int, ...]:
    if any(fine >= coarse for fine, coarse in pairwise(levels)):
        raise ValueError(f"found {list(levels)}; levels go from fine to coarse, so they rise")
    return levels


class _DepthConfig(OwnConfig):
    backbone: Annotated[str, AfterValidator(_known_to_timm)]
    levels: Annotated[
        tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1), AfterValidator(_finer_first)
    ]
    channels: Annotated[int, Field(ge=1)]
    near: Annotated[float, Field(gt=0)]
    far: float

    @model_validator(mode="after")
    def _far_is_behind_near(self) -> Self:
        if self.far <= self.near:
            raise ValueError(f"near is {self.near} and far {self.far}; far lies behind near")
        return self

"""Depth estimators: a timm backbone with a light decoder, MiDaS convention.

A network returns relative inverse depth p, larger is nearer (Ranftl et al. 2020); this file is the
one place that turns it into the depth z that the 3D warp needs:

    1 / z = p / near + (1 - p) / far,   p in [0, 1]

so that p = 1 lies at `near` and p = 0 (the sky) at `far`. The unit of z is Disco's: a motion of
200 moves the camera by 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import timm
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, relu

from pipeline.models.weights import freeze, load_state, read_config, read_weights

WEIGHTS = "depth.safetensors"


class Fusion(nn.Module):
    """Merges a coarser map into a finer one: 1x1 projections, bilinear upsampling, a 3x3 mix."""

    def __init__(self, coarse: int, fine: int, channels: int) -> None:
        super().__init__()
        self.coarse = nn.Conv2d(coarse, channels, 1)
        self.fine = nn.Conv2d(fine, channels, 1)
        self.mix = nn.Conv2d(channels, channels, 3, padding=1, padding_mode="replicate")

    def forward(self, coarse: Tensor, fine: Tensor) -> Tensor:
        """`(N, channels, H, W)` at the size of `fine`."""
        raised = interpolate(
            self.coarse(coarse), size=fine.shape[-2:], mode="bilinear", align_corners=False
        )
        return relu(self.mix(relu(raised + self.fine(fine))))


class DepthNetwork(nn.Module):
    """Pictures `(N, 3, H, W)` in [-1, 1] to inverse depth `(N, 1, H, W)` in [0, 1].

    `levels` are the backbone's feature maps from fine to coarse; the picture itself is the finest
    level, so that outlines keep the sharpness of the pixels.
    """

    def __init__(self, backbone: str, levels: Sequence[int], channels: int) -> None:
        super().__init__()
        self.backbone = timm.create_model(
            backbone, pretrained=False, features_only=True, out_indices=tuple(levels)
        )
        widths = [3, *self.backbone.feature_info.channels()]
        inputs = [channels] * (len(widths) - 2) + [widths[-1]]
        self.fusions = nn.ModuleList(
            Fusion(coarse, fine, channels) for coarse, fine in zip(inputs, widths[:-1], strict=True)
        )
        self.head = nn.Conv2d(channels, 1, 3, padding=1, padding_mode="replicate")

    def forward(self, pictures: Tensor) -> Tensor:
        """Inverse depth; larger is nearer."""
        maps = [pictures, *self.backbone(pictures)]
        merged = maps[-1]
        for fusion, fine in zip(reversed(self.fusions), reversed(maps[:-1]), strict=True):
            merged = fusion(merged, fine)
        return self.head(merged).sigmoid()


class NetworkDepth:
    """A `DepthNetwork` and its planes as a `DepthEstimator`."""

    def __init__(self, network: DepthNetwork, *, near: float, far: float) -> None:
        self._network = network
        self._near = near
        self._far = far

    @torch.no_grad()
    def __call__(self, picture: Tensor) -> Tensor:
        """Depth z, `(N, 1, H, W)`, in [near, far]."""
        inverse = self._network(picture)
        return 1 / (inverse / self._near + (1 - inverse) / self._far)


def load_depth(folder: Path, device: torch.device) -> NetworkDepth:
    """The estimator in a folder of `config.json` and `depth.safetensors`."""
    config = read_config(folder / "config.json")
    network = DepthNetwork(config["backbone"], config["levels"], config["channels"])
    weights = folder / WEIGHTS
    load_state(network, read_weights(weights), weights)
    freeze(network)
    return NetworkDepth(network.to(device), near=config["near"], far=config["far"])

"""The published architectures of depth networks, as data.

| name | backbone | parameters | published in |
| --- | --- | --- | --- |
| `midas_v21_small` | EfficientNet-Lite3 | 17 M | Ranftl et al. 2020, arXiv 1907.01341 |
| `midas_v21` | ResNeXt-101 32x8d | 105 M | Ranftl et al. 2020, arXiv 1907.01341 |
| `dpt_large` | ViT-L/16 | 343 M | Ranftl et al. 2021, arXiv 2103.13413 |
| `dpt_hybrid` | ResNetV2-50 and ViT-B/16 | 123 M | Ranftl et al. 2021, arXiv 2103.13413 |
| `dpt_swin2_tiny_256` | Swin V2-T, window 16 | 42 M | Birkl et al. 2023, arXiv 2307.14460 |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import timm
from torch import Tensor, nn

from pipeline.networks.depth import midas_keys
from pipeline.networks.depth.decoder import dpt_decoder, v21_decoder, v21_small_decoder
from pipeline.networks.depth.dpt import (
    Embed,
    Reassemble,
    TransformerMaps,
    enlarged,
    halved,
    patches,
    stages_and_patches,
)
from pipeline.networks.depth.input import DepthInput, dpt_input, imagenet_input, minimal, square


class InverseDepthNetwork(nn.Module):
    """Normalised pictures to relative inverse depth of the same size; larger is nearer.

    `backbone` makes maps at 1/4, 1/8, 1/16 and 1/32 of the pictures' size, from fine to coarse.
    """

    def __init__(self, backbone: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.backbone = backbone
        self.decoder = decoder

    def forward(self, pictures: Tensor) -> Tensor:
        """Inverse depth `(N, 1, H, W)` >= 0 for `(N, 3, H, W)`, H and W multiples of 32."""
        inverse: Tensor = self.decoder(self.backbone(pictures))
        return inverse


@dataclass(frozen=True, slots=True)
class DepthArchitecture:
    """A published network: how it is built, the names of its weights, its preprocessing."""

    build: Callable[[], InverseDepthNetwork]
    names: midas_keys.Names
    given: DepthInput


class SwinMaps(nn.Module):
    """A timm Swin transformer as a backbone: its stages, which hold channels last, as maps."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.stages = timm.create_model(name, pretrained=False, features_only=True)

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """Feature maps `(N, C, H / s, W / s)` from fine to coarse."""
        return [stage.permute(0, 3, 1, 2) for stage in self.stages(pictures)]


def convolutional(name: str, **options: object) -> nn.Module:
    """A timm convolutional network as a backbone."""
    network: nn.Module = timm.create_model(
        name, pretrained=False, features_only=True, out_indices=(1, 2, 3, 4), **options
    )
    return network


def transformer(
    name: str,
    embed: Embed,
    blocks: Sequence[int],
    resamples: Sequence[nn.Module],
    channels: Sequence[int],
    **options: object,
) -> TransformerMaps:
    """A timm vision transformer as a backbone; `channels` are those of the reassembled maps."""
    network = timm.create_model(name, pretrained=False, num_classes=0, **options)
    network.norm = nn.Identity()  # The norm belongs to the classifier; DPT reads the blocks.
    width = network.embed_dim
    reassemble = [
        Reassemble(width, count, resample)
        for count, resample in zip(channels, resamples, strict=True)
    ]
    return TransformerMaps(network, embed, blocks, reassemble)


def midas_v21_small() -> InverseDepthNetwork:
    """MiDaS v2.1 small: the fastest network."""
    return InverseDepthNetwork(
        convolutional("tf_efficientnet_lite3"), v21_small_decoder((32, 48, 136, 384))
    )


def midas_v21(**options: object) -> InverseDepthNetwork:
    """MiDaS v2.1: the largest convolutional network; `options` are timm's."""
    return InverseDepthNetwork(
        convolutional("resnext101_32x8d", **options), v21_decoder((256, 512, 1024, 2048))
    )


def dpt_large(**options: object) -> InverseDepthNetwork:
    """DPT-Large, the depth network of Disco Diffusion; `options` are timm's."""
    channels = (256, 512, 1024, 1024)
    resamples = (enlarged(256, 4), enlarged(512, 2), nn.Identity(), halved(1024))
    backbone = transformer(
        "vit_large_patch16_384", patches, (5, 11, 17, 23), resamples, channels, **options
    )
    return InverseDepthNetwork(backbone, dpt_decoder(channels))


def dpt_hybrid(**options: object) -> InverseDepthNetwork:
    """DPT-Hybrid, whose finer maps are those of a ResNet; `options` are timm's."""
    backbone = transformer(
        "vit_base_r50_s16_384",
        stages_and_patches,
        (8, 11),
        (nn.Identity(), halved(768)),
        (768, 768),
        **options,
    )
    return InverseDepthNetwork(backbone, dpt_decoder((256, 512, 768, 768)))


def dpt_swin2_tiny() -> InverseDepthNetwork:
    """DPT with a tiny Swin V2: the smallest transformer; takes squares of 256 pixels only."""
    return InverseDepthNetwork(
        SwinMaps("swinv2_tiny_window16_256"), dpt_decoder((96, 192, 384, 768))
    )


DEPTH_ARCHITECTURES: Mapping[str, DepthArchitecture] = MappingProxyType(
    {
        "midas_v21_small": DepthArchitecture(
            midas_v21_small, midas_keys.MIDAS_V21_SMALL, imagenet_input(256)
        ),
        "midas_v21": DepthArchitecture(midas_v21, midas_keys.MIDAS_V21, imagenet_input(384)),
        "dpt_large": DepthArchitecture(
            dpt_large, midas_keys.DPT_LARGE, dpt_input(partial(minimal, 384))
        ),
        "dpt_hybrid": DepthArchitecture(
            dpt_hybrid, midas_keys.DPT_HYBRID, dpt_input(partial(minimal, 384))
        ),
        "dpt_swin2_tiny_256": DepthArchitecture(
            dpt_swin2_tiny, midas_keys.DPT_SWIN2, dpt_input(partial(square, 256))
        ),
    }
)

"""Perceptual distances, by which a picture keeps to its init image.

Convention:
    Pictures are `(N, 3, H, W)` in [-1, 1]. A distance is the squared difference of features, summed
    over channels, averaged over places and summed over levels: LPIPS (Zhang et al. 2018, eq. 1,
    arXiv:1801.03924) with the features of `LpipsFeatures`, a substitute without weights with
    `pyramid_features`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from kornia.filters import spatial_gradient
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from pipeline.diffusion.colour import luma

Features = Callable[[Tensor], Sequence[Tensor]]
"""Pictures to levels of features, each `(N, C, h, w)` with its own C, h and w."""


@dataclass(frozen=True, slots=True, eq=False)
class PerceptualDistance:
    """The distance of pictures in the space of `features`; 0 for equal ones, symmetric."""

    features: Features

    def __call__(self, pictures: Tensor, reference: Tensor) -> Tensor:
        """Distances `(N,)` to `reference`, `(N, 3, H, W)` or, for all pictures, `(1, 3, H, W)`."""
        return self.toward(reference)(pictures)

    def toward(self, reference: Tensor) -> Callable[[Tensor], Tensor]:
        """The distance `(N, 3, H, W) -> (N,)` to `reference`, whose features are computed once.

        The result is differentiable in the pictures, not in `reference`.
        """
        with torch.no_grad():
            levels = self.features(reference)

        def distance(pictures: Tensor) -> Tensor:
            apart = zip(self.features(pictures), levels, strict=True)
            return torch.stack(
                [(ours - theirs).square().sum(1).mean((1, 2)) for ours, theirs in apart]
            ).sum(0)

        return distance


LEVELS = 4
"""Levels of the pyramid; each has half the side of the one before."""
SMALLEST = 4
"""Least side in pixels of a pyramid level after the first."""


def pyramid_features(pictures: Tensor) -> list[Tensor]:
    """Colours and the edges of the luma, at up to `LEVELS` sizes: no network, no weights.

    A level has red, green and blue and how the luma changes across two pixels along x and along y
    (Sobel), `(N, 5, h, w)`: at a sharp edge that is its contrast. So colour and composition count
    at every level and fine noise at the first ones only: it costs two fifths of what a shift of
    brightness of the same size does. Unlike LPIPS it knows no textures, and a texture that moved
    is a changed one.
    """
    sizes = [pictures]
    while len(sizes) < LEVELS and min(sizes[-1].shape[-2:]) >= 2 * SMALLEST:
        sizes.append(avg_pool2d(sizes[-1], 2))
    return [torch.cat([size, _edges(luma(size))], dim=1) for size in sizes]


def _edges(light: Tensor) -> Tensor:
    """The changes along x and along y, `(N, 2, h, w)`, of `light`, `(N, 1, h, w)`."""
    # The Sobel operator gives the change across one pixel, which is half of that across two.
    gradients: Tensor = spatial_gradient(light)
    return 2 * gradients[:, 0]


VGG16 = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""Channels of the convolutions of each level (Simonyan & Zisserman 2015, configuration D)."""


class LpipsFeatures(nn.Module):
    """The features of LPIPS v0.1 over VGG16: unit vectors of channels, weighted by linear heads.

    The keys of its state are those of the published checkpoints, so that both together fit:
    `features.*` of torchvision's `vgg16-397923af.pth`, and `lin*` of the lpips package's `vgg.pth`.
    `lpips_state` picks them.
    """

    shift: Tensor
    scale: Tensor

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        self._ends: list[int] = []
        channels = 3
        for level in VGG16:
            for width in level:
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
                channels = width
            self._ends.append(len(layers))
            layers.append(nn.MaxPool2d(2))
        # Nothing comes after the last level.
        self.features = nn.Sequential(*layers[:-1])
        for index, (*_, width) in enumerate(VGG16):
            self.add_module(f"lin{index}", _Head(width))
        # ImageNet's mean and deviation, for pictures in [-1, 1], as rounded by Zhang et al.
        shift, scale = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
        self.register_buffer("shift", torch.tensor(shift).view(3, 1, 1), persistent=False)
        self.register_buffer("scale", torch.tensor(scale).view(3, 1, 1), persistent=False)

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """The five levels of features for pictures whose sides are 16 pixels or more."""
        x = (pictures - self.shift) / self.scale
        levels, start = [], 0
        for index, end in enumerate(self._ends):
            x = self.features[start:end](x)
            levels.append(self.get_submodule(f"lin{index}")(x))
            start = end
        return levels


class _Head(nn.Module):
    """Scales each channel of unit vectors by the root of its weight.

    The weights are kept as a convolution behind a dropout, as in the lpips package.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.model = nn.Sequential(nn.Dropout(), nn.Conv2d(channels, 1, 1, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        # The root stays clear of 0, where its slope is infinite.
        length = (x.square().sum(1, keepdim=True) + 1e-20).sqrt()
        weights = self.model.get_parameter("1.weight")[0]
        return x / length * weights.sqrt()


def lpips_state(vgg16: Mapping[str, Tensor], heads: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state of `LpipsFeatures` from the two published checkpoints.

    Raises:
        ValueError: a weight of `heads` is negative, which LPIPS does not allow.
    """
    negative = [key for key, weights in heads.items() if bool((weights < 0).any())]
    if negative:
        raise ValueError(f"{', '.join(negative)}: negative weights; those of LPIPS are 0 or more")
    convolutions = {key: value for key, value in vgg16.items() if key.startswith("features.")}
    return {**convolutions, **heads}

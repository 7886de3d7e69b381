"""A discriminator that tells paintings from enlargements, place by place.

It scores overlapping patches of about six native pixels (Isola et al. 2017, arXiv:1611.07004, a
"PatchGAN"); spectral normalisation keeps its slopes in bounds (Miyato et al. 2018,
arXiv:1802.05957).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import l1_loss, leaky_relu, softplus
from torch.nn.utils.parametrizations import spectral_norm

_GAIN = 2.5
"""Keeps features about as large as a picture's, where normalised weights would shrink them."""


class Discriminator(nn.Module):
    """Pictures `(N, 3, H, W)` in [-1, 1] to features, and scores of patches as the last of them.

    Each width halves the map, which has to be divisible by 2 as often.
    """

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        pairs = zip((3, *widths), widths, strict=False)
        self.halvings = nn.ModuleList(
            spectral_norm(nn.Conv2d(inner, outer, 4, 2, 1)) for inner, outer in pairs
        )
        self.score = spectral_norm(nn.Conv2d(widths[-1], 1, 3, 1, 1))

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """Features of each halving, and scores `(N, 1, h, w)`: the higher, the more a painting."""
        x, features = pictures, []
        for halve in self.halvings:
            x = _GAIN * leaky_relu(halve(x), 0.2)
            features.append(x)
        return [*features, self.score(x)]


def held(discriminator: Discriminator, pictures: Tensor) -> list[Tensor]:
    """What the discriminator says, with gradients for the pictures and none for its weights."""
    weights = {name: value.detach() for name, value in discriminator.named_parameters()}
    said: list[Tensor] = functional_call(discriminator, weights, pictures)
    return said


def outdone(better: Tensor, worse: Tensor) -> Tensor:
    """The loss of a side that wants `better` to score higher than `worse`, patch by patch.

    Relativistic: a patch is held against the painting of the same place, not against a fixed
    number (Jolicoeur-Martineau 2018, arXiv:1807.00734).
    """
    return softplus(worse.float() - better.float()).mean()


def unlikeness(features: Sequence[Tensor], wanted: Sequence[Tensor]) -> Tensor:
    """The mean absolute difference of features, each layer with the same weight.

    A perceptual loss whose network is the discriminator itself (Wang et al. 2018,
    arXiv:1711.11585, eq. 4).
    """
    pairs = zip(features, wanted, strict=True)
    return torch.stack(
        [l1_loss(one.float(), other.float().detach()) for one, other in pairs]
    ).mean()

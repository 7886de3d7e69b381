"""The judge: a residual network of its own with one head for each attribute of its edition.

The judge shares no weights, no data order and no loss with the CLIP model, and no sampler ever sees
its gradient, so that it can say whether a generated picture shows what its prompt asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import interpolate, relu

from tools.train.export import load_weights
from tools.world.attributes import ATTRIBUTES, Attributes

WEIGHTS = Path(__file__).with_name("judge.safetensors")
SIDE = 64
"""The judge looks at the whole picture, squeezed to a square of this many pixels."""
ALL_VALUES: Mapping[str, int] = {name: len(values) for name, values in ATTRIBUTES.items()}
"""The size of every attribute of the world; a judge of an earlier edition has fewer."""


class Block(nn.Module):
    """Two 3x3 convolutions around a skip; `stride` 2 halves the map (He et al. 2016)."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.first = _conv(channels, width, stride)
        self.second = _conv(width, width, 1)
        self.skip = nn.Sequential(
            nn.AvgPool2d(stride), nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Features `(N, width, H / stride, W / stride)`."""
        return relu(self.skip(x) + self.second(relu(self.first(x))))


def _conv(channels: int, width: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
    )


class Judge(nn.Module):
    """Pictures `(N, 3, H, W)` in [-1, 1] to logits of every attribute's values."""

    def __init__(
        self,
        values: Mapping[str, int] = ALL_VALUES,
        widths: tuple[int, ...] = (24, 48, 96, 160),
    ) -> None:
        """A judge of the first `values[name]` values of each attribute that is named."""
        super().__init__()
        pairs = zip((3, *widths[:-1]), widths, strict=True)
        self.blocks = nn.Sequential(*(Block(inner, outer, 2) for inner, outer in pairs))
        # The map of 4 x 4 is kept whole: where something is tells ground from sky.
        features = widths[-1] * (SIDE // 2 ** len(widths)) ** 2
        self.heads = nn.ModuleDict(
            {name: nn.Linear(features, count) for name, count in values.items()}
        )

    def forward(self, pictures: Tensor) -> dict[str, Tensor]:
        """Logits `(N, values)` by attribute."""
        features = self.blocks(squeezed(pictures)).flatten(1)
        return {name: head(features) for name, head in self.heads.items()}

    @torch.no_grad()
    def verdict(self, picture: Tensor) -> Attributes:
        """What one picture `(1, 3, H, W)` shows, as the judge sees it.

        What its edition does not have, it sees in none.
        """
        logits = self(picture)
        return Attributes(**{name: ATTRIBUTES[name][int(v.argmax())] for name, v in logits.items()})


def squeezed(pictures: Tensor) -> Tensor:
    """The whole pictures as squares of `SIDE` pixels."""
    return interpolate(pictures, size=(SIDE, SIDE), mode="bilinear", antialias=True)


def load_judge(path: Path = WEIGHTS) -> Judge:
    """The trained judge, which knows the values that its file has outputs for."""
    state = load_file(path)
    heads = {name: state.get(f"heads.{name}.bias") for name in ATTRIBUTES}
    judge = Judge({name: len(bias) for name, bias in heads.items() if bias is not None})
    load_weights(judge, path)
    return judge.eval().requires_grad_(False)


def agreements(judge: Judge, wish: Mapping[str, str], picture: Tensor) -> dict[str, bool]:
    """For each attribute that `wish` names, whether the judge sees it in a picture `(1, 3, H, W)`.

    What the judge's edition does not have is left out: of that it cannot tell.
    """
    verdict = judge.verdict(picture)
    return {
        name: getattr(verdict, name) == value for name, value in wish.items() if name in judge.heads
    }

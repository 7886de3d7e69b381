"""Painted pictures on disk (`tools.world.dataset`) as training batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tools.world.attributes import ATTRIBUTES, decode
from tools.world.captions import caption
from tools.world.editions import EDITIONS, OF_TODAY, Edition


@dataclass(frozen=True, slots=True)
class World:
    """A data set of `tools.world.dataset`, mapped from disk."""

    pictures: NDArray[np.uint8]
    """RGB pixels `(N, H, W, 3)`."""
    inverse_depth: NDArray[np.uint8]
    """Inverse depth `(N, H, W)`; 255 is nearest."""
    attributes: NDArray[np.int64]
    """Codes `(N, K)` of `tools.world.attributes.ATTRIBUTES`."""
    edition: Edition = OF_TODAY
    """Whose captions are true of the pictures."""

    def draw(self, count: int, generator: torch.Generator) -> NDArray[np.int64]:
        """`count` random indices."""
        return torch.randint(len(self.pictures), (count,), generator=generator).numpy()

    def pictures_at(self, indices: NDArray[np.int64]) -> Tensor:
        """Pictures `(n, 3, H, W)` in [-1, 1]."""
        pixels = torch.from_numpy(self.pictures[np.asarray(indices)])
        return pixels.permute(0, 3, 1, 2).float().div_(127.5).sub_(1)

    def inverse_depth_at(self, indices: NDArray[np.int64]) -> Tensor:
        """Inverse depth `(n, 1, H, W)` in [0, 1]; larger is nearer."""
        return torch.from_numpy(self.inverse_depth[np.asarray(indices)])[:, None].float() / 255

    def captions_at(self, indices: NDArray[np.int64], rng: np.random.Generator) -> list[str]:
        """A caption of each picture."""
        return [caption(rng, decode(row), self.edition) for row in self.attributes[indices]]


def open_world(folder: Path) -> World:
    """The data set in `folder`.

    What its edition has no codes of it has none of, which is code 0. That number tells the edition:
    the earliest with as many attributes.
    """
    codes = np.load(folder / "attributes.npy").astype(np.int64)
    count = codes.shape[1]
    return World(
        pictures=np.load(folder / "pictures.npy", mmap_mode="r"),
        inverse_depth=np.load(folder / "inverse_depth.npy", mmap_mode="r"),
        attributes=np.pad(codes, ((0, 0), (0, len(ATTRIBUTES) - count))),
        edition=next(one for one in EDITIONS.values() if len(one.counts) >= count),
    )


def open_worlds(folders: Sequence[Path]) -> tuple[World, ...]:
    """The data sets in `folders`, all told as in the latest edition among them.

    A picture of an earlier one is one of the later one too, but its own captions are not: where
    there are styles, "a watercolor of" is not said of gouache.
    """
    worlds = [open_world(folder) for folder in folders]
    latest = max((world.edition for world in worlds), key=lambda one: len(one.counts))
    return tuple(replace(world, edition=latest) for world in worlds)


def pick(worlds: Sequence[World], generator: torch.Generator) -> World:
    """One of `worlds`, each as likely as it is large; a batch has pictures of one size."""
    sizes = torch.tensor([len(world.pictures) for world in worlds], dtype=torch.float)
    return worlds[int(torch.multinomial(sizes, 1, generator=generator))]


def mirror_some(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Each picture mirrored with probability one half; the world knows no left and right."""
    flip = torch.rand(len(pictures), generator=generator) < 0.5
    return torch.where(flip[:, None, None, None], pictures.flip(-1), pictures)

"""What a shot has shown so far, in the memory of a frame and between the files of several.

A view that a frame adds lies in that frame's memory, once; the memories of later frames name it.
`with_homes` brings together what a memory names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from pipeline.camera.cloud import Cloud, View
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.files.arrays import Arrays

_PART = "points."


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """A cloud as the part of a frame's memory, and what of it no earlier frame holds."""

    cloud: Cloud
    frame: int
    """Number of the frame; the views whose home it is are saved with it."""

    def to_arrays(self) -> Arrays:
        """The cloud without the pictures of views that have another home."""
        cloud, views = self.cloud, self.cloud.views
        arrays = {
            "frame": np.array(self.frame),
            "homes": np.array([view.home for view in views], np.int64),
            "matrices": np.array([view.matrix for view in views]).reshape(-1, 4, 4),
            "trust": np.array([view.trust for view in views]),
            "unseen": np.array([view.unseen for view in views], np.int64),
            "nearness": np.array(cloud.nearness),
            "shown": (cloud.shown[0, 0] * 255).round().to("cpu", torch.uint8).numpy(),
            "depth": cloud.depth[0, 0].cpu().numpy().astype(np.float16),
        }
        for view in views:
            if view.home == self.frame:
                arrays |= {f"{name}-{view.home}": array for name, array in _saved(view).items()}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """The points whose arrays these are, with those of all homes."""
        homes = [int(home) for home in arrays["homes"]]
        numbers = zip(homes, arrays["matrices"], arrays["trust"], arrays["unseen"], strict=True)
        shown = _tensor(np.asarray(arrays["shown"], np.float32)) / 255
        cloud = Cloud(
            views=tuple(
                View(
                    picture=to_tensor(np.asarray(arrays[f"picture-{home}"], np.uint8)).half(),
                    depth=_tensor(np.asarray(arrays[f"depth-{home}"], np.float32)),
                    points=_bits(arrays[f"points-{home}"], shown),
                    home=home,
                    matrix=matrix,
                    trust=float(trust),
                    unseen=int(unseen),
                )
                for home, matrix, trust, unseen in numbers
            ),
            nearness=float(arrays["nearness"]),
            shown=shown,
            depth=_tensor(np.asarray(arrays["depth"], np.float32)),
        )
        return cls(cloud, int(arrays["frame"]))


def with_homes(arrays: Arrays, recall: Callable[[int], Arrays]) -> Arrays:
    """The arrays of a frame's memory, with the views that lie in those of earlier frames.

    `recall` gives what `views_in` finds in the memory of another frame of the shot, by its number.
    """
    homes = {int(home) for home in arrays.get(f"{_PART}homes", ())}
    found = dict(arrays)
    for home in sorted(homes):
        names = [f"{_PART}{name}-{home}" for name in _SAVED]
        if names[0] not in found:
            there = recall(home)
            found |= {name: there[name] for name in names}
    return found


def views_in(arrays: Arrays) -> Arrays:
    """What of the arrays of a frame's memory is of the views whose home it is."""
    kinds = tuple(f"{_PART}{name}-" for name in _SAVED)
    return {name: values for name, values in arrays.items() if name.startswith(kinds)}


_SAVED = ("picture", "depth", "points")


def _saved(view: View) -> Arrays:
    return {
        "picture": to_pixels(view.picture),
        "depth": view.depth[0, 0].cpu().numpy().astype(np.float16),
        "points": np.packbits(view.points.cpu().numpy()),
    }


def _tensor(array: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array))[None, None]


def _bits(packed: np.ndarray, like: Tensor) -> Tensor:
    """The bools of `np.packbits` in the shape of a tensor."""
    bits = np.unpackbits(np.asarray(packed, np.uint8))[: like.numel()]
    return torch.from_numpy(bits > 0).reshape(like.shape)

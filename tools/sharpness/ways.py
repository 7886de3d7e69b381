"""Ways from a native picture to one of the size that is looked at, and how crisp pictures are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from pipeline.files.png import Pixels
from pipeline.networks.upscaler import load_upscaler
from pipeline.output.fit import fitted
from tools.sharpness.edges import edge_widths
from tools.sharpness.spectrum import fineness
from tools.sharpness.steady import Enlarge

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Way:
    """A named enlargement of pictures of one size, (width, height)."""

    name: str
    native: Size
    enlarge: Enlarge

    def small(self, picture: Pixels) -> Pixels:
        """A large picture as one of the native size."""
        return np.asarray(cv2.resize(picture, self.native, interpolation=cv2.INTER_AREA), np.uint8)


def lanczos(native: Size, size: Size) -> Way:
    """By Lanczos' kernel alone."""
    return Way(f"Lanczos {_words(native)}", native, lambda pixels: fitted(pixels, size, "stretch"))


def by_network(folder: Path, native: Size, size: Size) -> Way:
    """By the upscaler in a folder, and to `size` as videos are."""
    upscaler = load_upscaler(folder, torch.device("cpu"))
    name = f"{folder.parent.name}/{folder.name} {_words(native)}"
    return Way(name, native, lambda pixels: fitted(upscaler.enlarge(pixels), size, "stretch"))


def _words(size: Size) -> str:
    return f"{size[0]} x {size[1]}"


@dataclass(frozen=True, slots=True)
class Crispness:
    """How crisp some pictures are."""

    median: float
    """Median of the widths of all their strong edges, in pixels."""
    mean: float
    """Mean of those widths; what is painted soft widens it."""
    fineness: float
    """Mean of their `fineness`."""

    def softer_than(self, paintings: Crispness) -> tuple[float, float, float]:
        """How many times as wide the edges are, by median and mean, and as weak the fine detail."""
        return (
            self.median / paintings.median,
            self.mean / paintings.mean,
            paintings.fineness / self.fineness,
        )


def crispness(pictures: Iterable[Pixels]) -> Crispness:
    """The crispness of one or more pictures."""
    measured = [(edge_widths(picture), fineness(picture)) for picture in pictures]
    widths = np.concatenate([found for found, _ in measured])
    fine = float(np.mean([value for _, value in measured]))
    return Crispness(float(np.median(widths)), float(widths.mean()), fine)

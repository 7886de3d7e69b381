"""Pictures on a canvas of other proportions: cut where they jut out, between bars, or stretched.

Conventions:
    Sizes are (width, height) in pixels. What is cut, and a bar, is as wide on both sides; the odd
    pixel is the right one or the lower one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from pipeline.files.png import Pixels
from pipeline.spec.plan import Fit

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Placement:
    """A picture scaled and centred on a canvas."""

    canvas: Size
    picture: Size
    """Size of the scaled picture: on no side smaller than the canvas, or on no side larger."""

    @property
    def is_cut(self) -> bool:
        """Whether the picture juts out."""
        return self.picture[0] > self.canvas[0] or self.picture[1] > self.canvas[1]

    @property
    def corner(self) -> tuple[int, int]:
        """Left and top of the canvas in a picture that is cut, or of the picture on the canvas."""
        (width, height), (w, h) = self.canvas, self.picture
        return abs(w - width) // 2, abs(h - height) // 2


def effective_fit(picture: Size, canvas: Size, fit: Fit) -> Fit:
    """`fit`, or `stretch` where all ways are one: the proportions differ by rounding only."""
    (w, h), (width, height) = picture, canvas
    # Sides that were rounded are half a pixel off each.
    is_same = min(abs(h * width / w - height), abs(w * height / h - width)) <= 1
    return "stretch" if is_same else fit


def place(picture: Size, canvas: Size, fit: Fit) -> Placement:
    """The placement of a picture of size `picture` on `canvas`."""
    (w, h), (width, height) = picture, canvas
    match effective_fit(picture, canvas, fit):
        case "cover":
            scale = max(width / w, height / h)
            return Placement(canvas, (max(width, round(w * scale)), max(height, round(h * scale))))
        case "contain":
            scale = min(width / w, height / h)
            scaled = (max(1, round(w * scale)), max(1, round(h * scale)))
            return Placement(canvas, (min(width, scaled[0]), min(height, scaled[1])))
    return Placement(canvas, canvas)


def fitted(pixels: Pixels, canvas: Size, fit: Fit) -> Pixels:
    """The pixels on the canvas, scaled by Lanczos' kernel, which is wider where they shrink."""
    height, width, _ = pixels.shape
    placement = place((width, height), canvas, fit)
    scaled = _scaled(pixels, placement.picture)
    left, top = placement.corner
    if placement.is_cut:
        return np.ascontiguousarray(scaled[top : top + canvas[1], left : left + canvas[0]])
    framed = np.zeros((canvas[1], canvas[0], 3), dtype=np.uint8)
    framed[top : top + placement.picture[1], left : left + placement.picture[0]] = scaled
    return framed


def _scaled(pixels: Pixels, size: Size) -> Pixels:
    height, width, _ = pixels.shape
    if (width, height) == size:
        return pixels
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


def filters(placement: Placement, flags: str) -> list[str]:
    """The placement as ffmpeg filters, whose scaler takes `flags`; in RGB, without subsampling."""
    (width, height), (w, h), (left, top) = placement.canvas, placement.picture, placement.corner
    scale = [f"scale={w}:{h}:{flags}", "format=gbrp"]
    if placement.picture == placement.canvas:
        return scale
    if placement.is_cut:
        return [*scale, f"crop={width}:{height}:{left}:{top}"]
    return [*scale, f"pad={width}:{height}:{left}:{top}:black"]

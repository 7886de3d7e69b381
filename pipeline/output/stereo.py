"""The frames of a video for two eyes, from saved pictures and their depth.

Both eyes see the same painted frames, so that they agree on everything; each layer of a fade is
seen by its own depth. A pose that is shown moves depth along with the picture, before the eyes look
at it: what is shown turned is no more tilted for them than what was painted so.

Conventions:
    As in `pipeline.output.composition`; those of the eyes are in `pipeline.camera.eyes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.camera.eyes import Eye, Field, eyes, focal_length, ground, seen_by
from pipeline.files.png import Pixels
from pipeline.output.anaglyph import anaglyph
from pipeline.output.composition import View, is_posed, lit, pose, read_picture
from pipeline.output.depth_maps import DepthMaps, read_inverse
from pipeline.output.fit import Size, effective_fit, fitted, place
from pipeline.run.footage import Footage, Layer
from pipeline.spec.camera import CameraSpec
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Fit, OutputSpec
from pipeline.spec.relief import Relief
from pipeline.spec.stereo import StereoLayout, StereoSpec
from pipeline.spec.timeline import Offset


@dataclass(frozen=True, slots=True)
class StereoView:
    """How two eyes see the frames of a video."""

    stereo: StereoSpec
    view: View
    """Where frames lie in the picture of one eye."""
    reliefs: Mapping[str, Relief]
    """How deep the frames of each shot are."""
    depth: Callable[[FrameId], Path]
    """Where the depth of a frame lies, as `pipeline.output.depth_maps` keeps it."""
    fit: Fit = "stretch"
    """How pictures that are not as large get to the size of what one eye sees."""

    @property
    def size(self) -> Size:
        """Width and height of the video in pixels."""
        return self.stereo.packed(self.view.placed.canvas)


def stereo_view(
    footage: Footage, output: OutputSpec, view: View | None, depth: DepthMaps
) -> StereoView:
    """How two eyes see `footage` in the video that `output` asks for.

    `view` says how its pictures show the frames; without one they are the frames, which are brought
    to the size of the output here. Raises ValueError for an output that is flat.
    """
    if output.stereo is None:
        raise ValueError(f"{output.file} is no video for two eyes")
    canvas = output.size or footage.size
    fit = effective_fit(footage.size, canvas, output.fit)
    return StereoView(
        stereo=output.stereo,
        view=view or View(footage.size, place(footage.size, canvas, fit)),
        reliefs={one.shot: one for one in footage.reliefs},
        depth=depth.file,
        fit=fit,
    )


def stereo_pictures(frames: Iterable[Sequence[Layer]], view: StereoView) -> Iterator[Pixels]:
    """The picture of each frame of the video, for both eyes.

    Raises RunError for a picture, or the depth of one, that cannot be read.
    """
    seen: dict[Layer, Pair] = {}
    for layers in frames:
        # What is held is seen once, however much it counts.
        whole = [replace(one, weight=1.0) for one in layers]
        seen = {one: seen[one] if one in seen else _both(one, view) for one in whole}
        weights = [one.weight for one in layers]
        left, right = (
            _mixed([(seen[one][side], weight) for one, weight in zip(whole, weights, strict=True)])
            for side in range(2)
        )
        yield _LAYOUTS[view.stereo.layout](left, right)


Pair = tuple[Field, Field]
"""What the left eye sees, and the right one: levels, `(H, W, 3)`."""


def _mixed(layers: Sequence[tuple[Field, float]]) -> Pixels:
    mixed = sum(
        (np.float32(weight) * levels for levels, weight in layers),
        start=np.zeros(layers[0][0].shape, dtype=np.float32),
    )
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def _both(layer: Layer, view: StereoView) -> Pair:
    """What the two eyes see of one layer."""
    lens = view.reliefs[layer.id.shot].lens(layer.id.frame)
    pixels = read_picture(layer.picture)
    if pixels.shape[1::-1] != view.view.placed.canvas:
        pixels = fitted(pixels, view.view.placed.canvas, view.fit)
    levels = pixels.astype(np.float32)
    inverse = read_inverse(view.depth(layer.id))
    left, right = (
        lit(_seen(eye, levels, inverse, layer.offset, view.view), layer.offset)
        for eye in _eyes(view, lens)
    )
    return left, right


def _eyes(view: StereoView, lens: CameraSpec) -> tuple[Eye, Eye]:
    (width, height), placed = view.view.frame, view.view.placed.picture
    focal = focal_length(lens.fov, lens.projection, width, height) * placed[0] / width
    return eyes(view.stereo.ipd, view.stereo.eye_angle, focal)


def _seen(eye: Eye, levels: Field, inverse: Field, offset: Offset, view: View) -> Field:
    """What an eye sees of a picture; bars around it stay where they are."""
    result = levels.copy()
    inside = view.inside(result)
    height, width, _ = inside.shape
    posed = pose(offset, (width, height), view) if is_posed(offset) else None
    there = view.to_picture() if posed is None else posed @ view.to_picture()
    here = _enlarged(inverse, there, (width, height))
    native = (inverse.shape[1], inverse.shape[0])
    inside[:] = seen_by(eye, view.inside(levels), ground(here, native, _reach(there)), posed)
    return result


def _enlarged(inverse: Field, there: NDArray[np.float64], size: Size) -> Field:
    """Inverse depth where the picture lies; in it planes are linear, so that they stay planes."""
    moved = cv2.warpAffine(
        inverse, there[:2], size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(moved, dtype=np.float32)


def _reach(there: NDArray[np.float64]) -> int:
    """How many pixels the distance between two pixels of the depth has become."""
    return max(1, ceil(float(np.sqrt(abs(np.linalg.det(there[:2, :2]))))))


_LAYOUTS: Mapping[StereoLayout, Callable[[Pixels, Pixels], Pixels]] = {
    "side_by_side": lambda left, right: np.hstack((left, right)),
    "top_bottom": lambda left, right: np.vstack((left, right)),
    "anaglyph": anaglyph,
}
"""From the pictures of the left and the right eye to that of the video."""

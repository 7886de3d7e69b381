"""Pictures as the backdrop of an animatic: the author's, or key frames that were painted.

Importing this imports torch, which finds out where each pixel comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.files.pictures import fit
from pipeline.files.png import Pixels
from pipeline.output.backdrop import Backdrop, at_draft_size
from pipeline.output.canvas import Colour
from pipeline.output.drawn_space import DrawnSpace
from pipeline.output.fit import Size
from pipeline.output.tints import tinted
from pipeline.plan.looks import Look
from pipeline.render.moved_picture import DepthFn, MovedPicture, depth_of_picture, known_depth
from pipeline.scene.motion import Matrix
from pipeline.spec.camera import CameraSpec

_TINTED = 0.4
"""Share of a look's tint in a picture that serves several looks."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureBackdrop:
    """The pictures of some looks, and what stands for all others."""

    frame: Size
    draft: Size
    pictures: Mapping[Look, MovedPicture]
    others: Backdrop

    def __call__(self, camera: CameraSpec, matrix: Matrix, look: Look) -> Pixels:
        """As `Backdrop`."""
        picture = self.pictures.get(look)
        if picture is None:
            return self.others(camera, matrix, look)
        if camera.mode == "2d":
            matrix = at_draft_size(matrix, self.frame, self.draft)
        return picture.seen(camera, matrix)


def depth_in(pixels: Pixels, frame: Size, draft: Size) -> DepthFn:
    """The depth of a picture that covers the frame, as finely as a draft shows it."""
    return depth_of_picture(fit(pixels, *min(frame, draft)))


def moved_picture(pixels: Pixels, draft: Size, tint: Colour | None, depth: DepthFn) -> MovedPicture:
    """A picture of some depth at draft size, with a touch of a tint unless it is None."""
    shown = fit(pixels, *draft)
    if tint is not None:
        light = np.array(tint, dtype=np.float32) / max(tint)
        shown = np.rint(shown * (1 - _TINTED + _TINTED * light)).astype(np.uint8)
    return MovedPicture(shown, depth)


def drawn_picture(draft: Size, tint: Colour, fov: float) -> MovedPicture:
    """The drawn space as a picture of known depth: Disco's projection moves no space."""
    light, depth = DrawnSpace(*draft).first(fov)
    return MovedPicture(tinted(light, tint), known_depth(depth))

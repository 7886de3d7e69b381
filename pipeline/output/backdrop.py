"""What an animatic shows in the place of painted frames: a drawn plane, or a drawn space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from pipeline.files.png import Pixels
from pipeline.output.canvas import Colour
from pipeline.output.composition import View
from pipeline.output.drawn_plane import Brightness, DrawnPlane
from pipeline.output.drawn_space import DrawnSpace
from pipeline.output.fit import Placement, Size
from pipeline.output.tints import tinted
from pipeline.plan.looks import Look
from pipeline.scene.motion import Matrix
from pipeline.spec.camera import CameraSpec


class Backdrop(Protocol):
    """A picture that stands for what is painted, as a camera sees it after a motion."""

    def __call__(self, camera: CameraSpec, matrix: Matrix, look: Look) -> Pixels:
        """The picture of a look at draft size; the matrix is one of `pipeline.camera.poses`."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class DrawnBackdrop:
    """The test pictures in the tint of each look."""

    frame: Size
    """Size of the frames, in whose pixels motions in 2d are told."""
    draft: Size
    tints: Mapping[Look, Colour]
    _last: dict[bytes, Brightness] = field(default_factory=dict)

    def __call__(self, camera: CameraSpec, matrix: Matrix, look: Look) -> Pixels:
        """As `Backdrop`."""
        key = matrix.tobytes() + np.float64(camera.fov).tobytes()
        if key not in self._last:
            # Two looks of one frame share what is drawn.
            self._last.clear()
            self._last[key] = self._drawn(camera, matrix)
        return tinted(self._last[key], self.tints[look])

    def _drawn(self, camera: CameraSpec, matrix: Matrix) -> Brightness:
        if camera.mode == "3d":
            return DrawnSpace(*self.draft).seen(matrix, camera.fov)
        return DrawnPlane(*self.draft).seen(at_draft_size(matrix, self.frame, self.draft))


def at_draft_size(matrix: Matrix, frame: Size, draft: Size) -> Matrix:
    """A 3x3 matrix on pixel indices of a frame as one on those of a draft of it."""
    there = View(frame, Placement(draft, draft)).to_picture()
    return there @ matrix @ np.linalg.inv(there)

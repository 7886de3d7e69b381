"""A take: frames as they were saved, and what the camera did between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from pipeline.diffusion.image import to_tensor
from pipeline.files.pictures import read_picture
from pipeline.files.png import Pixels
from pipeline.plan.make import make_plan
from pipeline.protocols import DepthEstimator
from pipeline.render.camera_step import move
from pipeline.scene.load import load_scene
from pipeline.spec.frame import FrameSpec, SavedFrame


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A frame and the one before it; pictures are `(1, 3, H, W)` in [-1, 1]."""

    spec: FrameSpec
    """The frame's spec."""
    before: Tensor
    """The frame before, as it was."""
    carried: Tensor
    """The frame before, moved by the camera with the scene's own kernel."""
    softer: Tensor
    """The same with a bilinear kernel: what the two differ by is resampling, not the loop."""
    known: Tensor
    """Whether the frame before shows what lies at a pixel, `(1, 1, H, W)` bool."""
    shift: Tensor
    """How far the camera moved what lies at a pixel, in pixels, `(1, 1, H, W)`."""
    after: Tensor
    """The frame."""


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """The frames of one run of a scene, from its first one on."""

    frames: Sequence[Pixels]
    specs: Sequence[FrameSpec]
    """The specs of these frames."""
    depth: DepthEstimator | None = None
    """The estimator that a 3D camera asks."""

    def pairs(self) -> Iterator[Pair]:
        """Each frame that grows from the one before it, together with that one."""
        for spec in self.specs:
            if spec.inputs == (SavedFrame(spec.frame - 1),):
                yield self._pair(spec)

    def _pair(self, spec: FrameSpec) -> Pair:
        before, after = (to_tensor(self.frames[spec.frame - back]) for back in (1, 0))
        depth = self._depth_of(before, spec)

        def moved(picture: Tensor, **camera: str) -> Tensor:
            return move(picture, spec.motions, replace(spec.camera, **camera), depth)  # type: ignore[arg-type]

        sight = moved(torch.ones_like(before), sampling="bilinear", padding="zeros")
        places = _places(*spec.size)
        gone = moved(places, sampling="bilinear", padding="border") - places
        size = torch.tensor(spec.size).view(1, 2, 1, 1)
        return Pair(
            spec=spec,
            before=before,
            carried=moved(before),
            softer=moved(before, sampling="bilinear"),
            known=sight[:, :1] > 0.99,
            shift=(gone[:, :2] * (size - 1) / 2).norm(dim=1, keepdim=True),
            after=after,
        )

    def _depth_of(self, picture: Tensor, spec: FrameSpec) -> DepthEstimator | None:
        """The depth of `picture`, whatever is moved by it; None where no network is asked."""
        if self.depth is None or not spec.motions or not spec.camera.estimates_depth:
            return None
        depth = self.depth(picture)
        return lambda picture: depth


def _places(width: int, height: int) -> Tensor:
    """The place of each pixel as a picture: across and down, each from -1 to 1."""
    x = torch.linspace(-1, 1, width).expand(height, width)
    y = torch.linspace(-1, 1, height)[:, None].expand(height, width)
    return torch.stack((x, y, x))[None]


def read_take(scene: Path, folder: Path, depth: DepthEstimator | None) -> Take:
    """The take of `scene` whose frames lie in `folder`, as far as they are there.

    Raises:
        FileNotFoundError: the folder holds none.
    """
    specs = make_plan(load_scene(scene)).frames
    files = [folder / f"{spec.frame:06d}.png" for spec in specs]
    there = next((k for k, file in enumerate(files) if not file.exists()), len(files))
    if not there:
        raise FileNotFoundError(f"there is no {files[0]}; --frames is the folder of the pictures")
    return Take([read_picture(file) for file in files[:there]], specs[:there], depth)

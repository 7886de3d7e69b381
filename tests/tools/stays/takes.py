"""Takes whose answers are known: a painting that the camera moves, and nothing else does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.files.png import Pixels
from pipeline.render.camera_step import move
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.frame import FrameSpec, SavedFrame
from tools.stays.take import Take
from tools.world.attributes import Attributes
from tools.world.editions import FIRST
from tools.world.paint import paint

WIDTH, HEIGHT = 96, 64


def painting(seed: int, attributes: Attributes | None = None) -> Pixels:
    """A painting of the size of a frame."""
    return paint(seed, WIDTH, HEIGHT, attributes, edition=FIRST).picture


def specs(count: int, motion: CameraMotion) -> list[FrameSpec]:
    """The specs of a 2D camera that makes the same motion to each frame."""
    first = FrameSpec(frame=0, size=(WIDTH, HEIGHT))
    grown = replace(first, motions=(motion,), camera=CameraSpec(padding="border"))
    return [first] + [
        replace(grown, frame=frame, inputs=(SavedFrame(frame - 1),)) for frame in range(1, count)
    ]


def carried(first: Pixels, count: int, motion: CameraMotion) -> Take:
    """A take in which the camera moves the frame before, and nothing is painted."""
    made, frames = specs(count, motion), [first]
    for spec in made[1:]:
        frames.append(to_pixels(move(to_tensor(frames[-1]), spec.motions, spec.camera, None)))
    return Take(frames, made)


def hanging(first: Pixels, count: int, motion: CameraMotion) -> Take:
    """A take in which the picture stays where it is, whatever the camera does."""
    return Take([first] * count, specs(count, motion))


def noisy(frame: Pixels, size: float, seed: int = 0) -> Pixels:
    """The frame with noise of `size` levels."""
    noise = np.random.default_rng(seed).normal(0, size, frame.shape)
    return (frame + noise).clip(0, 255).round().astype(np.uint8)

"""How much a scene asks for, without the plan of its frames: at once, however many they are."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pipeline.catalogue.facts import reads_prompts
from pipeline.scene.schema import Scene


@dataclass(frozen=True, slots=True)
class Extent:
    """The size of a scene's pictures, and how many of them there are."""

    frames: int
    stills: bool
    """Whether the frames are single pictures, none of which grows from another."""
    fps: Fraction
    width: int
    height: int


def extent(scene: Scene) -> Extent:
    """The extent of `scene`.

    Raises:
        ModelError: the configuration of its denoiser is missing, or something in it is not allowed.
    """
    reads_prompts(scene.models.denoiser)
    frames, (width, height) = scene.frame_count, scene.video.size
    return Extent(
        frames=frames,
        stills=scene.video.n_batches is not None,
        fps=scene.video.fps,
        width=width,
        height=height,
    )

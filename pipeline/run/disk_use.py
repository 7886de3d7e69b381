"""How much room a render takes on the disk, as one like it took, or roughly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.run.directory import RunDirectory
from pipeline.spec.frame import FrameSpec
from pipeline.spec.plan import OutputSpec, Plan

_FRAME, _ENLARGED, _VIDEO = 1.9, 0.75, 0.04
"""Bytes of a pixel, as the starter's frames, enlarged ones and videos at the default quality have
them."""
_REMEMBERED, _VIEW = 6.0, 8.0
"""Bytes of a pixel of what a frame leaves for the next one, and more of it where a camera keeps
what the shot has shown."""


@dataclass(frozen=True, slots=True)
class DiskUse:
    """Bytes of the files of a render."""

    frames: float
    memory: float
    """Bytes of what frames leave for those that grow from them."""
    enlarged: float
    videos: float
    clips: float = 0.0
    """Bytes of the frames that are decoded of clips, which lie beside the render."""

    @property
    def total(self) -> float:
        """Bytes of all of them."""
        return self.frames + self.memory + self.enlarged + self.videos + self.clips


def rough_use(plan: Plan) -> DiskUse:
    """What the frames and videos of a plan take, by their pixels."""
    width, height = plan[0].size
    outputs = (plan.output, *plan.outputs)
    sizes = [_of_video(one, plan[0].size) for one in outputs if not one.stills]
    enlarged = {one.size for one in outputs if one.size and one.upscale == "starter"}
    length = sum(shot.length for shot in plan.all_shots)
    return DiskUse(
        frames=_FRAME * width * height * len(plan),
        memory=sum(map(_memory, plan)),
        enlarged=_ENLARGED * len(plan) * sum(w * h for w, h in enlarged),
        videos=_VIDEO * length * sum(w * h for w, h in sizes),
        clips=_FRAME * width * height * len({one for spec in plan for one in spec.clip_frames}),
    )


def _of_video(output: OutputSpec, frame: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a video in pixels."""
    eye = output.size or frame
    return eye if output.stereo is None else output.stereo.packed(eye)


def _memory(spec: FrameSpec) -> float:
    width, height = spec.size
    denoise = spec.denoise
    if denoise is None:
        return 0.0
    keeps = denoise.sampler.fresh_noise < 1 or not denoise.guidance.init_hold.is_zero
    sees = spec.camera.memory == "shot" and bool(spec.motions)
    return width * height * (_REMEMBERED * keeps + _VIEW * sees)


def measured_use(folder: Path, plan: Plan) -> DiskUse | None:
    """What a plan takes by the files of a render of the same size; None if it has no frame.

    What is not there yet, such as the video of a render that was interrupted, is taken as roughly
    as `rough_use` does.
    """
    frames = _bytes_below(folder / RunDirectory(folder).frames.name, "*.png")
    if not frames:
        return None
    times, rough = len(plan) / len(frames), rough_use(plan)
    enlarged = [size for one in folder.glob("upscaled*") for size in _bytes_below(one, "*.png")]
    videos = _videos(folder, (plan.output, *plan.outputs))
    wants_enlarged, count = rough.enlarged > 0, max(1, len(enlarged))
    return DiskUse(
        frames=times * sum(frames),
        memory=times * sum(_bytes_below(folder / "memory", "*.npz")),
        enlarged=len(plan) * sum(enlarged) / count
        if enlarged and wants_enlarged
        else rough.enlarged,
        videos=times * videos if videos else rough.videos,
        clips=rough.clips,
    )


def _bytes_below(folder: Path, pattern: str) -> list[int]:
    return [path.stat().st_size for path in folder.rglob(pattern)] if folder.is_dir() else []


def _videos(folder: Path, outputs: Iterable[OutputSpec]) -> int:
    files = (folder / one.file for one in outputs)
    return sum(file.stat().st_size for file in files if file.is_file())

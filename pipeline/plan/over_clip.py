"""Frames over a clip: from which of its frames each starts, and what goes along with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from pipeline.plan.clip_poses import ClipPoses
from pipeline.plan.columns import column
from pipeline.plan.from_noise import AT_REST
from pipeline.scene.painted import BEFORE
from pipeline.scene.schema import Scene, Video
from pipeline.scene.settings import Settings
from pipeline.scene.shots import Shot
from pipeline.spec.camera import CameraSpec
from pipeline.spec.clip import CarrySpec, ClipFrame
from pipeline.spec.frame import FrameSpec, PictureFile, SavedFrame


def over_clip(
    specs: Iterable[FrameSpec], scene: Scene, shot: Shot, poses: ClipPoses
) -> Iterator[FrameSpec]:
    """The frames of a shot, which would grow or start anew, as those that start from the clip.

    Where `clip.flow_blend`, the share of an earlier frame, is 0 one starts from the clip alone,
    unless the camera moves or has moved. One that is not painted shows what was, without a share of
    the clip. All go along frame by frame: flow over more than one loses what is small and fast. A
    picture of the author's stays one. `poses` are those of the shot.
    """
    use, video, films = shot.settings.clip, scene.video, bool(poses.each)
    frames = np.arange(shot.first, shot.first + shot.painted, dtype=np.float64)
    numbers = zip(column(use.flow_blend, frames), column(use.flow_mask, frames), strict=True)
    for spec, (blend, mask) in zip(specs, numbers, strict=True):
        first = next(iter(spec.inputs), None)
        now = _frame(video, shot.first + spec.frame)
        alone = replace(spec, inputs=(now,), motions=(), camera=AT_REST, renewal=0.0)
        share = 1.0 if spec.denoise is None else blend
        if isinstance(first, PictureFile):
            yield spec
        elif not isinstance(first, SavedFrame) or (share == 0 and not films):
            yield alone
        else:
            origin = spec.frame - 1 if first.shot is None else BEFORE
            before = _frame(video, shot.first + origin)
            carry = CarrySpec(mask, poses.at(origin), poses.at(spec.frame))
            shares = (share, 0.0, 1 - share)
            first = replace(first, frame=origin) if first.shot is None else first
            along = replace(alone, inputs=(first, before, now), shares=shares, carry=carry)
            last = replace(along, motions=spec.motions[-1:], camera=_seen(spec, carry))
            yield last if films else along


def _seen(spec: FrameSpec, carry: CarrySpec) -> CameraSpec:
    """The camera before the clip: one that rests is of the mode in which it has moved."""
    return spec.camera if carry.stands is None else replace(spec.camera, mode=carry.stands.mode)


def starts_as_it_grows(settings: Settings) -> bool:
    """Whether what holds of frames that grow holds of the first one, too, over a clip.

    It has a picture to start from as they have, and `first` is for those who write it.
    """
    return not settings.sampler.skipping.first_is_written


def _frame(video: Video, number: int) -> ClipFrame:
    """The clip's frame that falls on a frame of the video."""
    clip = video.input
    assert clip is not None
    return ClipFrame(str(clip.file), clip.frame(number, video.fps), clip.crop, clip.fit)

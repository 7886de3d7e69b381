"""A frame between two painted ones: each of them, warped once to where the camera is, and blended.

What is new in the next painted frame comes bit by bit, and is there in full on its own frame. No
frame grows from one in between, which therefore leaves no memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from pipeline.camera.meeting import between_flows, gone_on, met
from pipeline.camera.sight import Sight
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.files.png import Pixels
from pipeline.networks.bundle import Networks
from pipeline.protocols import DepthEstimator
from pipeline.render.camera_step import Motions, camera_map, sight_of
from pipeline.render.ground import Ground, grounded, recalled, remembers, slowed
from pipeline.render.memory import Memory
from pipeline.spec.between import Between
from pipeline.spec.camera import CameraSpec, Padding
from pipeline.spec.frame import FrameSpec

_BEHIND: Padding = "border"
"""What lies beyond the edges of the next painted frame: nothing that is known, also where the
camera's pictures wrap around, as the last painted frame shows it."""


def in_between(
    spec: FrameSpec, inputs: Sequence[Pixels], memories: Sequence[Memory], networks: Networks
) -> Pixels:
    """The pixels `(height, width, 3)` of a frame whose `between` says what it shows.

    `inputs` are those of the last painted frame and, where the spec asks for it, of the next one;
    `memories` are what they have left.

    Raises:
        FloatingPointError: a depth is not finite.
    """
    between = spec.between
    assert between is not None
    last, *others = (to_tensor(one).to(networks.device) for one in inputs)
    estimator = networks.depth_for(spec.camera.projection)
    stand = _standing(replace(spec, inputs=spec.inputs[:1]), last, memories[0], estimator)
    first = _seen(last, stand, splat=bool(others) or remembers(spec))
    if not others:
        return to_pixels(_with_memory(first, stand, spec).picture)
    second = _from_next(spec, between, others[0], memories[1], estimator, stand)
    if between.flow:
        there = networks.flow(first.picture, second.picture)
        homeward = networks.flow(second.picture, first.picture)
        to_first, to_second = between_flows(there, homeward, between.share)
        first = _gone_on(last, first, to_first, spec.camera)
        second = _gone_on(others[0], second, to_second, spec.camera)
    return to_pixels(met(first, second, between.share))


@dataclass(frozen=True, slots=True, eq=False)
class _Standing:
    """A painted frame's picture in space, and where the camera goes from there."""

    motions: Motions
    camera: CameraSpec
    estimator: DepthEstimator | None
    """Gives the depth of the picture."""
    ground: Ground | None = None
    """The picture within the space of its shot, where the camera remembers that."""


def _standing(
    spec: FrameSpec, picture: Tensor, memory: Memory, estimator: DepthEstimator | None
) -> _Standing:
    if not remembers(spec):
        return _Standing(spec.motions, spec.camera, estimator)
    ground = grounded(spec, picture, estimator, memory.points)
    return _Standing(ground.motions, ground.camera, ground.estimator, ground)


def _seen(picture: Tensor, stand: _Standing, *, splat: bool, back: bool = False) -> Sight:
    way = camera_map(picture, stand.motions, stand.camera, stand.estimator, back=back)
    return sight_of(picture, way, stand.camera, splat=splat)


def _with_memory(sight: Sight, stand: _Standing, spec: FrameSpec) -> Sight:
    """The sight of the last painted frame, and what it does not know as the shot has shown it.

    Its own paint comes first: that of earlier frames would flicker between painted ones.
    """
    if stand.ground is None:
        return sight
    recall, _ = recalled(stand.ground, sight, spec.frame)
    return replace(sight, picture=torch.lerp(recall.picture, sight.picture, sight.known))


def _from_next(
    spec: FrameSpec,
    between: Between,
    picture: Tensor,
    memory: Memory,
    estimator: DepthEstimator | None,
    last: _Standing,
) -> Sight:
    """What is seen of the next painted frame from where the camera is before it."""
    camera = replace(between.camera, padding=_BEHIND)
    one = replace(spec, inputs=spec.inputs[1:], motions=between.onward, camera=camera)
    stand = _standing(one, picture, memory, estimator)
    if last.ground is not None:
        # The camera has gone as fast as the frame allows from which it came.
        stand = replace(stand, motions=slowed(between.onward, last.ground.pace))
    return _seen(picture, stand, splat=True, back=True)


def _gone_on(picture: Tensor, sight: Sight, flow: Tensor, camera: CameraSpec) -> Sight:
    return gone_on(picture, sight, flow, padding=camera.padding, sampling=camera.sampling)

"""A frame between two painted ones: each of them, warped once to where the camera is, and blended.

What is new in the next painted frame comes bit by bit, and is there in full on its own frame. No
frame grows from one in between, which therefore leaves no memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from torch import Tensor

from pipeline.camera.meeting import between_flows, gone_on, met
from pipeline.camera.sight import Sight
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.files.png import Pixels
from pipeline.networks.bundle import Networks
from pipeline.protocols import DepthEstimator
from pipeline.render.camera_step import camera_map, sight_of
from pipeline.render.ground import grounded, recalled, remembers, turned_back
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
    if not others:
        return to_pixels(_from_last(spec, last, memories[0], estimator)[0].picture)
    first, pace = _from_last(spec, last, memories[0], estimator)
    second = _from_next(spec, between, others[0], memories[1], estimator, pace)
    if between.flow:
        there = networks.flow(first.picture, second.picture)
        homeward = networks.flow(second.picture, first.picture)
        to_first, to_second = between_flows(there, homeward, between.share)
        first = _gone_on(last, first, to_first, spec.camera)
        second = _gone_on(others[0], second, to_second, spec.camera)
    return to_pixels(met(first, second, between.share))


def _from_last(
    spec: FrameSpec, picture: Tensor, memory: Memory, estimator: DepthEstimator | None
) -> tuple[Sight, float]:
    """What is seen of the last painted frame, and the share of the motions that the camera goes."""
    one = replace(spec, inputs=spec.inputs[:1])
    if not remembers(one):
        way = camera_map(picture, spec.motions, spec.camera, estimator)
        return sight_of(picture, way, spec.camera, splat=len(spec.inputs) > 1), 1.0
    ground = grounded(one, picture, estimator, memory.points)
    way = camera_map(picture, ground.motions, ground.camera, ground.estimator)
    before = sight_of(picture, way, ground.camera, splat=True)
    return recalled(ground, before, spec.frame)[0], ground.pace


def _from_next(
    spec: FrameSpec,
    between: Between,
    picture: Tensor,
    memory: Memory,
    estimator: DepthEstimator | None,
    pace: float,
) -> Sight:
    """What is seen of the next painted frame from where the camera is before it."""
    camera = replace(spec.camera, depth=between.depth, padding=_BEHIND)
    one = replace(spec, inputs=spec.inputs[1:], motions=between.onward, camera=camera, renewal=0.0)
    if not remembers(one):
        way = camera_map(picture, one.motions, camera, estimator, back=True)
        return sight_of(picture, way, camera, splat=True)
    ground = grounded(one, picture, estimator, memory.points)
    ground = turned_back(ground, between.onward, pace, picture)
    way = camera_map(picture, ground.motions, ground.camera, ground.estimator, back=True)
    before = sight_of(picture, way, ground.camera, splat=True)
    return recalled(ground, before, spec.frame)[0]


def _gone_on(picture: Tensor, sight: Sight, flow: Tensor, camera: CameraSpec) -> Sight:
    return gone_on(picture, sight, flow, padding=camera.padding, sampling=camera.sampling)

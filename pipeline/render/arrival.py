"""A frame's inputs, mixed, the first of them from where the camera is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from pipeline.camera.maps import CameraMap
from pipeline.camera.sight import Sight
from pipeline.diffusion.image import to_tensor
from pipeline.files.png import Pixels
from pipeline.networks.bundle import Networks
from pipeline.render.camera_step import camera_map, sight_of
from pipeline.render.clip_camera import filmed
from pipeline.render.clip_step import carried
from pipeline.render.ground import Ground, grounded, recalled, remembers
from pipeline.render.memory import NOTHING, Memory
from pipeline.render.points import Points
from pipeline.render.repaint import asks
from pipeline.spec.frame import FrameSpec
from pipeline.spec.keeping import KEEPS_NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """What is seen of a frame's inputs from where the camera is now."""

    sight: Sight
    way: CameraMap | None
    """The way of the first input's places; None where nothing moves."""
    goes_along: Tensor
    """Where the first input itself is seen, `(1, 1, H, W)` in [0, 1]: what goes along with it is
    known there, and not where other pictures of the shot are seen."""
    memory: Memory
    """What of the first input's memory still holds: nothing where nothing goes along."""
    points: Points | None = None
    """What the frame has to remember of its shot, where the camera sees all of that."""


def arrive(
    spec: FrameSpec, inputs: Sequence[Pixels], networks: Networks, memory: Memory
) -> Arrival | None:
    """What is seen of the inputs of `spec`; None for a frame without any.

    `memory` is what the first of them has left.

    Raises:
        ValueError: a number of inputs that no frame is made of.
    """
    shares = spec.shares or (1.0,) * min(1, len(spec.inputs))
    if not len(inputs) == len(spec.inputs) == len(shares):
        raise ValueError(
            f"frame {spec.id} is given {len(inputs)} inputs, of {len(spec.inputs)} with "
            f"{len(shares)} shares"
        )
    if not inputs:
        return None
    first, *others = (to_tensor(one).to(networks.device) for one in inputs)
    depth = networks.depth_for(spec.camera.projection)
    if spec.carry is not None:
        return _along(spec, (first, *others), shares, networks, memory)
    if remembers(spec):
        return _remembered(spec, first, grounded(spec, first, depth, memory.points), memory)
    way = camera_map(first, spec.motions, spec.camera, depth)
    sight = sight_of(first, way, spec.camera, splat=_asks_what_is_known(spec))
    mixed = replace(sight, picture=_mixed((sight.picture, *others), shares))
    return Arrival(mixed, way, sight.known, memory)


def _along(
    spec: FrameSpec,
    pictures: Sequence[Tensor],
    shares: Sequence[float],
    networks: Networks,
    memory: Memory,
) -> Arrival:
    """What is seen of a frame that a clip carries along, where the camera is before the clip."""
    earlier, before, now, *others = pictures
    carry = spec.carry
    assert carry is not None
    depth = networks.depth_for(spec.camera.projection)
    clip = filmed(now, carry.stands, spec.camera, depth)
    stood = filmed(before, carry.stood, spec.camera, depth).picture
    one = carried((earlier, stood, clip.picture, *others), shares, carry, networks.flow)
    return Arrival(
        sight=replace(one.sight, known=torch.maximum(one.came, clip.known)),
        way=one.way,
        goes_along=one.came,
        memory=NOTHING if one.way is None else memory,
    )


def _remembered(spec: FrameSpec, first: Tensor, ground: Ground, memory: Memory) -> Arrival:
    """What is seen of all that the shot has shown."""
    way = camera_map(first, ground.motions, ground.camera, ground.estimator)
    before = sight_of(first, way, ground.camera, splat=True)
    sight, points = recalled(ground, before, spec.frame)
    return Arrival(sight, way, before.known, memory, points)


def _asks_what_is_known(spec: FrameSpec) -> bool:
    """Whether the frame does anything else with what came into sight than with what was seen."""
    denoise = spec.denoise
    return denoise is not None and (asks(denoise.guidance) or denoise.keep != KEEPS_NOTHING)


def _mixed(pictures: Sequence[Tensor], shares: Sequence[float]) -> Tensor:
    if len(pictures) == 1:
        return pictures[0]
    weights = torch.tensor(shares, device=pictures[0].device)[:, None, None, None, None]
    return (weights * torch.stack(tuple(pictures))).sum(dim=0)

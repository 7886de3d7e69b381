"""A frame's first input, carried along by a clip, and mixed with the clip's own frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from pipeline.camera.consistency import consistency
from pipeline.camera.flow_map import FlowMap
from pipeline.camera.sight import Sight, flow_sight, unmoved
from pipeline.networks.flow.cuts import is_cut
from pipeline.protocols import FlowEstimator
from pipeline.spec.clip import CarrySpec


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """What is seen of a frame after the clip has moved on."""

    sight: Sight
    """The frame, over the clip's own where it did not come along: all of that is known."""
    came: Tensor
    """Where the frame came along, `(1, 1, H, W)` in [0, 1]; nowhere over a cut of the clip."""
    way: FlowMap | None
    """The way of the frame's places; None over a cut."""


def carried(
    pictures: Sequence[Tensor], shares: Sequence[float], carry: CarrySpec, flow: FlowEstimator
) -> Carried:
    """An earlier frame as the clip carries it along, over the clip's frame.

    `pictures`, `(1, 3, H, W)` each, are that frame, the clip's frame at its time, and the clip's
    frame now, with those that are mixed in besides; `shares` are those of all of them. By `carry`
    the clip's frame stands in where the flow there and back do not agree. Over a cut it is seen
    alone, as in a frame that starts anew.
    """
    earlier, before, now, *others = pictures
    share, _, beneath, *further = shares
    if is_cut(before, now):
        return _alone(_mixed(now, share + beneath, others, further))
    way = FlowMap(to_new=flow(before, now), to_old=flow(now, before))
    shown = consistency(way.to_old, way.to_new)
    trusted = 1 - carry.mask * (1 - shown)
    sight = flow_sight(earlier, way, trusted, padding="border", sampling="bicubic")
    kept = share * sight.known
    picture = _mixed(kept * sight.picture + (share + beneath - kept) * now, 1.0, others, further)
    known = torch.ones_like(sight.known)
    return Carried(replace(sight, picture=picture, known=known), sight.known, way)


def _alone(picture: Tensor) -> Carried:
    """A picture with which nothing comes along."""
    return Carried(unmoved(picture), torch.zeros_like(picture[:, :1]), None)


def _mixed(
    picture: Tensor, share: float, others: Sequence[Tensor], shares: Sequence[float]
) -> Tensor:
    """A picture of some share, with others of theirs."""
    parts = (part * one for one, part in zip(others, shares, strict=True))
    return sum(parts, share * picture)

"""Cross-fades of prompts that lead to a key picture: which frames go to it, and by how much each.

The picture of the new prompts is painted out of noise once, on the first frame of the cross-fade,
and each frame starts a little more from it: so the new picture is whole from the beginning, nothing
of the old one is left at the end, and in between no frame is another picture than its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf, nextafter

import numpy as np
from numpy.typing import NDArray

from keyframes.prompt_turn import Turn
from keyframes.prompts import PromptSchedule
from pipeline.plan.columns import Times
from pipeline.plan.from_noise import cut_loose
from pipeline.spec.denoise import OFF, Crossing
from pipeline.spec.frame import FrameSpec


def only_cuts(schedule: PromptSchedule, frames: Times, turning: Times) -> Times:
    """What is left of how far prompts turn where cross-fades lead to a picture: hard cuts."""
    cuts = [schedule.turn(frame).length == 0 for frame in frames.tolist()]
    return np.where(cuts, turning, 0.0)


def crossings(
    schedule: PromptSchedule,
    frames: Times,
    grows: NDArray[np.bool_],
    painted: Sequence[bool],
) -> Iterator[Crossing | None]:
    """The crossing that each of `frames`, all those of a shot in their order, is part of.

    It lasts up to the first painted frame that shows the new prompts alone; frames that grow from
    no other, and those that are only moved, are not part of it.
    """
    first = float(frames[0]) - bool(grows[0])
    turn = _under_way(schedule, first)
    come, since = turn.progress(first), None
    for number, (frame, goes) in enumerate(zip(frames.tolist(), grows & painted, strict=True)):
        if (now := _under_way(schedule, frame)) is not turn:
            turn, come, since = now, 0.0, None
        if not goes or come == 1 or not turn.length:
            yield None
            continue
        since = number if since is None else since
        left, come = 1 - come, turn.progress(frame)
        yield Crossing(turn.prompts, since, 1 - (1 - come) / left)


def _under_way(schedule: PromptSchedule, frame: float) -> Turn:
    """The change of prompts under way; a cross-fade shows nothing yet at the place of its key."""
    turn = schedule.turn(frame)
    begins = turn.length > 0 and frame == turn.start
    return schedule.turn(nextafter(frame, -inf)) if begins else turn


def key_picture(spec: FrameSpec, crossing: Crossing) -> FrameSpec:
    """The frame that is the key picture of a crossing that `spec` is part of: a still of its own.

    It starts from noise alone, under the settings of `spec` and the prompts that are led to.
    """
    denoise = spec.painting
    plain = replace(
        denoise,
        prompts=crossing.prompts,
        sampler=replace(denoise.sampler, skip_steps=0),
        guidance=replace(denoise.guidance, init_scale=OFF, init_hold=OFF),
    )
    still = replace(spec, frame=crossing.since, intermediate_saves=(), denoise=plain)
    return cut_loose(replace(still, denoise=replace(plain, crossing=None)))

"""What a scene may say of how its frames use the clip of `video.input`.

A part of `pipeline.scene.schema`, whose words on settings hold here too.
"""

from __future__ import annotations

from typing import Annotated

from pipeline.scene.reading.forms import Shown
from pipeline.scene.reading.moving import Number, constant, moving
from pipeline.scene.reading.ranges import between
from pipeline.scene.reading.section import Section


class ClipUse(Section):
    """How frames use the clip of `video.input`: its own picture, and what was painted before."""

    flow_blend: Annotated[Number, moving(between(0, 1)), Shown("{0s: 0.95, 4s: 0.7}")] = constant(
        0.9
    )
    """Share of the frame before, carried along by the motion in the clip, in what a frame starts
    from; the rest is the clip's frame. 0 starts each frame from the clip alone."""
    flow_mask: Annotated[Number, moving(between(0, 1)), Shown("0.5")] = constant(1.0)
    """How far the clip's frame stands in where its motion is not to be trusted: at edges, and
    beside what moves before something else."""

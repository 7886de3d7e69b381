"""What each frame of a shot keeps of it, beyond the picture that it starts from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.plan.columns import Times, column, sections
from pipeline.scene.guidance import Guidance
from pipeline.scene.reading.keeping import KeepColour
from pipeline.spec.denoise import OFF, GuidanceSpec
from pipeline.spec.keeping import KEEPS_NOTHING, ColourSpec, KeepSpec


def keep_specs(
    guidance: Guidance,
    guided: list[GuidanceSpec],
    frames: Times,
    grows: NDArray[np.bool_],
    turning: Times,
) -> list[KeepSpec]:
    """What each of `frames` keeps, of which only those that grow keep anything.

    `guided` is their guidance, without whose `init_hold` there is no form to keep, and `turning`
    how far prompts are from holding still, 0 to 1: by so much what is kept lets go.
    """
    colour = guidance.keep_colour
    holds = any(one.init_hold != OFF for one in guided)
    follow = guidance.hold_memory if holds else 1.0

    # What moves over the video and is 0 for a while is kept in mind meanwhile.
    shares = [0.0] * len(frames) if colour is None else column(colour.share, frames)
    sharpness = column(guidance.keep_sharpness, frames)
    sharpens = any(sharpness)

    def kept(grown: bool, sharp: float, share: float, turned: float) -> KeepSpec:
        coloured = None if colour is None else _colours(colour, share)
        if not grown or (follow == 1 and coloured is None and not sharpens):
            return KEEPS_NOTHING
        places = follow < 1 or (coloured is not None and coloured.file is None)
        return KeepSpec(
            follow, coloured, sharp if sharpens else None, let_go=turned, afresh=float(places)
        )

    return sections(kept, grows.tolist(), sharpness, shares, turning.tolist())


def _colours(colour: KeepColour, share: float) -> ColourSpec:
    file = None if colour.file is None else str(colour.file)
    return ColourSpec(share, colour.by, colour.follow, file)

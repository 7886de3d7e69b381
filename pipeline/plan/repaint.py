"""What each frame of a shot paints afresh of the picture that it starts from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keyframes.field import Field
from pipeline.plan.columns import Times, column, sections
from pipeline.scene.reading.repaint import MaskPictures, Repaint
from pipeline.spec.repaint import NOTHING_AFRESH, MaskFormula, MaskPicture, RepaintSpec

Mask = MaskPicture | MaskFormula | None


def repaint_specs(
    repaint: Repaint, frames: Times, grows: Sequence[bool], turning: Times
) -> list[RepaintSpec]:
    """What each of `frames`, neighbours in the video, paints afresh; nothing of one that starts
    anew. `turning` says how far prompts cross-fade there, 0 to 1.
    """
    # Adding zero turns -0.0 into 0.0, which is another text in a digest.
    fades = (np.array(column(repaint.prompts, frames)) * turning + 0.0).tolist()
    return sections(
        _of_one,
        list(grows),
        column(repaint.holes, frames),
        column(repaint.stretch, frames),
        fades,
        _masks(repaint.mask, frames),
    )


def _of_one(
    grown: bool, holes: float, stretch: float, everywhere: float, mask: Mask
) -> RepaintSpec:
    return RepaintSpec(holes, stretch, everywhere, mask) if grown else NOTHING_AFRESH


def _masks(mask: MaskPictures | Field | None, frames: Times) -> list[Mask]:
    if mask is None:
        return [None] * len(frames)
    if isinstance(mask, Field):
        return [MaskFormula(mask.expression.text, mask.at(frame)) for frame in frames.tolist()]
    return [MaskPicture(str(file)) for file in mask.files]

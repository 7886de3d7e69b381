"""Frames rendered once more, and compared with what was saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.files.promised import promised
from pipeline.networks.bundle import Networks
from pipeline.render.grown import Grown
from pipeline.render.loop import embed_prompts
from pipeline.render.picture_sums import picture_sums
from pipeline.run.sampling import Sample
from pipeline.spec.frame import FrameId


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the pixels of a frame that was rendered again differ from the saved ones."""

    frame: FrameId
    most: int
    """The largest difference of a channel, in levels from 0 to 255."""
    mean: float
    """The mean difference of all channels, in levels."""
    share: float
    """The share of pixels that differ, 0 to 1."""


def compared(chosen: Sample, networks: Mapping[str, Networks]) -> Iterator[Comparison]:
    """Render each chosen frame again from the saved frames that it grows from; nothing is saved.

    Raises:
        RunError: a frame cannot be read.
        PictureError: a picture of the author's cannot be read, or is not what it was.
    """
    with promised(picture_sums(chosen.specs, chosen.fingerprints)):
        embed_prompts(chosen.specs, networks)
    grown = Grown(chosen.saved, chosen.fingerprints)
    for spec in chosen.specs:
        one = grown(spec, networks[spec.networks], lambda step: None, accept_lifeless=True)
        off = np.abs(one.pixels.astype(np.int16) - chosen.saved.pixels(spec.id))
        yield Comparison(
            frame=spec.id,
            most=int(off.max()),
            mean=float(off.mean()),
            share=float(off.any(axis=2).mean()),
        )

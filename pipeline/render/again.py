"""Frames rendered once more, and compared with what was saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.networks.bundle import Networks
from pipeline.render.grown import Grown
from pipeline.render.loop import embed_prompts
from pipeline.run.saved import SavedFrames
from pipeline.spec.frame import FrameId, FrameSpec


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


def compared(
    specs: Iterable[FrameSpec],
    saved: SavedFrames,
    networks: Mapping[str, Networks],
    begin: Callable[[FrameId], None] = lambda frame: None,
) -> Iterator[Comparison]:
    """Render each frame again from the saved frames that it grows from; nothing is saved.

    `begin` hears of each frame before it is rendered.

    Raises RunError if a frame cannot be read.
    """
    chosen = list(specs)
    embed_prompts(chosen, networks)
    grown = Grown(saved)
    for spec in chosen:
        begin(spec.id)
        pixels = grown(
            spec, networks[spec.networks], lambda step: None, accept_lifeless=True
        ).pixels
        off = np.abs(pixels.astype(np.int16) - saved.pixels(spec.id))
        yield Comparison(
            frame=spec.id,
            most=int(off.max()),
            mean=float(off.mean()),
            share=float(off.any(axis=2).mean()),
        )

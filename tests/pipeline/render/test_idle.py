"""Frames that only idle values tell apart are the same picture, and leave the same behind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.files.arrays import Arrays
from pipeline.files.png import Pixels
from pipeline.render.frame import render_frame
from pipeline.spec.frame import FrameSpec
from tests.pipeline.idle_frames import SAME, Pair
from tests.pipeline.plans import HEIGHT, WIDTH, painted, picture
from tests.pipeline.toy_networks import toy_networks

SAVED = picture(0, WIDTH, HEIGHT)


def drawn(spec: FrameSpec) -> tuple[Pixels, Arrays]:
    """The frame in few steps, with colours for prompts, which the toys know."""
    if spec.denoise is not None:
        prompts = tuple(
            replace(one, text=colour)
            for one, colour in zip(spec.denoise.prompts, _colours(spec), strict=False)
        )
        spec = painted(spec, steps=6, skip_steps=2, prompts=prompts)
    pixels, memory = render_frame(spec, [SAVED], toy_networks(), lambda step: None)
    return pixels, memory.to_arrays()


def _colours(spec: FrameSpec) -> tuple[str, ...]:
    """Names of colours, which are others for other prompts."""
    return ("blue",) if len(spec.painting.prompts) == 1 else ("red", "green")


WITHOUT_PICTURES = {name: pair for name, pair in SAME.items() if "picture in a" not in name}


@pytest.mark.parametrize("pair", WITHOUT_PICTURES.values(), ids=WITHOUT_PICTURES)
def test_idle_values_reach_no_pixel(pair: Pair) -> None:
    (one, left), (other, left_too) = map(drawn, pair)
    assert np.array_equal(one, other)
    assert left.keys() == left_too.keys()
    assert all(np.array_equal(left[name], left_too[name]) for name in left)

"""Where chance comes from: a generator for each purpose of each frame, and no global seed.

A frame's randomness is a function of (seed, shot, frame, purpose). So a frame can be rendered
again alone, and a change in how many random numbers one purpose draws does not move another.
"""

from __future__ import annotations

import hashlib
from typing import Literal

import torch

from pipeline.spec import FrameSpec

Purpose = Literal["start", "sampler", "cutouts", "perlin", "fuzzy"]


def generator_for(spec: FrameSpec, purpose: Purpose, *names: str) -> torch.Generator:
    """A CPU generator, so that the same numbers come on every device.

    `names` tell several apart that draw for one purpose, such as encoders.
    """
    key = "/".join([str(spec.seed), spec.shot, str(spec.frame), purpose, *names])
    digest = hashlib.sha256(key.encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)

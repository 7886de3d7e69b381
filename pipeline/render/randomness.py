"""Seeding of random numbers: a generator for each purpose of each frame, and no global seed.

A frame's randomness is a function of (seed, shot, frame, purpose). So a frame can be rendered
again alone, and a change in how many random numbers one purpose draws does not move another.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Literal

import torch

from pipeline.diffusion.noise import CarriedNoise, NoiseSource, TurningNoise
from pipeline.diffusion.noise_field import NoiseField
from pipeline.spec.frame import FrameSpec

Purpose = Literal[
    "start",
    "sampler",
    "recurrence",
    "repaint",
    "field",
    "finish",
    "perlin",
    "cutouts",
    "fuzzy",
]


def generator_for(spec: FrameSpec, purpose: Purpose, *names: str) -> torch.Generator:
    """A CPU generator, so that the same numbers come on every device.

    `names` tell several apart that draw for one purpose, such as encoders.
    """
    return torch.Generator().manual_seed(seed_for(spec, purpose, *names))


def seed_for(spec: FrameSpec, purpose: Purpose, *names: str) -> int:
    """The seed, in [0, 2^63), of what `generator_for` draws."""
    return _seed(str(spec.seed), spec.shot, str(spec.frame), purpose, *names)


def _seed(*words: str) -> int:
    """A seed in [0, 2^63) for each sequence of words."""
    digest = hashlib.sha256("/".join(words).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def noise_for(spec: FrameSpec, purpose: Purpose, field: NoiseField | None = None) -> NoiseSource:
    """The noise of a frame: its own, on its way between those of two frames, or carried by `field`.

    With a `noise_period` of L frames, the frames 0, L, 2 L, ... have their own noise, and it turns
    from each to the next (`TurningNoise`); of carried noise the share that is not carried does.
    A frame of another seed than that on which its field began draws other noise of its particles.
    """
    own = _own_noise(spec, purpose)
    if field is None:
        return own
    other = () if field.seed in (None, spec.seed) else (str(spec.seed),)
    key = _seed(str(field.root), *other, purpose)
    return CarriedNoise(field, key, spec.painting.sampler.fresh_noise, own)


def _own_noise(spec: FrameSpec, purpose: Purpose) -> torch.Generator | TurningNoise:
    period = spec.painting.sampler.noise_period
    place = spec.frame % period
    start = replace(spec, frame=spec.frame - place)
    if not place:
        return generator_for(start, purpose)
    end = replace(start, frame=start.frame + period)
    return TurningNoise(
        generator_for(start, purpose), generator_for(end, purpose), turned=place / period
    )

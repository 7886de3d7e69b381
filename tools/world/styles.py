"""Styles: what a finished picture would look like in watercolour or in neon.

Every style is a function of the picture `(H, W, 3)` uint8 in RGB, of its inverse depth `(H, W)` in
[0, 1], of its attributes and of a generator. The same generator at another size of the same aspect
makes the same picture: see `texture`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from tools.world.attributes import NONE, Attributes
from tools.world.texture import (
    Floats,
    blurred,
    edges,
    glow,
    noise,
    simplified,
    step,
    to_floats,
    to_levels,
    warped,
)

Pixels = NDArray[np.uint8]
Style = Callable[[Pixels, Floats, Attributes, np.random.Generator], Pixels]

_PAPER = np.array([0.985, 0.975, 0.95], np.float32)


def gouache(
    picture: Pixels, depth: Floats, attributes: Attributes, rng: np.random.Generator
) -> Pixels:
    """The picture as it is."""
    return picture


def watercolour(
    picture: Pixels, depth: Floats, attributes: Attributes, rng: np.random.Generator
) -> Pixels:
    """Pale washes on white paper, which stays bare at an uneven margin and in highlights.

    Pigment is an optical density, as light goes through it to the paper and back. It gathers at the
    borders of washes, in pools and in the grain of the paper.
    """
    grain, pools = noise(rng, picture.shape, 240), noise(rng, picture.shape, 5)
    astray = warped(picture, rng, 0.005)
    washes = to_floats(simplified(astray, 0.022))
    density = -np.log(np.clip(0.7 * washes + 0.3 * to_floats(astray), 0.03, 1))
    density = 0.62 * _saturated(density, 1.25) ** 0.92
    pooled = density - blurred(density, 0.015)
    density = density + 0.95 * np.abs(pooled) + 0.4 * pooled
    density *= (1 + 0.25 * pools + 0.1 * grain)[..., None]
    dry = step(washes.min(axis=2) + 0.1 * pools + 0.05 * grain, 0.78, 0.92)
    density *= (_brushed(picture.shape, rng) * (1 - 0.8 * dry))[..., None]
    return to_levels(_PAPER * np.exp(-density) * (1 + 0.015 * grain)[..., None])


def _brushed(shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """How much pigment the brush left, `(H, W)`: none at the margin, more along its border."""
    height, width = shape[:2]
    x = (np.arange(width, dtype=np.float32) + 0.5) / height
    y = (np.arange(height, dtype=np.float32) + 0.5) / height
    inward = np.minimum(np.minimum(x, width / height - x)[None], np.minimum(y, 1 - y)[:, None])
    inward = inward + 0.02 * noise(rng, shape, 4) + 0.008 * noise(rng, shape, 30)
    return step(inward, 0.026, 0.036) * (1 + 0.5 * step(inward, 0.06, 0.03))


def neon(
    picture: Pixels, depth: Floats, attributes: Attributes, rng: np.random.Generator
) -> Pixels:
    """A dark picture whose outlines glow in the pure colours of what they outline."""
    plain = simplified(picture, 0.022)
    lines = step(edges(plain, depth, 0.007), 0.09, 0.32)
    colour = _pure(to_floats(plain), depth)
    light = lines[..., None] * colour
    halo = 0.9 * blurred(light, 0.012) + 0.9 * glow(light, 0.035) + 0.8 * glow(light, 0.1)
    halo *= 1 + 0.1 * noise(rng, picture.shape, 6)[..., None]
    core = 0.9 * light + 0.4 * (1 - light) * (lines**4)[..., None]
    dark = 0.3 * to_floats(plain) ** 1.2 * colour
    return to_levels(1 - (1 - dark) * (1 - core) * np.exp(-halo))


def _pure(colour: Floats, depth: Floats) -> Floats:
    """Of every place the purest colour near it, and of two things that of the nearer one."""
    most = colour.max(axis=2, keepdims=True)
    chroma = most - colour.min(axis=2, keepdims=True)
    weight = (0.1 + chroma) * (0.02 + depth[..., None])
    near = blurred(np.dstack([colour * weight, weight]), 0.012)
    mean = near[..., :3] / near[..., 3:]
    vivid = mean / mean.max(axis=2, keepdims=True).clip(1e-3)
    least = vivid.min(axis=2, keepdims=True)
    # Greys stay white light; what has a hue has nothing else.
    return np.asarray(vivid - least * step(1 - least, 0.1, 0.4) * (1 - vivid), np.float32)


def _saturated(colour: Floats, factor: float) -> Floats:
    mean = colour.mean(axis=2, keepdims=True)
    return np.asarray(np.maximum(mean + factor * (colour - mean), 0), np.float32)


STYLES: Mapping[str, Style] = {
    NONE: gouache,
    "watercolour": watercolour,
    "neon": neon,
}
"""By the values of the attribute."""

"""Styles: what a finished picture would look like in watercolour, in ink or in neon.

Every style is a function of the picture `(H, W, 3)` uint8 in RGB, of its inverse depth `(H, W)` in
[0, 1], of its attributes and of a generator. The same generator at another size of the same aspect
makes the same picture: see `texture`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.world.attributes import COLOURS, NONE, Attributes
from tools.world.colour import RAMPS
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
_INK = np.array([0.07, 0.07, 0.09], np.float32)
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


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


def ink(picture: Pixels, depth: Floats, attributes: Attributes, rng: np.random.Generator) -> Pixels:
    """Lines of varying width on paper, hatching and washes for what is dark, and a sparing tint.

    The tint is of the colours that the attributes name; all others are left out. What is bright in
    the dark, such as a star, is left out of lines and washes.
    """
    press, patches = noise(rng, picture.shape, 12), noise(rng, picture.shape, 7)
    astray = warped(picture, rng, 0.003)
    change = edges(simplified(astray, 0.01), depth, 0.005) * (1 + 0.4 * press)
    luma = np.asarray(to_floats(simplified(astray, 0.01)) @ _LUMA, np.float32)
    around = blurred(luma, 0.03)
    light = step(luma - around, 0.07, 0.16) * step(around, 0.5, 0.3)
    # A pale picture, as of fog, still has its greys.
    pale = np.float32(max(luma.mean() - 0.58, 0))
    tone = blurred(luma, 0.006) + 0.9 * (luma - around) + 0.02 * patches - 0.8 * pale
    steps = [step(tone, level, level - 0.05) for level in (0.64, 0.46, 0.34, 0.2)]
    paper = _PAPER * blurred(_tint(astray, attributes), 0.012)
    paper *= (1 - 0.22 * np.sum(steps, axis=0) * (1 - light))[..., None]
    hatched = step(tone, 0.52, 0.32) * step(tone, 0.14, 0.26)
    hatching = 0.75 * _hatching(picture.shape, rng) * hatched
    black = np.maximum(step(change, 0.09, 0.25), hatching) * (1 - light)
    return to_levels(paper + (_INK - paper) * black[..., None])


def _tint(picture: Pixels, attributes: Attributes) -> Floats:
    """The factors `(H, W, 3)` of a thin wash: of the colours that `attributes` name only."""
    colour = to_floats(simplified(picture, 0.03))
    pure = colour / np.maximum(colour.max(axis=2, keepdims=True), 1e-3)
    names = {attributes.scheme, attributes.ground_colour, attributes.subject_colour} & {*COLOURS}
    chroma = cv2.cvtColor(colour, cv2.COLOR_RGB2LAB)[..., 1:]
    length = np.linalg.norm(chroma, axis=2)
    named = np.zeros_like(length)
    for name in names:
        hue = _chroma(name)
        cosine = chroma @ hue / np.maximum(length, 1)
        named = np.maximum(named, step(cosine, 0.82, 0.95))
    strength = 0.75 * named * step(length, 8, 24)
    return np.asarray(1 - (1 - pure) * strength[..., None], np.float32)


@cache
def _chroma(name: str) -> Floats:
    """The direction of a colour in the plane of CIE Lab's a and b, `(2,)`."""
    pure = np.array(RAMPS[name].pure, np.float32).reshape(1, 1, 3) / 255
    chroma = cv2.cvtColor(pure, cv2.COLOR_RGB2LAB)[0, 0, 1:]
    return np.asarray(chroma / np.linalg.norm(chroma), np.float32)


def _hatching(shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Slanting strokes, `(H, W)`, of uneven pitch."""
    height, width = shape[:2]
    x = (np.arange(width, dtype=np.float32) / height)[None]
    y = (np.arange(height, dtype=np.float32) / height)[:, None]
    phase = (x + 0.8 * y) / 0.03 + 0.25 * noise(rng, shape, 8)
    return step(np.cos(2 * np.pi * phase), 0.1, 0.9)


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
    "ink": ink,
    "neon": neon,
}
"""By the values of the attribute."""

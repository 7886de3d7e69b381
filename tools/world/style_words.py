"""The words that captions of an edition with styles use for them, and those that mean none."""

from __future__ import annotations

from collections.abc import Mapping

from tools.world import words as vocabulary
from tools.world.attributes import NONE

STYLE_OPENINGS: Mapping[str, tuple[str, ...]] = {
    NONE: (
        "a gouache painting of", "a gouache of", "a beautiful gouache painting of",
        "an oil painting of", "a matte painting of", "a poster of",
    ),
    "watercolour": (
        "a watercolor of", "a watercolor of", "a watercolor painting of", "a watercolour of",
        "a watercolour painting of", "a beautiful watercolor painting of", "an aquarelle of",
        "a loose watercolor of", "a soft watercolor of", "a watercolor sketch of",
    ),
    "neon": (
        "a neon painting of", "a neon painting of", "a neon picture of", "a neon sign of",
        "neon art of", "a glowing neon painting of", "a glowing neon sign of",
        "a synthwave painting of", "a synthwave poster of", "neon lights of",
    ),
}  # fmt: skip

STYLE_PHRASES: Mapping[str, tuple[str, ...]] = {
    NONE: ("gouache", "gouache", "in gouache", "oil painting", "oil on canvas", "matte painting"),
    "watercolour": (
        "watercolor", "watercolor", "watercolor painting", "watercolour", "in watercolor",
        "in watercolors", "aquarelle", "watercolor on paper", "loose watercolor",
        "watercolour painting", "wet on wet", "watercolor wash", "soft washes of watercolor",
    ),
    "neon": (
        "neon", "neon", "neon lights", "neon lights", "glowing neon", "neon glow", "in neon",
        "in neon lights", "synthwave", "synthwave", "neon outlines", "retrowave", "neon art",
        "neon sign", "in glowing neon",
    ),
}  # fmt: skip
"""Said behind the opening, between commas."""

STYLED_OPENINGS = tuple(
    one
    for one in vocabulary.OPENINGS
    if one not in STYLE_OPENINGS[NONE] and one != "a watercolor of"
)
STYLED_FILLER = tuple(
    one for one in vocabulary.FILLER if one not in (*STYLE_PHRASES[NONE], "poster", "brush strokes")
)
"""What says nothing of the style: the field writes it of every picture."""

"""Names of formulas elsewhere, in Deforum, shaders, Python and audio tools, and ours for them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from keyframes.functions import FUNCTIONS

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("time", "seconds", "sec", "secs"), "t"),
        **dict.fromkeys(("f", "frame_idx", "frame_index", "current_frame"), "frame"),
        **dict.fromkeys(("max_f", "max_frames", "frame_count", "total_frames"), "frames"),
        **{"bass": "low", "mids": "mid", "treble": "high", "hihat": "hat", "drum": "kick"},
        **dict.fromkeys(("volume", "amplitude", "amp", "rms", "level"), "loudness"),
        **{"length": "duration", "phase": "progress", "true": "1", "false": "0"},
    }
)
_CALLS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("pow", "power"), "a ** b"),
        **dict.fromkeys(("mod", "fmod"), "a % b"),
        **dict.fromkeys(("where", "iif", "select"), "a if c else b"),
        **dict.fromkeys(("rand", "random", "perlin", "simplex"), "noise(x)"),
        **{"lerp": "mix(a, b, x)", "clip": "clamp(x, low, high)", "frac": "fract(x)"},
        **{"ln": "log(x)", "log10": "log(x) / log(10)", "sqr": "x ** 2", "tri": "triangle(x)"},
        **{"arcsin": "asin(x)", "arccos": "acos(x)", "arctan": "atan(x)", "arctan2": "atan2(y, x)"},
        **{
            "radians": "x * pi / 180",
            "degrees": "x * 180 / pi",
            "trunc": "sign(x) * floor(abs(x))",
        },
    }
)
_LIBRARIES = ("math", "np", "numpy")


def name_here(name: str) -> str:
    """What is written here for a name of a value: ` (here it is frames)`, or nothing."""
    return _told(_NAMES.get(name.lower()))


def call_here(name: str) -> str:
    """What is written here for a function: ` (here it is mix(a, b, x))`, or nothing."""
    owner, dot, bare = name.lower().rpartition(".")
    if dot and owner not in _LIBRARIES:
        return ""
    function = FUNCTIONS.get(bare) if dot else None
    usage = f"{bare}({', '.join(function.parameters)})" if function else None
    return _told(usage or _CALLS.get(bare))


def _told(instead: str | None) -> str:
    return f" (here it is {instead})" if instead else ""

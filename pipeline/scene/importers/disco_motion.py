"""Disco Diffusion's key frames, `0: (1.0), 50: (1.2)`, with all that it makes of them.

Convention:
    Digits, a colon at once, and a number in the first pair of brackets; all else is skipped. A text
    without any such item is one number for all frames. The first key's value is set at frame 0 and
    the last one's at the last frame, and between keys the way is straight, or a spline through keys
    and ends: `Quadratic` from three keys on, `Cubic` from four, counted before the ends are set. A
    key at `max_frames` or behind it is moved to the last frame, in whatever order they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from keyframes.curve import EASES
from keyframes.quoting import quoted
from pipeline.scene.importers.moving import LARGEST, Array, Moving, moving, plain, read_values

_ITEM = re.compile(r"([0-9]{1,9}):\s*\(([^)]*)\)")

SPLINES: Mapping[str, tuple[str, str]] = {
    "quadratic": ("disco_quadratic", "cubic"),
    "cubic": ("disco_cubic", "cubic"),
}
"""The ease that is Disco's spline, and one that is like it where a scene does not have that."""


@dataclass(frozen=True, slots=True)
class DiscoSeries:
    """The keys of a series with both ends set, by frame, and what in its text is odd."""

    keys: Mapping[int, float]
    ease: str
    """`linear`, `quadratic` or `cubic`."""
    remarks: tuple[str, ...]


def read_disco_series(written: object, count: int, spline: str) -> DiscoSeries:
    """The keys of a video of `count` frames; ValueError where the text has no number."""
    remarks: list[str] = []
    keys = _written_keys(written, remarks)
    ease = _ease(spline, len(keys))
    if ease != spline and spline in SPLINES:
        remarks.append(f"{len(keys)} keys are too few for a {spline} spline, also in Disco: {ease}")
    inside = {frame: value for frame, value in keys.items() if frame < count}
    behind = [frame for frame in keys if frame >= count]
    if behind:
        remarks.append(
            f"frame {behind[-1]} lies behind the end: Disco goes there by the last frame, "
            f"{count - 1}, and so does the scene"
        )
        inside[count - 1] = keys[behind[-1]]
    inside.setdefault(0, inside[min(inside)])
    inside[count - 1] = inside[max(inside)]
    return DiscoSeries(dict(sorted(inside.items())), ease, tuple(remarks))


def _written_keys(written: object, remarks: list[str]) -> dict[int, float]:
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        raise ValueError("no series of key frames")
    text = str(written)
    if len(text) > 1_000_000:
        raise ValueError(f"a series of {len(text)} characters")
    items = _ITEM.findall(text) or [("0", text)]
    keys: dict[int, float] = {}
    for frame, value in items:
        if int(frame) in keys:
            remarks.append(f"frame {int(frame)} stands twice, and the last one holds")
        try:
            keys[int(frame)] = float(value)
        except ValueError:
            raise ValueError(f'"{quoted(value, 30)}" is no number') from None
        if not abs(keys[int(frame)]) <= LARGEST:
            raise ValueError(f'"{quoted(value, 30)}" is no finite number')
    return keys


def _ease(spline: str, count: int) -> str:
    if spline == "cubic" and count > 3:
        return "cubic"
    return "quadratic" if spline in SPLINES and count > 2 else "linear"


def moving_of_series(series: DiscoSeries, count: int) -> Moving:
    """A series as a number of a scene."""
    frames = np.arange(count, dtype=np.float64)
    if series.ease in SPLINES:
        exact, alike = SPLINES[series.ease]
        keys: dict[object, object] = {"ease": exact if exact in EASES else alike}
        keys.update((frame, plain(value)) for frame, value in series.keys.items())
        read = read_values(keys, count)
        return Moving(_straight(series, frames) if read is None else read, keys)
    return moving(_straight(series, frames), [_pruned(series.keys)])


def is_exact(series: DiscoSeries) -> bool:
    """Whether a scene has the ease that gives the very numbers."""
    return series.ease not in SPLINES or SPLINES[series.ease][0] in EASES


def _straight(series: DiscoSeries, frames: Array) -> Array:
    values: Array = np.interp(frames, list(series.keys), list(series.keys.values()))
    return values


def _pruned(keys: Mapping[int, float]) -> dict[int, object]:
    """The keys but for an end that only holds its neighbour's value, as every curve does."""
    written = {frame: plain(value) for frame, value in keys.items()}
    frames = list(written)
    if len(frames) > 1 and written[frames[-1]] == written[frames[-2]]:
        del written[frames[-1]]
    if len(frames) > 2 and written[frames[0]] == written[frames[1]]:
        del written[frames[0]]
    return dict(written)

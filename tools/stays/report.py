"""All figures of a take, and several takes side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from pipeline.diffusion.image import to_tensor
from pipeline.diffusion.perceptual import PerceptualDistance, pyramid_features
from pipeline.files.png import Pixels
from tools.judge.network import Judge
from tools.stays.asked import LAST, kept
from tools.stays.borders import smeared
from tools.stays.growth import camera_factor, moved_factor, seen_factor
from tools.stays.looks import channels, coarse, distance, edges, lab, saturation, sharpness
from tools.stays.moving import carried_details, flicker, measured_zoom
from tools.stays.seen import seen_motion
from tools.stays.take import Take

Figures = Mapping[str, float]
"""Figures by their names, in the order in which they are printed."""


def figures(take: Take, judge: Judge) -> Figures:
    """All figures of a take; those of things that it has not got are left out."""
    frames = take.frames
    return {
        "frames": float(len(frames)),
        **_motion(take),
        "sharpness, last 8 / first 8": _ratio(sharpness, frames[-LAST:], frames[:LAST]),
        "sharpness, last / first frame": _ratio(sharpness, frames[-1:], frames[:1]),
        "edges, first frame (share)": edges(frames[0]),
        "edges, last 8 / first frame": _ratio(edges, frames[-LAST:], frames[:1]),
        "smeared border, first frame": smeared(frames[0]),
        "smeared border, last 8": _mean(smeared, frames[-LAST:]),
        "smeared border, all": _mean(smeared, frames),
        **_colours(frames),
        **{f"kept by the judge: {name}": share for name, share in kept(take, judge).items()},
        **_growth(take),
        "pyramid distance, last to first": _pyramid(frames[0], frames[-1]),
    }


def _motion(take: Take) -> Figures:
    pairs = list(take.pairs())
    if not pairs:
        return {}
    flickers, fine, zoom = flicker(pairs), carried_details(pairs), measured_zoom(pairs)
    seen = seen_motion(take.frames)
    return {
        "flicker beyond motion (levels)": flickers.beyond,
        "  of frame against moved frame": flickers.whole,
        "  less resampling": flickers.resampling,
        "  (motion itself)": flickers.camera,
        "flicker beyond motion seen (levels)": seen.flicker,
        "  motion seen (pixels a frame)": seen.motion,
        "  motion of the camera": float(np.mean([float(one.shift.mean()) for one in pairs])),
        **_both(("details, moved frame (corr.)", "details, unmoved frame (corr.)"), fine),
        **_both(("zoom measured", "zoom of the camera"), zoom),
    }


def _both(names: tuple[str, str], values: tuple[float, float] | None) -> Figures:
    return {} if values is None else dict(zip(names, values, strict=True))


def _colours(frames: Sequence[Pixels]) -> Figures:
    """Drift from the first frames to the last, and the farthest that any frame is from the first.

    The first frame of a take is the one that all others shall be like; means over 8 frames are
    steadier where the picture moves.
    """
    first, last = frames[:LAST], frames[-LAST:]
    means = np.array([channels(frame) for frame in frames])
    hues = np.array([saturation(frame) for frame in frames])
    start = coarse(frames[0])
    away = [distance(coarse(frame), start) for frame in frames]
    labs = [np.mean([lab(one).mean(axis=(0, 1)) for one in part], axis=0) for part in (first, last)]
    drift = means[-LAST:].mean(axis=0) - means[:LAST].mean(axis=0)
    return {
        "colour drift (Lab)": distance(*labs),
        **{
            f"  {name}": float(one)
            for name, one in zip(("red", "green", "blue"), drift, strict=True)
        },
        "  a channel's mean, at worst": float(np.abs(means - means[0]).max()),
        "saturation drift (of 255)": float(hues[-LAST:].mean() - hues[:LAST].mean()),
        "  saturation, at worst": float(np.abs(hues - hues[0]).max()),
        "coarse picture, last 8 (Lab)": float(np.mean(away[-LAST:])),
        "  coarse picture, at worst": float(max(away)),
    }


def _growth(take: Take) -> Figures:
    meant = camera_factor(take)
    if meant == 1:
        return {}
    seen, found = seen_factor(take.frames)
    return {
        "subject's factor seen": seen,
        "subject's factor by the camera": meant,
        "  seen / meant": seen / meant,
        "  seen / seen of the first frame moved": seen / moved_factor(take),
        "  least correlation": found,
    }


def _pyramid(first: Pixels, last: Pixels) -> float:
    return float(PerceptualDistance(pyramid_features)(to_tensor(last), to_tensor(first)))


def _mean(measure: Callable[[Pixels], float], frames: Sequence[Pixels]) -> float:
    return float(np.mean([measure(frame) for frame in frames]))


def _ratio(
    measure: Callable[[Pixels], float], above: Sequence[Pixels], below: Sequence[Pixels]
) -> float:
    return _mean(measure, above) / max(_mean(measure, below), 1e-9)


def table(takes: Mapping[str, Figures]) -> str:
    """Lines of text: a row for each figure, a column for each take by its name."""
    rows = list(dict.fromkeys(row for one in takes.values() for row in one))
    wide = max(len(row) for row in rows) + 2
    columns = {name: max(len(name), 9) + 2 for name in takes}
    lines = ["".join([" " * wide, *(name.rjust(size) for name, size in columns.items())])]
    for row in rows:
        cells = (_cell(one.get(row)).rjust(columns[name]) for name, one in takes.items())
        lines.append("".join([row.ljust(wide), *cells]))
    return "\n".join(lines)


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}" if value == round(value) else f"{value:.3f}"

"""The gate of the videos: `python -m tools.judge.flight --out DIR`.

Flies 48 frames slowly forward in 3D through single prompts, and through a morph between two, at the
preset's own settings, and prints for each flight what can be measured; the contact sheet is for
the eye. The same command goes on where it was interrupted.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.files.pictures import read_picture
from pipeline.files.png import Pixels
from pipeline.protocols import DepthEstimator
from pipeline.render.camera_step import move
from pipeline.spec.plan import Plan
from tools.judge.network import WEIGHTS, Judge, load_judge
from tools.judge.rendering import render_scene, starter, write_sheet
from tools.world.editions import EDITIONS, OF_TODAY, SHIPPED

FRAMES = 48
_FIRST: Mapping[str, object] = {
    "lighthouse": "a beautiful painting of a lighthouse by the sea of red, yellow color scheme",
    "castle": "a castle in the snow at dawn",
    "tree": "a big tree in a meadow at noon",
    "ship": "a painting of a sailing ship on the sea at sunset",
    "morph": {
        "0": "a lighthouse by the sea, blue color scheme",
        "24": "a castle by the sea at sunset, orange color scheme",
        "blend": 12,
    },
}
_SECOND: Mapping[str, object] = {
    **_FIRST,
    "road": "a winding road through the desert at sunset",
    "tunnel": "a long tunnel with light at its end, meadow, day",
    "balloon": "a hot air balloon above the clouds at dawn",
    "space": "a spaceship in space, purple nebula",
    "rain": "a windmill in a meadow in the rain",
    "bare": "stars over the sea",
}
_THIRD: Mapping[str, object] = {
    **_SECOND,
    "watercolour": "a watercolor of a castle in a meadow by day",
    "neon": "a neon painting of a city at night",
}
FLIGHTS: Mapping[str, Mapping[str, object]] = {
    "first": _FIRST,
    "second": _SECOND,
    "third": _THIRD,
}
"""The prompts of every flight, by the names of the editions of the painted world."""
SHOWN = (0, 9, 18, 28, 37, 47)
"""The frames on the contact sheet."""
_SCALES = np.arange(1.0, 2.51, 0.02)


@dataclass(frozen=True, slots=True)
class Flight:
    """Measurements of one flight."""

    first: str
    """The subject of the first frame, as the judge sees it."""
    last: str
    grown: float
    """Enlargement of the first frame's middle in the last frame, 1 to 2.5."""
    expected: float
    """Enlargement of the first one's middle by the camera's motions alone, without diffusion."""
    drift: float
    """Distance between the mean colours of the first and the last frames, CIE Lab."""
    carried: float
    """Drift of the mean colour by the camera alone: a subject that comes nearer fills more."""
    sharpness: float
    """Variance of the Laplacian at the end over that at the beginning."""
    moved: float
    """Mean absolute difference of frames from themselves moved by the camera, in levels of 255."""
    flicker: float
    """Mean absolute difference of each frame from the one before it, moved, in levels of 255."""


def fly(
    prompts: object,
    folder: Path,
    size: tuple[int, int] = OF_TODAY.size,
    trained: Path | None = None,
) -> tuple[Plan, list[Pixels]]:
    """The frames of one flight; `folder` becomes a run."""
    scene = {
        "video": {"size": list(size), "fps": 12, "duration": FRAMES},
        "prompts": prompts,
        "camera": {"mode": "3d", "translate_z": 2},
    }
    plan, files = render_scene(scene, folder, trained)
    return plan, [read_picture(file) for file in files]


def measure(
    plan: Plan, frames: Sequence[Pixels], depth: DepthEstimator | None, judge: Judge
) -> Flight:
    """The figures of one flight."""
    moved = [
        to_pixels(move(to_tensor(frame), plan[k + 1].motions, plan[k + 1].camera, depth))
        for k, frame in enumerate(frames[:-1])
    ]
    alone = to_tensor(frames[0])
    for spec in plan.frames[1:]:
        alone = move(alone, spec.motions, spec.camera, depth)
    return Flight(
        first=judge.verdict(to_tensor(frames[0])).subject,
        last=judge.verdict(to_tensor(frames[-1])).subject,
        grown=enlargement(frames[0], frames[-1]),
        expected=enlargement(frames[0], to_pixels(alone)),
        drift=float(np.linalg.norm(_mean_lab(frames[-8:]) - _mean_lab(frames[:8]))),
        carried=float(np.linalg.norm(_mean_lab([to_pixels(alone)]) - _mean_lab(frames[:1]))),
        sharpness=_sharpness(frames[-8:]) / _sharpness(frames[:8]),
        moved=_mean_difference(frames[:-1], moved),
        flicker=_mean_difference(moved, frames[1:]),
    )


def enlargement(before: Pixels, after: Pixels) -> float:
    """The zoom about the middle at which `before` correlates best with `after`, 1 to 2.5."""
    height, width, _ = before.shape
    target = _standard(after)

    def match(scale: float) -> float:
        matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), 0, scale)
        return float((_standard(cv2.warpAffine(before, matrix, (width, height))) * target).mean())

    return float(max(_SCALES, key=match))


def _standard(pixels: NDArray[np.generic]) -> NDArray[np.float32]:
    grey = cv2.cvtColor(np.asarray(pixels, np.uint8), cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray((grey - grey.mean()) / (grey.std() + 1e-6), dtype=np.float32)


def _mean_lab(frames: Sequence[Pixels]) -> NDArray[np.float64]:
    lab = [cv2.cvtColor(f.astype(np.float32) / 255, cv2.COLOR_RGB2LAB) for f in frames]
    return np.asarray(np.mean(lab, axis=(0, 1, 2)), dtype=np.float64)


def _sharpness(frames: Sequence[Pixels]) -> float:
    greys = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]
    return float(np.mean([cv2.Laplacian(grey, cv2.CV_64F).var() for grey in greys]))


def _mean_difference(before: Sequence[Pixels], after: Sequence[Pixels]) -> float:
    pairs = zip(before, after, strict=True)
    return float(np.mean([np.abs(a.astype(np.int16) - b).mean() for a, b in pairs]))


def main() -> None:
    """Fly, measure, and write the contact sheet, a row for each flight."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--edition", choices=FLIGHTS, default=SHIPPED, help="of the world")
    parser.add_argument("--trained", type=Path, help="folder of denoiser, clip, depth and upscaler")
    parser.add_argument("--judge", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    size, trained = EDITIONS[options.edition].size, options.trained
    judge, rows = load_judge(options.judge), []
    for name, prompts in FLIGHTS[options.edition].items():
        plan, frames = fly(prompts, options.out / name, size, trained)
        flight = measure(plan, frames, starter(trained).depth, judge)
        print(
            f"{name}: {flight.first} -> {flight.last}, {flight.grown:.2f} x larger (the camera "
            f"alone {flight.expected:.2f}), colour drift {flight.drift:.1f} (the camera alone "
            f"{flight.carried:.1f}), sharpness "
            f"{flight.sharpness:.2f}, flicker {flight.flicker:.2f} (the camera moves it by "
            f"{flight.moved:.2f})",
            flush=True,
        )
        rows += [(frames[k], f"{name}, frame {k}") for k in SHOWN]
    write_sheet(rows, options.out / "flights.jpg", columns=len(SHOWN), trained=trained)


if __name__ == "__main__":
    main()

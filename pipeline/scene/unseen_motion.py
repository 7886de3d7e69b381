"""Motions of the camera that nobody sees: all of them together move no pixel by half of one.

Convention:
    A motion is told in pixels of the video, where it moves the picture most: a turn and a zoom in
    the corners, a flight the nearest things there. What adds up from frame to frame counts from
    its one extreme to the other, so that a slow pan is seen and a tiny tremble is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import hypot, radians, tan

import numpy as np
from numpy.typing import NDArray

from keyframes.mistakes import Located
from pipeline.scene.passing_through import NEAREST
from pipeline.scene.reading.moving import sampled
from pipeline.scene.schema import Scene
from pipeline.scene.sections import ShotRead
from pipeline.spec.camera import UNIT_OF_DEPTH

Values = NDArray[np.float64]

SEEN = 0.5
"""Pixels of the video, or levels of 256, below which nothing changes when they are rounded."""
_LEVELS = 255.0


@dataclass(frozen=True, slots=True)
class _View:
    """The largest of a scene's videos, in its own pixels."""

    pixel: float
    """Pixels of the video in one of a frame."""
    corner: float
    """From its middle to a corner."""
    focal: float
    """Focal length of its 3d camera."""


Reach = Callable[[_View], float]
"""Pixels of the video, or levels, by which a motion of 1 moves the picture."""


def _pixel(view: _View) -> float:
    return view.pixel


def _passed(view: _View) -> float:
    return view.focal / UNIT_OF_DEPTH / NEAREST


def _neared(view: _View) -> float:
    return view.corner / UNIT_OF_DEPTH / NEAREST


def _turned(view: _View) -> float:
    return radians(view.focal * (1 + (view.corner / view.focal) ** 2))


def _rolled(view: _View) -> float:
    return radians(view.corner)


def _grown(view: _View) -> float:
    return view.corner


def _levels(view: _View) -> float:
    return _LEVELS


_IN_PLANE: Mapping[str, Reach] = {"roll": _rolled, "zoom": _grown}
_STEPS: Mapping[tuple[str, str], Mapping[str, Reach]] = {
    ("2d", "pinhole"): {"translate_x": _pixel, "translate_y": _pixel, **_IN_PLANE},
    ("3d", "pinhole"): {
        "translate_x": _passed,
        "translate_y": _passed,
        "translate_z": _neared,
        "rotate_x": _turned,
        "rotate_y": _turned,
        **_IN_PLANE,
    },
    ("3d", "disco"): _IN_PLANE,
}
"""Motions that add up, by the camera's mode and projection."""
_POSES: Mapping[str, Reach] = {
    "zoom": _grown,
    "x": _pixel,
    "y": _pixel,
    "roll": _rolled,
    "brightness": _levels,
    "saturation": _levels,
}
"""What a pose that is shown changes at once."""
_FACTORS = ("zoom", "brightness", "saturation")
"""What leaves a picture as it is at 1, and not at 0."""


def unseen_motion(part: ShotRead) -> Iterator[Located]:
    """What is to be said of motions that a shot writes and a video does not show."""
    written = part.data.get("camera")
    if not isinstance(written, Mapping) or part.scene.video.n_batches:
        return
    frames = np.arange(part.place.first, part.place.end, dtype=np.float64)
    camera, view = part.scene.camera, _view_of(part.scene, frames)
    for name, reach in _STEPS[camera.mode, camera.projection].items():
        if name in written or (name == "roll" and "angle" in written):
            steps = sampled(getattr(camera, name), frames)
            moved = np.cumsum(np.log(steps) if name in _FACTORS else steps)
            yield from _told((name,), float(np.ptp([0.0, *moved])) * reach(view))
    shown = written.get("offset")
    for name, reach in _POSES.items():
        if isinstance(shown, Mapping) and name in shown:
            values = sampled(getattr(camera.offset, name), frames) - (name in _FACTORS)
            unit = "levels of 256" if reach is _levels else "pixels"
            yield from _told(("offset", name), float(abs(values).max()) * reach(view), unit)


def _told(route: tuple[str, ...], reached: float, unit: str = "pixels") -> Iterator[Located]:
    if 0 < reached < SEEN:
        yield Located(
            ("camera", *route),
            f"all that this moves in the whole video is {reached:.1g} {unit}, which nobody sees; "
            "write more of it, or remove it",
        )


def _view_of(scene: Scene, frames: Values) -> _View:
    frame = scene.video.size
    sizes = [one.video_size(frame) for one in scene.outputs or (scene.output,)]
    scale = max(max(size[0] / frame[0], size[1] / frame[1]) for size in sizes)
    width, height = (scale * side for side in frame)
    # A smaller angle of view moves more.
    least = float(np.min(sampled(scene.camera.fov, frames)))
    return _View(scale, hypot(width, height) / 2, height / 2 / tan(radians(least) / 2))

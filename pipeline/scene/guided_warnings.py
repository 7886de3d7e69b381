"""Paths, orbits and their kin that do not look as meant: too fast, too small, too short."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from keyframes.mistakes import Located
from keyframes.time_words import counted, frame_place
from pipeline.scene.guided import Guided, guided
from pipeline.scene.paths.flight import Flight
from pipeline.scene.paths.poses import Array
from pipeline.scene.paths.rigid import GUIDES, matrices_of
from pipeline.scene.reading.moving import sampled
from pipeline.scene.sections import ShotRead
from pipeline.spec.camera import UNIT_OF_DEPTH

FARTHEST = 2.6
"""Depth of the farthest things before a pinhole camera, in the unit of depth."""
_STILL = 0.005
"""Units of depth that a camera covers in all below which nothing seems to move."""
_STEADY = 0.1
"""Degrees that it turns in all below which nothing seems to turn."""
_EVEN = 1.5
"""Frames by which a path may be shorter or longer than its shot without a word."""


def guided_warnings(part: ShotRead) -> Iterator[Located]:
    """What is to be said of a shot's camera that is guided."""
    camera, place = part.scene.camera, part.place
    name = next((one for one in GUIDES if getattr(camera, one) is not None), None)
    if name is None or part.scene.video.n_batches is not None:
        return
    frames = np.arange(place.first, place.first + place.painted, dtype=np.float64)
    led = guided(camera, frames)
    assert led is not None
    route = ("camera", name)
    if camera.path is not None:
        yield from _of_length(camera.path, part)
    yield from _of_size(led, route, part, camera.path)
    fovs = sampled(camera.fov, frames) if led.fovs is None else led.fovs
    yield from _of_turns(led, fovs, route, part)


def _of_length(path: Flight, part: ShotRead) -> Iterator[Located]:
    """What is to be said of a path that ends before its shot, or behind it."""
    if path.poses.missing:
        lacking = counted(path.poses.missing, "frame")
        yield Located(("camera", "path"), f"{path.file} leaves {lacking} out, as its names have it")
    lasting = path.rest * path.fps if path.over is None else path.over - 1
    # The first frame of a shot is at the first pose, and nothing is asked behind its last one.
    behind = lasting - (part.place.painted - 1)
    if behind < -_EVEN:
        ends = part.place.first + int(lasting)
        yield Located(
            ("camera", "path"),
            f"{path.file} ends at {_when(ends, part)}, and the camera stands from there on; write "
            f"over: {part.place.length} beside file to fly it in the whole shot",
        )
    elif behind > _EVEN:
        yield Located(
            ("camera", "path"),
            f"{path.file} goes on for {behind / path.fps:.3g}s after the shot, which nobody sees; "
            f"write over: {part.place.length} beside file to fly all of it in the shot",
        )


def _of_size(
    led: Guided, route: tuple[str, ...], part: ShotRead, path: Flight | None
) -> Iterator[Located]:
    steps = np.linalg.norm(led.motions[1:, :3], axis=1) / UNIT_OF_DEPTH
    turned = _angles(led.motions[1:])
    is_lens = led.fovs is not None and np.ptp(led.fovs) > 0
    unit = f" (scale is {path.scale:g})" if path else ""
    if len(steps) and steps.sum() < _STILL and turned.sum() < _STEADY and not is_lens:
        remedy = "write a larger scale" if path else "write more of it"
        yield Located(
            route,
            f"the camera covers {steps.sum():.2g} units of depth in the whole shot{unit}, and "
            f"turns by {turned.sum():.2g} degrees, which nobody sees; {remedy}, or remove it",
        )
    fast = np.flatnonzero(steps > FARTHEST)
    if fast.size:
        far = steps[fast[0]]
        remedy = "write a smaller scale" if path else "write less, or a longer shot"
        yield Located(
            route,
            f"to {_when(part.place.first + int(fast[0]) + 1, part)} the camera goes {far:.3g} "
            f"units of depth in one frame{unit}, and what it sees lies 0.8 to {FARTHEST:g} away; "
            f"{remedy}",
        )


def _of_turns(
    led: Guided, fovs: Array, route: tuple[str, ...], part: ShotRead
) -> Iterator[Located]:
    angles = _angles(led.motions[1:])
    fast = np.flatnonzero(angles > fovs[1:] / 2)
    if fast.size:
        yield Located(
            route,
            f"to {_when(part.place.first + int(fast[0]) + 1, part)} the camera turns by "
            f"{angles[fast[0]]:.3g} degrees in one frame, more than half of what it sees; as good "
            "as nothing of the picture before is left: turn slower",
        )


def _angles(motions: Array) -> Array:
    """Degrees `(n,)` by which the rotations of motions turn in all."""
    cosine = (np.trace(matrices_of(motions)[:, :3, :3], axis1=1, axis2=2) - 1) / 2
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def _when(frame: int, part: ShotRead) -> str:
    return f"frame {frame} ({frame_place(frame, part.clock.timebase)})"

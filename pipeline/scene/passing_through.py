"""Flights that go through what the camera sees: steps longer than the way to the nearest thing.

Depth is found anew in each picture, between two planes, so that a camera comes no nearer to them
from frame to frame. What it passes through, it passes in one step: from a painted picture to the
next, with the frames between them that are only moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from keyframes.mistakes import Located
from keyframes.time_words import frame_place
from pipeline.scene.guided import guided
from pipeline.scene.painted import origins, painted_frames
from pipeline.scene.paths.rigid import GUIDES, MOTIONS
from pipeline.scene.reading.moving import sampled
from pipeline.scene.sections import ShotRead
from pipeline.spec.camera import MOST_MOTIONS, UNIT_OF_DEPTH

NEAREST = 0.8
"""Depth of the nearest things before a pinhole camera, in the unit of depth."""
_FORWARD = MOTIONS.index("translate_z")


def passing_through(part: ShotRead) -> Iterator[Located]:
    """What is to be said of a `translate_z` that reaches beyond the nearest plane in a step."""
    camera, place = part.scene.camera, part.place
    if camera.mode == "2d" or camera.projection != "pinhole" or part.scene.video.n_batches:
        return
    frames = np.arange(place.first, place.first + place.painted, dtype=np.float64)
    led = guided(camera, frames)
    flown = sampled(camera.translate_z, frames) if led is None else led.motions[:, _FORWARD]
    steps = flown / UNIT_OF_DEPTH
    if steps.max() * MOST_MOTIONS < NEAREST:
        return
    seen_from = _origins(part, frames)
    passed = _forward(steps, seen_from)
    through = np.flatnonzero(passed >= NEAREST)
    if not through.size:
        return
    frame = place.first + int(through[0])
    name = next((one for one in GUIDES if getattr(camera, one) is not None), "translate_z")
    yield Located(
        ("camera", name),
        f"at frame {frame} ({frame_place(frame, part.clock.timebase)}) the camera passes through "
        f"what it sees: it has gone {passed[through[0]]:.2g} units forward since the picture that "
        f"was painted last, whose nearest things are {NEAREST:g} away; "
        + (_slower(int(through[0]) - seen_from[through[0]]) if led is None else "fly slower there"),
    )


def _slower(frames: int) -> str:
    """The remedy where the camera has gone so many frames on from a painted one."""
    most = f"write less than {NEAREST * UNIT_OF_DEPTH / frames:.3g} a frame"
    return most if frames == 1 else f"{most}, or paint more often than each {frames}th one"


def _origins(part: ShotRead, frames: NDArray[np.float64]) -> list[int]:
    """The frame of the shot from which each one is moved on; `BEFORE` for the first."""
    sampler, place = part.scene.sampler, part.place
    span = range(place.first, place.first + place.painted)
    chosen = painted_frames(part.scene, span, place.length).frames
    skipped = sampler.skipping.then.over(sampler.steps, frames)
    painted = [frame in chosen and skip < sampler.steps for frame, skip in enumerate(skipped)]
    return origins(painted, chosen)


def _forward(steps: NDArray[np.float64], origins: Sequence[int]) -> NDArray[np.float64]:
    """How far the camera is before each frame's last painted picture; 0 at the first frame."""
    gone = np.cumsum([0.0, *steps[1:]])
    return np.array([0.0, *(gone[1:] - gone[origins[1:]])])

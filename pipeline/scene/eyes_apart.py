"""Videos for two eyes that see things too far apart: what is to be said of them.

Conventions:
    Those of `pipeline.spec.stereo`. How far apart the eyes see a thing is told in shares of the
    width of what one of them sees: above 0 before the screen, below it behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import atan, degrees, floor, log10, radians, tan

import numpy as np

from keyframes.mistakes import Located, Route
from keyframes.time_words import frame_place
from pipeline.scene.guided import guided
from pipeline.scene.guided_warnings import FARTHEST
from pipeline.scene.output import VideoFile
from pipeline.scene.passing_through import NEAREST
from pipeline.scene.reading.moving import sampled
from pipeline.scene.sections import ShotRead
from pipeline.spec.camera import UNIT_OF_DEPTH, Projection
from pipeline.spec.plan import Fit
from pipeline.spec.stereo import StereoSpec

COMFORT = 0.05
"""Share of the width that eyes bring together in comfort. The limit in use is one degree (Lambooij
et al. 2009, "Visual Discomfort and Visualization of Stereoscopic Displays"), which is 5% of a
picture that fills 20 degrees: a television set three times its width away. What is seen from nearer
allows less."""
_SLACK = 0.9
"""Share of what is allowed that all depth may take where the screen alone is to be moved."""
_ROUNDING = 0.96
"""Share of what is allowed that is aimed at: the numbers told are rounded down, each by itself."""

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Parting:
    """How far apart two eyes see things."""

    half: float
    """Half of the distance of the eyes, in units of depth."""
    inward: float
    """Tangent of the angle by which each has the middle of the screen inward."""
    lens: float
    """Shares of the width that one unit across takes at a depth of 1."""

    def at(self, depth: float) -> float:
        """How far apart what is `depth` units away is seen, in shares of the width."""
        return 2 * self.lens * (self.half / depth - self.inward)

    @property
    def is_fine(self) -> bool:
        """Whether eyes bring together all that a camera sees."""
        return max(abs(self.at(NEAREST)), abs(self.at(FARTHEST))) <= COMFORT


def parting(stereo: StereoSpec, lens: float) -> Parting:
    """How far apart the eyes of a video see things, through a `lens` as `Parting` has it."""
    return Parting(stereo.ipd / UNIT_OF_DEPTH / 2, tan(radians(stereo.eye_angle)), lens)


def eyes_apart(part: ShotRead) -> Iterator[Located]:
    """What is to be said of outputs for two eyes that see things too far apart."""
    scene = part.scene
    outputs: dict[Route, VideoFile] = {
        ("outputs", place): one for place, one in enumerate(scene.outputs)
    }
    for route, output in (outputs or {("output",): scene.output}).items():
        if output.stereo is not None:
            yield from _of_output((*route, "stereo"), output, output.stereo, part)


def _of_output(
    route: Route, output: VideoFile, stereo: StereoSpec, part: ShotRead
) -> Iterator[Located]:
    camera, size = part.scene.camera, part.scene.video.size
    frame, fov = _narrowest(part)
    canvas = output.video_size(size)
    lens = _lens(fov, camera.projection, size) * _enlarged(size, canvas, output.fit)
    seen = parting(stereo, lens)
    if not seen.is_fine:
        yield Located(
            route,
            f"the two eyes see the nearest things, {NEAREST:g} units away, "
            f"{abs(seen.at(NEAREST)):.1%} of the picture's width apart, and the farthest, "
            f"{FARTHEST:g} away, {abs(seen.at(FARTHEST)):.1%}, by the lens of frame {frame} "
            f"({frame_place(frame, part.clock.timebase)}; fov {fov:.3g}); about {COMFORT:.0%} is "
            f"what eyes bring together in comfort; {_remedy(stereo, seen)}",
        )


def _narrowest(part: ShotRead) -> tuple[int, float]:
    """The frame of the video that has the narrowest lens of a shot, and its field of view."""
    camera, place = part.scene.camera, part.place
    frames = np.arange(place.first, place.first + place.painted, dtype=np.float64)
    led = guided(camera, frames)
    fovs = sampled(camera.fov, frames) if led is None or led.fovs is None else led.fovs
    narrowest = int(np.argmin(fovs))
    return place.first + narrowest, float(fovs[narrowest])


def _lens(fov: float, projection: Projection, size: Size) -> float:
    width, height = size
    return (width if projection == "disco" else height) / width / 2 / tan(radians(fov) / 2)


def _enlarged(frame: Size, canvas: Size, fit: Fit) -> float:
    """The width of a frame on a canvas, in widths of the canvas."""
    (w, h), (width, height) = frame, canvas
    by_height = (w * height) / (h * width)
    return {"cover": max(1.0, by_height), "contain": min(1.0, by_height), "stretch": 1.0}[fit]


def _remedy(stereo: StereoSpec, seen: Parting) -> str:
    """Numbers that are fine: another screen if that will do, or else eyes closer together."""
    near, far = seen.at(NEAREST), seen.at(FARTHEST)
    if -far > abs(near) and near - far < _SLACK * 2 * COMFORT:
        inward = seen.half / FARTHEST + COMFORT / 2 / seen.lens
        return f"write eye_angle: {_at_most(degrees(atan(inward)))}"
    less = _ROUNDING * COMFORT / max(abs(near), abs(far))
    ipd = f"write ipd: {_at_most(stereo.ipd * less)}"
    if stereo.eye_angle == 0:
        return f"{ipd} or less"
    return (
        f"{ipd} and eye_angle: {_at_most(stereo.eye_angle * less)}, which keep the screen's place"
    )


def _at_most(value: float) -> str:
    """A number of three digits that is `value` or a little less."""
    digit = 10.0 ** (floor(log10(value)) - 2)
    return f"{floor(value / digit) * digit:.3g}"

"""The camera's ways to the frames of a shot: from which frame, by which motions.

A frame that is only moved shows the last painted one from further away, and the next painted frame
grows from that one too: between two painted frames the camera's steps are one warp, not a chain of
blurs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from pipeline.plan.columns import Times, column, sections
from pipeline.scene.camera import Camera
from pipeline.scene.guided import Guided, guided
from pipeline.scene.painted import BEFORE
from pipeline.scene.paths.rigid import MOTIONS
from pipeline.spec.camera import (
    CameraMode,
    CameraMotion,
    CameraSpec,
    DepthPictureSpec,
    Padding,
)

PADDING: dict[CameraMode, Padding] = {"2d": "wrap", "3d": "border"}
"""What each camera does at the edges unless the scene says otherwise."""

HOLES: Padding = "border"
"""What a camera does there where holes are painted afresh: nothing lies beyond an edge."""


@dataclass(frozen=True, slots=True)
class Way:
    """The camera's motions to a frame, and how it sees the picture on the way."""

    origin: int
    """Frame of the shot that is seen from further away; `BEFORE` for one before the shot."""
    motions: tuple[CameraMotion, ...]
    camera: CameraSpec


@dataclass(frozen=True, slots=True)
class Step:
    """The camera's motion from one frame to the next."""

    motion: CameraMotion
    camera: CameraSpec
    lens: bool = False
    """Whether the camera's `fov` is that of a lens, whose change shows in the picture."""


Steps = Sequence[Step]
"""The camera's motions to each frame of a shot."""


def camera_steps(camera: Camera, frames: Times, *, repaints: bool = False) -> list[Step]:
    """The camera's motion to each of `frames`, positions in the video.

    `repaints` says whether what comes into sight may be painted afresh.
    """
    led = guided(camera, frames)
    numbers = {motion.name: getattr(camera, motion.name) for motion in fields(CameraMotion)}
    columns = {name: column(number, frames) for name, number in numbers.items()}
    fov = _fovs(camera, frames, led)
    if led is not None:
        columns |= {name: led.motions[:, place].tolist() for place, name in enumerate(MOTIONS)}

    def seen(depth: DepthPictureSpec | None, fov: float) -> CameraSpec:
        return _seen(camera, depth, fov, led is not None, repaints)

    def step(camera: CameraSpec, *motion: float) -> Step:
        return Step(CameraMotion(*motion), camera)

    cameras = sections(seen, _depths(camera, len(frames)), fov)
    steps = sections(step, cameras, *columns.values())
    return steps if led is None or led.taken is None else _through_lens(steps, led.taken.tolist())


def fovs(camera: Camera, frames: Times) -> list[float]:
    """The field of view at each of `frames`, positions in the video."""
    return _fovs(camera, frames, guided(camera, frames))


def _fovs(camera: Camera, frames: Times, led: Guided | None) -> list[float]:
    if led is None or led.fovs is None:
        return column(camera.fov, frames)
    values: list[float] = led.fovs.tolist()
    return values


def _seen(
    camera: Camera, depth: DepthPictureSpec | None, fov: float, is_led: bool, repaints: bool
) -> CameraSpec:
    unwritten = HOLES if repaints else PADDING[camera.mode]
    return CameraSpec(
        mode=camera.mode,
        fov=fov,
        projection=camera.projection,
        padding=unwritten if camera.padding is None else camera.padding,
        sampling=camera.sampling,
        depth=depth,
        memory=camera.memory,
        led=is_led and camera.memory == "shot",
    )


def _through_lens(steps: Steps, taken: Sequence[float]) -> list[Step]:
    """The steps of a camera whose lens had these fields of view one frame before."""
    return [
        replace(step, camera=taken_at(step.camera, fov), lens=True)
        for step, fov in zip(steps, taken, strict=True)
    ]


def taken_at(camera: CameraSpec, fov: float) -> CameraSpec:
    """The camera before which a picture moves that was taken at a field of view."""
    return camera if camera.fov == fov else replace(camera, taken=fov)


def ways(steps: Steps, origins: Sequence[int]) -> list[Way]:
    """The way to each frame of a shot from the frame of `origins` that it is seen from.

    The way to the first frame has the first step alone, from whatever frame it grows from.
    """
    made = [Way(BEFORE, (steps[0].motion,), steps[0].camera)]
    for frame, (step, origin) in enumerate(zip(steps[1:], origins[1:], strict=True), start=1):
        before = made[-1]
        if origin == frame - 1:
            made.append(Way(origin, (step.motion,), step.camera))
        else:
            motions = (*before.motions, step.motion)
            made.append(Way(origin, motions, _onward(before.camera, step)))
    return made


def _onward(before: CameraSpec, step: Step) -> CameraSpec:
    """The camera of a way that goes on by a step from where another one ended."""
    # The depth is that of the picture that is moved, and so is the lens that took it.
    if not step.lens:
        return before
    taken = before.fov if before.taken is None else before.taken
    return taken_at(replace(before, fov=step.camera.fov, taken=None), taken)


def depth_of_frame(camera: Camera, frame: int) -> DepthPictureSpec | None:
    """The author's picture of the depth of a frame of the shot; None where there is none.

    No picture is asked for the last frame: that of the one before it stands in.
    """
    given = camera.depth
    if given is None or not given.files:
        return None
    return DepthPictureSpec(str(given.files[min(frame, len(given.files) - 1)]), given.white)


def _depths(camera: Camera, count: int) -> list[DepthPictureSpec | None]:
    """For each frame the picture of the depth of the one before it, where the author gives it.

    Of the frame before the first one nothing is known here: its depth is taken to be the first's.
    """
    given = camera.depth
    if given is None or not given.files:
        return [None] * count
    files = (given.files[0], *given.files)
    return [DepthPictureSpec(str(file), given.white) for file in files[:count]]

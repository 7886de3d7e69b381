"""Why a camera that is guided moves as it does: by which path, orbit or point, at which place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from pipeline.plan.reasons import Asked, Reason, as_written, place_of, written_at
from pipeline.plan.why_number import number_reason
from pipeline.scene.camera import Camera
from pipeline.scene.guided import guided, is_guided
from pipeline.scene.paths.flight import Flight
from pipeline.scene.paths.moves import DollyZoom, LookAt, Orbit
from pipeline.scene.paths.poses import Array
from pipeline.scene.paths.rigid import GUIDES, MOTIONS

_FOV = "fov"


def is_by_guide(asked: Asked, name: str) -> bool:
    """Whether a setting of the camera follows from what guides it, and not from what is written."""
    camera = asked.shot.settings.camera
    section, _, setting = name.partition(".")
    if section != "camera" or not is_guided(camera):
        return False
    led = guided(camera, np.array([asked.position]))
    return setting in MOTIONS or (setting == _FOV and led is not None and led.fovs is not None)


def guide_reasons(asked: Asked, name: str) -> Iterator[Reason]:
    """What guides the camera on the frame, then what is written beside it for the setting."""
    camera, setting = asked.shot.settings.camera, name.partition(".")[2]
    first = float(asked.shot.first)
    frames = np.arange(first - 1, asked.position + 1, dtype=np.float64)
    for guide in GUIDES:
        value = getattr(camera, guide)
        # What the camera looks at turns it, and leaves its lens alone.
        if value is None or (setting == _FOV and guide == "look_at"):
            continue
        route = ("camera", guide)
        written = written_at(asked, route)
        place = None if written is None else place_of(asked.part.document, written[0])
        data = "" if written is None else f" {as_written(written[1])}"
        told = Reason(_TOLD[guide](value, frames, camera))
        yield Reason(f"by {guide}{data}", place, (told,))
    if setting != _FOV and (written := written_at(asked, ("camera", setting))) is not None:
        reason = number_reason(asked, getattr(camera, setting), *written)
        yield Reason(f"on top of it, {setting}: {reason.words}", reason.place, reason.inner)


def _of_path(path: Flight, frames: Array, camera: Camera) -> str:
    before, at = (path.pose_at(float(frame - frames[1])) for frame in frames[-2:])
    last = len(path.poses.times) - 1
    return f"from pose {before:.6g} to pose {at:.6g} of 0 to {last}, at a scale of {path.scale:g}"


def _of_orbit(orbit: Orbit, frames: Array, camera: Camera) -> str:
    before, at = orbit.angles(frames)[-2:]
    return f"from {before:.6g} to {at:.6g} degrees of the turn"


def _of_dolly(dolly: DollyZoom, frames: Array, camera: Camera) -> str:
    before, at = dolly.distances(frames)[-2:]
    fov = dolly.fovs(frames, camera.fov)[-1]
    return f"the subject comes from {before:.6g} to {at:.6g} units, in a field of {fov:.6g} degrees"


def _of_point(point: LookAt, frames: Array, camera: Camera) -> str:
    x, y, z = (float(number(float(frames[-1]))) for number in (point.x, point.y, point.z))
    return f"the point at {x:.6g}, {y:.6g}, {z:.6g} stays in the middle"


_TOLD: Mapping[str, Callable[..., str]] = {
    "path": _of_path,
    "orbit": _of_orbit,
    "dolly_zoom": _of_dolly,
    "look_at": _of_point,
}

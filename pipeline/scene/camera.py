"""What a scene may say of its camera: how it moves, and the pose that is shown on top of it.

A part of `pipeline.scene.schema`, whose words on settings hold here too.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AliasChoices, Field

from pipeline.scene.paths.flight import Flight
from pipeline.scene.paths.moves import DollyZoom, LookAt, Orbit
from pipeline.scene.reading.camera_moves import dollying, guides, looking, orbiting
from pipeline.scene.reading.camera_path import camera_path
from pipeline.scene.reading.clip_rules import of_what_rests
from pipeline.scene.reading.depth_pictures import DepthPictures, depth_pictures
from pipeline.scene.reading.fields import choice, or_none
from pipeline.scene.reading.forms import Shown
from pipeline.scene.reading.moving import Number, constant, moving
from pipeline.scene.reading.ranges import Range, between
from pipeline.scene.reading.remembering import remembers_pinholes
from pipeline.scene.reading.rules import needs_3d
from pipeline.scene.reading.section import Section
from pipeline.spec.camera import CameraMemory, CameraMode, Padding, Projection, Sampling

STILL, UNCHANGED = constant(0.0), constant(1.0)
_FAR = moving(between(-10_000, 10_000))
_TURN = moving(between(-180, 180))
_LEVEL = moving(between(0, 10))
_FLOWN = "1/200 units of depth"


class ShownPose(Section):
    """A pose that is shown and not fed back: a punch-in on the kick comes back by itself.

    It is made from saved frames when the video is, so that a change of it makes no frame stale.
    """

    zoom: Annotated[Number, moving(between(0.1, 10)), Shown("1 + 0.1 * beat_pulse")] = UNCHANGED
    """The picture is shown larger by this factor, about its centre."""
    x: Annotated[Number, _FAR, Shown("3 * beat_pulse", "pixels of the frame")] = STILL
    """The picture is shown further right."""
    y: Annotated[Number, _FAR, Shown("-4 * beat_pulse", "pixels of the frame")] = STILL
    """The picture is shown further down."""
    roll: Annotated[Number, moving(between(-360, 360)), Shown("2 * beat_pulse", "degrees")] = STILL
    """The picture is shown turned counter-clockwise."""
    brightness: Annotated[Number, _LEVEL, Shown("{0s: 1, 2s: 1.2}")] = UNCHANGED
    """Factor of the levels: 0 is black, 1 leaves them."""
    saturation: Annotated[Number, _LEVEL, Shown("{50%: 1, end: 0}")] = UNCHANGED
    """Factor of the distance of each colour from its grey: 0 is grey, 1 leaves it."""


class Camera(Section):
    """How the camera moves from each frame to the next. Axes: x right, y down, z forward.

    In 2d the picture moves; in 3d the camera moves through the depth of the picture. The signs
    are explained in `pipeline.scene.motion`.
    """

    mode: Annotated[CameraMode, choice(CameraMode), Shown("2d")] = "3d"
    """2d moves the picture, 3d the camera through its depth."""
    fov: Annotated[
        Number, moving(Range(0, 180, True, True)), needs_3d, Shown("{0s: 40, 4s: 60}", "degrees")
    ] = constant(40.0)
    """Vertical field of view, in 3d; smaller makes stronger motion."""
    projection: Annotated[Projection, choice(Projection), needs_3d, Shown("pinhole")] = "pinhole"
    """Projection of the 3d camera; `disco` is the box-shaped one of Disco Diffusion, [through depth
    on its scale](disco.md#depth)."""
    padding: Annotated[
        Padding | None, choice(Padding), Shown("reflection", unwritten="2d `wrap`, 3d `border`")
    ] = None
    """What fills the places that were out of sight; in 3d with `memory: shot` they are filled from
    what lies farther away around them."""
    sampling: Annotated[Sampling, choice(Sampling), Shown("bilinear")] = "bicubic"
    """How pixels are mixed when the picture moves: `bicubic` stays sharpest, `nearest` mixes none.
    With `memory: shot` this is for what the memory does not show, which is resampled once."""
    depth: Annotated[
        DepthPictures | None,
        depth_pictures(),
        needs_3d,
        of_what_rests,
        Shown("stage.png", unwritten="a network's", more="depth-of-your-own"),
    ] = None
    """Depth of your own in the place of a network's, in 3d: grey pictures, a file for all frames, a
    folder with one for each, or `{pictures, white}`."""
    memory: Annotated[
        CameraMemory,
        choice(CameraMemory),
        remembers_pinholes,
        of_what_rests,
        Shown("frame", more="a-camera-that-remembers"),
    ] = "frame"
    """What a frame is made of: the `frame` before it, or all that the `shot` has shown so far, of
    which each place is resampled once from where it was painted; `shot` asks for
    `projection: pinhole`."""
    translate_x: Annotated[Number, _FAR, Shown("0.5")] = STILL
    """2d: the picture goes right, pixels a frame. 3d: the camera goes right, 1/200 units of depth a
    frame."""
    translate_y: Annotated[Number, _FAR, Shown("0.3 * sin(tau * t / 4)")] = STILL
    """2d: the picture goes down, pixels a frame. 3d: the camera goes up, 1/200 units of depth a
    frame."""
    translate_z: Annotated[Number, _FAR, needs_3d, Shown("{0s: 2, 2s: 4}", _FLOWN)] = STILL
    """The 3d camera goes forward so far with each frame."""
    rotate_x: Annotated[Number, _TURN, needs_3d, Shown("0.2", "degrees a frame")] = STILL
    """Pitch: the 3d camera looks up."""
    rotate_y: Annotated[
        Number, _TURN, needs_3d, Shown("0.3 * sin(tau * t / 8)", "degrees a frame")
    ] = STILL
    """Yaw: the 3d camera looks right."""
    roll: Annotated[Number, _TURN, Shown("0.3 * sin(2*pi*beat/8)", "degrees a frame")] = Field(
        default=STILL, validation_alias=AliasChoices("roll", "angle")
    )
    """The picture turns counter-clockwise."""
    zoom: Annotated[
        Number,
        moving(Range(0, 100, open_low=True)),
        Shown("{0s: 1, bar 5: {value: 1.04, ease: in_out}}"),
    ] = constant(1.0)
    """The picture grows about its centre by this factor with each frame; 1 stays, 1.02 is fast."""
    path: Annotated[
        Flight | None,
        or_none(camera_path()),
        guides(),
        Shown("flight.json", unwritten="no path", more="camera-paths"),
    ] = None
    """The way of a 3d camera from a file: of Blender, Nuke (`.chan`), COLMAP, TUM text, or our own
    JSON. What else moves the camera goes on top."""
    orbit: Annotated[
        Orbit | None,
        or_none(orbiting()),
        guides("path"),
        Shown(
            "{around: 1.5, turn: 360}",
            unwritten="none",
            more="orbits-dolly-zooms-and-points-to-look-at",
        ),
    ] = None
    """The 3d camera goes round the point so far ahead, and looks at it."""
    dolly_zoom: Annotated[
        DollyZoom | None,
        or_none(dollying()),
        guides("path", "orbit"),
        Shown(
            "{subject: 1.5, fov: {0s: 40, end: 20}}",
            unwritten="none",
            more="orbits-dolly-zooms-and-points-to-look-at",
        ),
    ] = None
    """What is so far ahead keeps its size while the lens of the 3d camera opens or closes."""
    look_at: Annotated[
        LookAt | None,
        or_none(looking()),
        guides("orbit"),
        Shown(
            "{x: 0.5, z: 1.5}", unwritten="none", more="orbits-dolly-zooms-and-points-to-look-at"
        ),
    ] = None
    """The 3d camera turns, so that this point stays in the middle: units of depth from where it
    stands at first, or a distance straight ahead."""
    offset: ShownPose = Field(default_factory=ShownPose)
    """A pose that is shown on top of the camera's way, and not fed back: [pulses that
    return](#pulses-that-return)."""

"""What a scene may say of its camera: how it moves, and the pose that is shown on top of it.

A part of `pipeline.scene.schema`, whose words on settings hold here too.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from pipeline.scene.reading.depth_pictures import DepthPictures, depth_pictures
from pipeline.scene.reading.fields import Range, between, choice
from pipeline.scene.reading.moving import Number, constant, moving
from pipeline.scene.reading.remembering import remembers_pinholes
from pipeline.scene.reading.rules import needs_3d
from pipeline.scene.reading.section import Section
from pipeline.spec.camera import CameraMemory, Padding, Projection, Sampling

STILL, UNCHANGED = constant(0.0), constant(1.0)


class ShownPose(Section):
    """A pose that is shown and not fed back: a punch-in on the kick comes back by itself.

    It is made from saved frames when the video is, so that a change of it makes no frame stale.
    """

    zoom: Annotated[Number, moving(between(0.1, 10))] = UNCHANGED
    """Factor by which the picture is shown larger, about its centre."""
    x: Annotated[Number, moving(between(-10_000, 10_000))] = STILL
    """The picture is shown further right, pixels of the frame."""
    y: Annotated[Number, moving(between(-10_000, 10_000))] = STILL
    """The picture is shown further down, pixels of the frame."""
    roll: Annotated[Number, moving(between(-360, 360))] = STILL
    """The picture is shown turned counter-clockwise, degrees."""
    brightness: Annotated[Number, moving(between(0, 10))] = UNCHANGED
    """Factor of the levels: 0 is black."""
    saturation: Annotated[Number, moving(between(0, 10))] = UNCHANGED
    """Factor of the distance of each colour from its grey: 0 is grey."""


class Camera(Section):
    """How the camera moves from each frame to the next. Axes: x right, y down, z forward.

    In 2d the picture moves; in 3d the camera moves through the depth of the picture. The signs
    are explained in `pipeline.camera.motion`.
    """

    mode: Annotated[Literal["2d", "3d"], choice(Literal["2d", "3d"])] = "3d"
    fov: Annotated[Number, moving(Range(0, 180, True, True)), needs_3d] = constant(40.0)
    """Vertical field of view, degrees; smaller makes stronger motion."""
    projection: Annotated[Projection, choice(Projection), needs_3d] = "pinhole"
    """Projection of the 3d camera; `disco` is the box-shaped one of Disco Diffusion."""
    padding: Annotated[Padding | None, choice(Padding)] = None
    """What fills the places that were out of sight; wrap in 2d and border in 3d unless written."""
    sampling: Annotated[Sampling, choice(Sampling)] = "bicubic"
    depth: Annotated[DepthPictures | None, depth_pictures(), needs_3d] = None
    """Grey pictures of the frames' depth in the place of a network's: a file, a folder with one for
    each frame, or `{pictures, white}`."""
    memory: Annotated[CameraMemory, choice(CameraMemory), remembers_pinholes] = "frame"
    """What a frame is made of: the `frame` before it, or all that the `shot` has shown so far, of
    which each place is resampled once from where it was painted."""
    translate_x: Annotated[Number, moving(between(-10_000, 10_000))] = STILL
    """2d: the picture goes right, pixels. 3d: the camera goes right, 1/200 units of depth."""
    translate_y: Annotated[Number, moving(between(-10_000, 10_000))] = STILL
    """2d: the picture goes down, pixels. 3d: the camera goes up, 1/200 units of depth."""
    translate_z: Annotated[Number, moving(between(-10_000, 10_000)), needs_3d] = STILL
    """The camera goes forward, 1/200 units of depth."""
    rotate_x: Annotated[Number, moving(between(-180, 180)), needs_3d] = STILL
    """Pitch: the camera looks up, degrees."""
    rotate_y: Annotated[Number, moving(between(-180, 180)), needs_3d] = STILL
    """Yaw: the camera looks right, degrees."""
    roll: Annotated[Number, moving(between(-180, 180))] = Field(
        default=STILL, validation_alias=AliasChoices("roll", "angle")
    )
    """The picture turns counter-clockwise, degrees; `angle` is another name for it."""
    zoom: Annotated[Number, moving(Range(0, 100, open_low=True))] = constant(1.0)
    """The picture grows about its centre by this factor."""
    offset: ShownPose = Field(default_factory=ShownPose)
    """A pose that is shown on top of the camera's way, and not fed back."""

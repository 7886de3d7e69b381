"""`discoreel export camera`, and the group of commands that write for other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keyframes.quoting import quoted, quoted_path
from pipeline.cli.options import ProfileName, SceneFile, SetSettings, choice_of
from pipeline.cli.terminal import say, tell
from pipeline.cli.writing import is_there, writing
from pipeline.errors import Error

if TYPE_CHECKING:
    from pipeline.scene.paths.chan import RotationOrder
    from pipeline.scene.paths.formats import PathFormat
    from pipeline.scene.schema import Scene
    from pipeline.scene.shots import Shot

export_app = typer.Typer(
    help="Write what a scene or a render knows for other programs.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_STRETCHED = 1e-6
"""How far from a camera's a frame's matrix may be without a word."""


@export_app.callback()
def export() -> None:
    """Write what a scene or a render knows for other programs."""


class CameraFormat(StrEnum):
    """Formats of camera paths."""

    JSON = "json"
    BLENDER = "blender"
    CHAN = "chan"
    COLMAP = "colmap"
    TUM = "tum"


class Order(StrEnum):
    """In which order a camera of a .chan file turns about its axes."""

    XYZ = "XYZ"
    XZY = "XZY"
    YXZ = "YXZ"
    YZX = "YZX"
    ZXY = "ZXY"
    ZYX = "ZYX"


PathFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="The path's file: .json, .chan, .txt or images.txt.")
]
AsFormat = Annotated[
    CameraFormat | None, typer.Option("--format", help="Its format; told by its name.")
]
OfShot = Annotated[str | None, typer.Option("--shot", metavar="NAME", help="Of this shot.")]
Force = Annotated[bool, typer.Option("--force", help="Write over files that are there.")]
AsOrder = Annotated[Order, typer.Option("--rotation-order", help="Of a .chan file.")]


@export_app.command()
def camera(
    scene: SceneFile,
    file: PathFile,
    format: AsFormat = None,
    shot: OfShot = None,
    rotation_order: AsOrder = Order.ZXY,
    force: Force = False,
    profile: ProfileName = None,
    settings: SetSettings = None,
) -> None:
    """Write where the camera stands at each frame of a shot."""
    from pipeline.plan.camera_path import shot_path
    from pipeline.scene.load import read_scene
    from pipeline.scene.paths.formats import path_files

    read = read_scene(scene, choice=choice_of(profile, settings))
    chosen, kind, video = _shot(read.scene, shot), _kind(file, format), read.scene.video
    made = shot_path(chosen, float(video.fps))
    order: RotationOrder = rotation_order.value
    texts = path_files(made.poses, file, kind, fps=video.fps, size=video.size, order=order)
    _write(texts, read.files, force)
    if made.stretched > _STRETCHED:
        tell(
            "zoom, or a fov that moves without a lens, and turns together are no camera's; the "
            f"path has the nearest one, by {made.stretched:.1g} off in a direction at most"
        )
    names = " and ".join(map(quoted_path, texts))
    say(f"wrote {names}: {len(made.poses.times)} poses, {video.fps} a second")


def _kind(file: Path, format: CameraFormat | None) -> PathFormat:
    """The format that is asked for, or else that of the file's name; Error where it tells none."""
    from pipeline.scene.paths.formats import kind_for

    try:
        return kind_for(file) if format is None else format.value
    except ValueError as error:
        raise Error(str(error)) from None


def _write(texts: Mapping[Path, str], sources: Sequence[Path], force: bool) -> None:
    from pipeline.files.atomic import write_atomically

    there = next((path for path in texts if is_there(path)), None)
    if there is not None and not force:
        raise Error(f"{quoted_path(there)}: this is there already; --force writes over it")
    for path, text in texts.items():
        with writing(path, *sources):
            write_atomically(path, text.encode())


def _shot(scene: Scene, name: str | None) -> Shot:
    """The shot whose camera is asked for; Error if it has none in space."""
    shots = {one.name: one for one in scene.all_shots}
    listed = ", ".join(map(quoted, shots))
    if name is None and len(shots) > 1:
        raise Error(f"the scene has {len(shots)} shots; write --shot and one of {listed}")
    if name is not None and name not in shots:
        raise Error(f"there is no shot {quoted(name)}; there are {listed}")
    shot = shots[name] if name is not None else next(iter(shots.values()))
    if scene.video.n_batches is not None:
        raise Error("the scene is one of stills, between which no camera moves; write duration")
    if shot.settings.camera.mode == "2d":
        raise Error("the camera is a 2d one, which moves pictures and stands nowhere; write 3d")
    if shot.length < 2:
        raise Error("the shot has one frame, and a path two or more; write a longer duration")
    return shot

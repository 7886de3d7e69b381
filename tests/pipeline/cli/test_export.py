"""`discoreel export camera`: what was exported and imported is exported to the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from pipeline.cli.export import CameraFormat, Order
from pipeline.cli.export_depth import DepthFormat as OfDepth
from pipeline.errors import Error
from pipeline.output.depth_export import DepthFormat
from pipeline.scene.paths.chan import RotationOrder
from pipeline.scene.paths.formats import FORMATS, PathFormat
from tests.pipeline.cli.painted import say
from tests.pipeline.scene.paths.made_paths import NAMES, winding, write_path
from tests.pipeline.scene_files import write

VIDEO = "video: {size: [96, 64], fps: 12, duration: 4s}\nprompts: a castle\n"
CAMERAS = {
    "orbit": "orbit: {around: 1.5, turn: 360, tilt: 10}",
    "dolly": "dolly_zoom: {subject: 1.5, fov: {0s: 40, end: 20}}",
    "look": "translate_x: 4, translate_z: 2 * sin(t), look_at: {x: 0.5, z: 1.5}",
    "written": "translate_z: 3, rotate_y: 0.5 * sin(t), roll: 0.2",
}


def refused(*arguments: str | Path) -> str:
    """What is said of an export that cannot be."""
    with pytest.raises(Error) as caught:
        say("export", "camera", *arguments)
    return str(caught.value)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("camera", CAMERAS)
def test_out_in_and_out_again(tmp_path: Path, kind: str, camera: str) -> None:
    scene = write(tmp_path, f"{VIDEO}camera: {{{CAMERAS[camera]}}}\n")
    path = tmp_path / NAMES[kind]  # type: ignore[index]
    say("export", "camera", scene, path, "--format", kind)
    exported = path.read_bytes()
    again = write(tmp_path, f"{VIDEO}camera: {{path: {path.name}}}\n", "again.yaml")
    said, _ = say("export", "camera", again, path, "--format", kind, "--force")
    assert path.read_bytes() == exported
    assert said.startswith(f"wrote {path}") and said.endswith(": 48 poses, 12 a second\n")


def test_a_whole_winding_path_at_an_odd_frame_rate(tmp_path: Path) -> None:
    video = "video: {size: [96, 64], fps: 29.97, duration: 300}\nprompts: a castle\n"
    write_path(tmp_path, winding(300, 30000 / 1001, step=0.005))
    text = (tmp_path / "flight.json").read_text().replace('"24"', '"30000/1001"')
    (tmp_path / "flight.json").write_text(text)
    scene = write(tmp_path, f"{video}camera: {{path: flight.json}}\n")
    for kind in FORMATS:
        path = tmp_path / f"again-{NAMES[kind]}"
        say("export", "camera", scene, path, "--format", kind)
        exported = path.read_bytes()
        other = write(
            tmp_path,
            f"{video}camera: {{path: {{file: {path.name}, format: {kind}}}}}\n",
            "again.yaml",
        )
        say("export", "camera", other, path, "--format", kind, "--force")
        assert path.read_bytes() == exported


def test_nothing_is_written_over_unasked(tmp_path: Path) -> None:
    scene = write(tmp_path, f"{VIDEO}camera: {{{CAMERAS['orbit']}}}\n")
    text = scene.read_bytes()
    with pytest.raises(Error, match=r"scene\.yaml: this is there already; --force writes over it$"):
        say("export", "camera", scene, scene, "--format", "json")
    (tmp_path / "cameras.txt").write_text("mine")
    with pytest.raises(Error, match=r"cameras\.txt: this is there already"):
        say("export", "camera", scene, tmp_path / "images.txt")
    assert scene.read_bytes() == text and (tmp_path / "cameras.txt").read_text() == "mine"
    assert not (tmp_path / "images.txt").exists()


def test_the_order_of_rotations_of_channels(tmp_path: Path) -> None:
    scene = write(tmp_path, f"{VIDEO}camera: {{{CAMERAS['orbit']}}}\n")
    say("export", "camera", scene, tmp_path / "a.chan", "--rotation-order", "XYZ")
    say("export", "camera", scene, tmp_path / "b.chan")
    exported = (tmp_path / "a.chan").read_text()
    assert exported != (tmp_path / "b.chan").read_text()
    text = f"{VIDEO}camera: {{path: {{file: a.chan, rotation_order: XYZ}}}}\n"
    say(
        "export",
        "camera",
        write(tmp_path, text),
        tmp_path / "a.chan",
        "--rotation-order",
        "XYZ",
        "--force",
    )
    assert (tmp_path / "a.chan").read_text() == exported


def test_a_shot_is_asked_by_its_name(tmp_path: Path) -> None:
    shots = "shots:\n  - {name: one, until: 2s}\n  - {name: two}\n"
    scene = write(tmp_path, f"{VIDEO}camera: {{translate_z: 2}}\n{shots}")
    told = refused(scene, tmp_path / "a.json")
    assert "the scene has 2 shots; write --shot and one of one, two" in told
    told = refused(scene, tmp_path / "a.json", "--shot", "tow")
    assert "there is no shot tow; there are one, two" in told
    said, _ = say("export", "camera", scene, tmp_path / "a.json", "--shot", "two")
    assert said.endswith(": 24 poses, 12 a second\n")
    assert len(json.loads((tmp_path / "a.json").read_text())["poses"]) == 24


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("camera: {mode: 2d}\n", "a.json", "the camera is a 2d one, which moves pictures"),
        ("", "a.fbx", "a.fbx: the name tells no format; write .json, .chan or .txt, or --format"),
        ("", "scene.yaml", "scene.yaml: the name tells no format"),
        ("", "no/folder/a.json", "a.json: cannot be written (No such file or directory)"),
    ],
)
def test_what_cannot_be_exported(tmp_path: Path, text: str, name: str, told: str) -> None:
    scene = write(tmp_path, VIDEO + text)
    assert told in refused(scene, tmp_path / name)


def test_stills_have_no_camera(tmp_path: Path) -> None:
    scene = write(tmp_path, "video: {size: [96, 64], n_batches: 3}\nprompts: a castle\n")
    told = refused(scene, tmp_path / "a.json")
    assert "the scene is one of stills, between which no camera moves" in told


def test_a_zoom_with_turns_is_told(tmp_path: Path) -> None:
    scene = write(tmp_path, f"{VIDEO}camera: {{zoom: 1.02, rotate_y: 1}}\n")
    _, told = say("export", "camera", scene, tmp_path / "a.json")
    assert told.startswith("zoom, or a fov that moves without a lens, and turns together are no ")


def test_every_format_and_order_can_be_asked_for() -> None:
    """The commands start without the modules that say which there are."""
    assert tuple(CameraFormat) == get_args(PathFormat)
    assert tuple(Order) == get_args(RotationOrder)
    assert tuple(OfDepth) == get_args(DepthFormat)

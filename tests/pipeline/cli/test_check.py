"""`discoreel check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.errors import SceneError
from tests.pipeline.cli.painted import say, write_scene


def test_a_scene_without_mistakes_is_told_with_its_length(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)
    out, err = say("check", scene)
    assert out == f"{scene}: 6 frames of 96 x 96, 0:00.75 at 8 frames a second; no mistakes\n"
    assert not err


def test_mistakes_end_the_command(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)
    scene.write_text(scene.read_text() + "camra: 2\n")
    with pytest.raises(SceneError, match="camra"):
        CliRunner().invoke(app, ["check", str(scene)], catch_exceptions=False)


def listed(scene: Path, format: str) -> tuple[int, str]:
    """Exit code and result of a check for programs; standard error is silent."""
    done = CliRunner().invoke(app, ["check", str(scene), "--format", format])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert not done.stderr
    return done.exit_code, done.stdout


def test_a_good_scene_has_an_empty_list(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)
    assert listed(scene, "json") == (0, "[]\n")
    assert listed(scene, "github") == (0, "")


def test_mistakes_for_editors(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)
    scene.write_text(scene.read_text() + "camra: 2\nseed: 1.5\n", encoding="utf-8")
    code, result = listed(scene, "json")
    first, second = json.loads(result)
    assert code == 1
    assert (first["line"], first["column"], first["end_column"]) == (4, 1, 6)
    assert (first["file"], first["severity"], first["path"]) == (str(scene), "error", "camra")
    assert first["remedy"].startswith('did you mean "camera"')
    assert (second["line"], second["column"], second["end_column"]) == (5, 7, 10)


def test_warnings_for_editors_are_no_failure(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)
    text = scene.read_text() + "guidance: {init_hold: 0, hold_memory: 9}\n"
    scene.write_text(text, encoding="utf-8")
    code, result = listed(scene, "github")
    assert code == 0
    (line,) = result.splitlines()
    assert line.startswith(f"::warning file={scene},line=4,col=39,endColumn=40::guidance.hold_mem")


@pytest.mark.parametrize("content", [None, b"\xff", b"a" * 2_000_001])
def test_what_is_wrong_with_a_file_as_a_whole(tmp_path: Path, content: bytes | None) -> None:
    scene = tmp_path / "a.yaml"
    if content is not None:
        scene.write_bytes(content)
    code, result = listed(scene, "json")
    (problem,) = json.loads(result)
    assert code == 1 and (problem["line"], problem["column"]) == (1, 1)


def test_a_name_of_no_format(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["check", str(write_scene(tmp_path)), "--format", "xml"])
    assert done.exit_code == 2 and "xml" in done.stderr

"""`discoreel check`."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.errors import SceneError
from tests.pipeline.cli.painted import say, write_scene


def test_a_scene_without_mistakes_is_told_with_its_length(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)
    out, err = say("check", scene)
    assert out == f"{scene}: 6 frames of 64 x 64, 0:00.75 at 8 frames a second; no mistakes\n"
    assert not err


def test_mistakes_end_the_command(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)
    scene.write_text(scene.read_text() + "camra: 2\n")
    with pytest.raises(SceneError, match="camra"):
        CliRunner().invoke(app, ["check", str(scene)], catch_exceptions=False)

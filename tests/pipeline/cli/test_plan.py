"""`discoreel plan`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.errors import Error
from tests.pipeline.cli.painted import say, write_scene


def test_a_plan_is_outlined(tmp_path: Path) -> None:
    out, _ = say("plan", write_scene(tmp_path))
    title, extent, *rest = out.splitlines()
    assert (title, extent) == ("sea", "  6 frames of 64 x 64, 0:00.75 at 8 frames a second")
    assert "  0:00  frames 0 to 5  a lighthouse" in rest


def test_a_plan_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    out, _ = say("plan", write_scene(tmp_path), "--json", file)
    assert out.endswith(f"wrote {file}\n")
    assert len(json.loads(file.read_text("utf-8"))["frames"]) == 6


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "plan.json"
    asked = ["plan", str(write_scene(tmp_path)), "--json", str(file)]
    with pytest.raises(Error) as caught:
        CliRunner().invoke(app, asked, catch_exceptions=False)
    assert str(caught.value) == (
        f"{file}: cannot be written (No such file or directory); name a file in a folder that you "
        "may write to"
    )

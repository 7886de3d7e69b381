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
    assert (title, extent) == ("sea", "  6 frames of 96 x 96, 0:00.75 at 8 frames a second")
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


def test_a_table_is_told_instead_where_frames_or_fields_are_asked_for(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)
    out, _ = say("plan", scene, "--frames", "0:6:4", "--fields", "seed,prompts")
    assert out.splitlines() == [
        "frame  time     seed  prompts",
        "    0  0:00        0  a lighthouse",
        "    4  0:00.50     0  a lighthouse",
    ]
    out, _ = say("plan", scene, "--from", "0.5s", "--for", "1f", "--fields", "seed")
    assert out.splitlines()[1:] == ["    4  0:00.50     0"]


def test_a_table_goes_to_standard_output_or_into_a_file(tmp_path: Path) -> None:
    scene, file = write_scene(tmp_path), tmp_path / "table.json"
    out, _ = say("plan", scene, "--frames", "2", "--fields", "seed", "--csv", "-", "--json", file)
    assert out == f"frame,time,seed\n2,0:00.25,0\nwrote {file}\n"
    assert json.loads(file.read_text("utf-8")) == [{"frame": 2, "time": "0:00.25", "seed": 0}]


def test_the_whole_plan_goes_to_standard_output_alone(tmp_path: Path) -> None:
    out, _ = say("plan", write_scene(tmp_path), "--json", "-")
    assert len(json.loads(out)["frames"]) == 6


def test_two_ways_of_choosing_frames_are_one_too_many(tmp_path: Path) -> None:
    asked = ["plan", str(write_scene(tmp_path)), "--frames", "2", "--from", "1"]
    with pytest.raises(Error, match="give one of them"):
        CliRunner().invoke(app, asked, catch_exceptions=False)

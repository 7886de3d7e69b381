"""`discoreel why`."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.errors import Error
from tests.pipeline.cli.painted import say, write_scene


def test_the_answer_names_the_places_in_the_file(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)
    out, _ = say("why", scene, "0.5s", "prompts")
    assert out.splitlines() == [
        "prompts are a lighthouse at frame 4 (0:00.50)",
        f"  a lighthouse  ({scene}:2:10)",
    ]


def test_a_time_that_is_none_is_told(tmp_path: Path) -> None:
    asked = ["why", str(write_scene(tmp_path)), "soon", "prompts"]
    with pytest.raises(Error, match="write the number of a frame, or a time such as 2s or bar 5"):
        CliRunner().invoke(app, asked, catch_exceptions=False)

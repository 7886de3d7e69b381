"""`discoreel render`, where frames are there already: none of these asks a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.errors import RunError
from tests.pipeline.cli.painted import paint, say, write_scene
from tests.pipeline.runs import contents


def test_a_finished_render_only_makes_its_video_again(tmp_path: Path) -> None:
    scene, folder = write_scene(tmp_path), tmp_path / "out"
    paint(scene, folder, count=6)
    before = contents(folder / "frames")
    out, err = say("render", scene, "--out", folder)
    assert err == "6 of 6 frames are there already\n"
    assert out.startswith(f"video          {folder / 'sea.mp4'}\n")
    assert contents(folder / "frames") == before


def test_frames_lie_in_a_folder_named_like_the_scene(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = write_scene(tmp_path)
    monkeypatch.chdir(tmp_path)
    paint(scene, Path("renders") / "sea", count=6)
    out, _ = say("render", scene)
    assert f"video          {Path('renders/sea/sea.mp4')}\n" in out


def test_an_edit_stops_before_a_frame_is_touched(tmp_path: Path) -> None:
    scene, folder = write_scene(tmp_path), tmp_path / "out"
    paint(scene, folder, count=6)
    before = contents(folder)
    scene.write_text(scene.read_text().replace("a lighthouse", "a castle"))
    with pytest.raises(RunError, match="frame 0 would change"):
        CliRunner().invoke(
            app, ["render", str(scene), "--out", str(folder)], catch_exceptions=False
        )
    assert contents(folder) == before

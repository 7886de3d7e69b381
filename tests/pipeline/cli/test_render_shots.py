"""`discoreel render --shot`: one shot alone, and the video when all are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.errors import Error
from tests.pipeline.cli.painted import paint, write_scene

SCENE = """\
video: {size: [64, 64], fps: 8, duration: 3}
sampler: {steps: 1}
guidance: {clip_guidance_scale: 0}
output: {upscale: none}
shots:
  - {name: sea, until: 2, prompts: a lighthouse}
  - {name: the city, prompts: a castle}
"""


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    path = tmp_path / "night.yaml"
    path.write_text(SCENE, encoding="utf-8")
    return path


def run(*arguments: str | Path) -> tuple[str, str]:
    done = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return done.stdout, done.stderr


@pytest.mark.slow
def test_shots_rendered_one_by_one_make_the_video_at_the_last(scene: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said, told = run("render", scene, "--out", out, "--shot", "the city")
    assert said == "" and "1 of 3 frames; the video is made when all are there" in told
    assert [path.name for path in (out / "frames").iterdir() if any(path.iterdir())] == ["the city"]
    said, told = run("render", scene, "--out", out, "--shot", "sea")
    assert "1 of 3 frames are there already" in told
    assert f"video          {out / 'night.mp4'}" in said
    whole = tmp_path / "whole"
    run("render", scene, "--out", whole)
    for frame in ("sea/000000.png", "sea/000001.png", "the city/000000.png"):
        assert (out / "frames" / frame).read_bytes() == (whole / "frames" / frame).read_bytes()


@pytest.mark.slow
def test_progress_counts_the_frames_of_the_shots_that_are_rendered(
    scene: Path, tmp_path: Path
) -> None:
    _, told = run("render", scene, "--out", tmp_path / "out", "--shot", "sea", "--shot", "sea")
    assert "rendering frame 1 of 2: " in told


def test_an_unknown_shot_is_told_before_anything_is_made(scene: Path, tmp_path: Path) -> None:
    with pytest.raises(Error) as caught:
        run("render", scene, "--out", tmp_path / "out", "--shot", "the cty")
    assert str(caught.value) == (
        'there is no shot the cty (did you mean "the city"?); the shots are sea, the city'
    )
    assert not (tmp_path / "out").exists()


def test_a_scene_without_shots_has_none_to_render_alone(tmp_path: Path) -> None:
    path = tmp_path / "night.yaml"
    path.write_text("video: {size: [64, 64], duration: 3}\nprompts: a castle\n", encoding="utf-8")
    with pytest.raises(Error, match=r"^the scene has no shots, found --shot sea; leave it out$"):
        run("render", path, "--out", tmp_path / "out", "--shot", "sea")


@pytest.mark.slow
def test_a_plan_is_drawn_where_one_asks_for_it(scene: Path, tmp_path: Path) -> None:
    said, _ = run("plan", scene, "--plot", tmp_path / "plan.png")
    assert said.endswith(f"wrote {tmp_path / 'plan.png'}\n")
    assert "sea       frames 0 to 1  a lighthouse" in said
    assert (tmp_path / "plan.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(
        Error, match=r"cannot be written \(No such file or directory\); name a file"
    ):
        run("plan", scene, "--plot", tmp_path / "gone" / "plan.png")


@pytest.mark.slow
def test_a_finished_shot_asks_for_no_networks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = write_scene(tmp_path)
    shots = "shots: [{name: sea, until: 4}, {name: city}]\n"
    scene.write_text(scene.read_text(encoding="utf-8") + shots, encoding="utf-8")
    paint(scene, tmp_path / "out", 4)
    monkeypatch.setattr("pipeline.networks.load.load_networks", lambda *_, **__: pytest.fail())
    said, told = run("render", scene, "--out", tmp_path / "out", "--shot", "sea", "--shot", "sea")
    assert said == "" and "4 of 6 frames; the video is made when all are there" in told

"""`discoreel render --frames` and `--keys`, by the starter."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.errors import Error
from pipeline.files.png import read_size
from pipeline.run.directory import RunDirectory
from pipeline.run.seeds import write_seeds
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Plan
from tests.pipeline.cli.painted import paint, say, write_scene
from tests.pipeline.runs import contents

SCENE = """\
video: {size: [64, 64], fps: 8, duration: 4}
camera: {mode: 2d, zoom: 1.1}
sampler: {steps: 2, skip_steps: {first: 0, then: 50%}}
guidance: {clip_guidance_scale: 0}
prompts: {0: a lighthouse, 2: a castle}
output: {upscale: none}
"""


def scene_in(folder: Path) -> Path:
    path = folder / "night.yaml"
    path.write_text(SCENE, encoding="utf-8")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("frames/**/*.png"))


@pytest.mark.slow
def test_some_frames_are_rendered_with_those_they_grow_from_and_the_rest_later(
    tmp_path: Path,
) -> None:
    scene, out, whole = scene_in(tmp_path), tmp_path / "out", tmp_path / "whole"
    said, told = say("render", scene, "--out", out, "--frames", "1:2")
    assert said == "" and names(out) == ["000000.png", "000001.png"]
    assert "1 missing frame is rendered too: those that are asked for grow from them" in told
    assert (
        "2 of 4 frames; the video is made when all are there, or of those from the first on by "
        f"discoreel assemble {out}\n"
    ) in told
    _, told = say("render", scene, "--out", out, "--frames", "1:2")
    assert "missing" not in told
    said, _ = say("render", scene, "--out", out)
    assert f"video          {out / 'night.mp4'}" in said
    say("render", scene, "--out", whole)
    assert contents(out / "frames") == contents(whole / "frames")


def test_keys_have_the_seeds_of_redone_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, out = write_scene(tmp_path), tmp_path / "out"
    out.mkdir()
    write_seeds(RunDirectory(out), {FrameId(0): 41, FrameId(3): 7})
    asked: list[int] = []

    def painted(plan: Plan, *_: object) -> None:
        asked.extend(spec.seed for spec in plan)
        raise Error("enough")

    monkeypatch.setattr("pipeline.cli.render_keys.render_missing", painted)
    with pytest.raises(Error, match="enough"):
        say("render", scene, "--out", out, "--keys")
    assert asked == [41]


@pytest.mark.slow
def test_keys_are_painted_apart_and_kept_until_the_scene_changes(tmp_path: Path) -> None:
    scene, out, whole = scene_in(tmp_path), tmp_path / "out", tmp_path / "whole"
    said, _ = say("render", scene, "--out", out, "--keys")
    keys = out / "keys"
    assert (
        said == f"key frames     {keys / 'frames'}\ncontact sheet  {keys / 'contact-sheet.png'}\n"
    )
    assert names(keys) == ["000000.png", "000002.png"]
    assert read_size(keys / "contact-sheet.png")[0] == 2 * 400 + 16
    before = contents(keys / "frames")
    # The first frame is that of the render, which may begin in the same folder later.
    say("render", scene, "--out", out, "--frames", ":1")
    assert (out / "frames" / "000000.png").read_bytes() == before["000000.png"]
    scene.write_text(SCENE.replace("a castle", "a ship"), encoding="utf-8")
    _, told = say("render", scene, "--out", out, "--keys")
    assert "old key frames were moved to" in told
    after = contents(keys / "frames")
    assert after["000000.png"] == before["000000.png"]
    assert after["000002.png"] != before["000002.png"]
    assert not whole.exists()


@pytest.mark.parametrize("other", [("--keys",), ("--shot", "sea")])
def test_frames_exclude_what_else_chooses(other: tuple[str, ...], tmp_path: Path) -> None:
    scene = scene_in(tmp_path)
    with pytest.raises(Error, match="--frames names frames of the video; leave out --keys and"):
        CliRunner().invoke(
            app, ["render", str(scene), "--frames", "0:1", *other], catch_exceptions=False
        )


def test_frames_that_are_there_ask_for_no_networks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, out = write_scene(tmp_path), tmp_path / "out"
    paint(scene, out, count=4)
    monkeypatch.setattr("pipeline.networks.load.load_networks", lambda *_, **__: pytest.fail())
    said, told = say("render", scene, "--out", out, "--frames", "2:4")
    assert said == "" and "4 of 6 frames; the video is made when all are there" in told

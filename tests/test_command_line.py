"""The program from outside: what render, assemble, check and plan make and print."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from pipeline.files.pictures import read_picture
from pipeline.output.tags import read_metadata
from tests.command_line import installed, run, write_scene
from tests.media import streams, write_silence

TEN_MINUTES = """\
video: {size: [96, 64], fps: 24, duration: 10:00}
prompts: {0s: a lighthouse, 5:00: a castle, blend: 2s}
camera: {translate_z: 2 + sin(t), roll: 0.3 * sin(2*pi*t/8), zoom: {0s: 1, 9:00: 1.02}}
"""


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["2d", "3d"])
def test_render_makes_a_video_and_a_contact_sheet(tmp_path: Path, mode: str) -> None:
    camera = {"2d": "translate_x: 2, angle: 1", "3d": "translate_z: 4"}[mode]
    scene = write_scene(tmp_path, frames=3, mode=mode, camera=camera)
    done = run("render", scene, cwd=tmp_path)
    folder = tmp_path / "renders" / "scene"
    assert done.returncode == 0, done.stderr
    assert "renders/scene/scene.mp4" in done.stdout
    assert "renders/scene/contact-sheet.png" in done.stdout
    assert "s a frame" in done.stderr and "left" in done.stderr
    assert read_picture(folder / "frames" / "000002.png").shape == (32, 32, 3)
    assert read_picture(folder / "progress.png").shape == (32, 32, 3)
    # Eight times as large, by the starter's upscaler.
    assert "256x256" in streams(folder / "scene.mp4")
    assert read_picture(folder / "upscaled" / "000002.png").shape == (256, 256, 3)
    tags = read_metadata(folder / "scene.mp4")
    assert tags["title"] == "scene"
    assert tags["comment"] == f"discoreel {json.loads((folder / 'run.json').read_text())['digest']}"


@pytest.mark.slow
def test_stills_are_pictures_without_a_video(tmp_path: Path) -> None:
    scene = tmp_path / "stills.yaml"
    scene.write_text(
        "video: {size: [32, 32], n_batches: 3}\n"
        "prompts: a tree\nsampler: {steps: 3}\nguidance: {cut_overview: 1, cut_innercut: 0}\n"
    )
    done = run("render", scene, cwd=tmp_path)
    folder = tmp_path / "renders" / "stills"
    assert done.returncode == 0, done.stderr
    pictures = sorted((folder / "frames").glob("*.png"))
    assert len({picture.read_bytes() for picture in pictures}) == 3
    assert "renders/stills/upscaled" in done.stdout
    assert read_picture(folder / "upscaled" / "000002.png").shape == (256, 256, 3)
    assert (folder / "contact-sheet.png").is_file()
    assert not list(folder.glob("*.mp4"))


@pytest.mark.slow
def test_assemble_makes_the_video_again(tmp_path: Path) -> None:
    scene = write_scene(tmp_path, frames=2)
    assert run("render", scene, cwd=tmp_path).returncode == 0
    folder = tmp_path / "renders" / "scene"
    (folder / "scene.mp4").unlink()
    done = run("assemble", folder, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (folder / "scene.mp4").is_file()
    assert "upscaling" not in done.stderr


@pytest.mark.slow
def test_assemble_fills_gaps_among_the_enlarged_frames(tmp_path: Path) -> None:
    scene = write_scene(tmp_path, frames=3)
    assert run("render", scene, cwd=tmp_path).returncode == 0
    folder = tmp_path / "renders" / "scene"
    gone, damaged, whole = sorted((folder / "upscaled").glob("*.png"))
    before = [file.read_bytes() for file in (gone, damaged, whole)]
    gone.unlink()
    damaged.write_bytes(damaged.read_bytes()[:-20])
    done = run("assemble", folder, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "upscaling frame 2 of 3" in done.stderr
    assert [file.read_bytes() for file in (gone, damaged, whole)] == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("output", "size"),
    [
        ("{upscale: none}", "32x32"),
        ("{upscale: lanczos, size: [96, 80]}", "96x80"),
        ("{size: [100, 90]}", "100x90"),
    ],
)
def test_the_video_has_the_size_that_the_scene_asks_for(
    tmp_path: Path, output: str, size: str
) -> None:
    scene = write_scene(tmp_path, frames=2)
    scene.write_text(scene.read_text().replace("{display_rate: 2}", output))
    assert run("render", scene, cwd=tmp_path).returncode == 0
    folder = tmp_path / "renders" / "scene"
    assert size in streams(folder / "scene.mp4")
    assert (folder / "upscaled").exists() == (output == "{size: [100, 90]}")


@pytest.mark.slow
def test_check_and_plan(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)
    checked = run("check", scene, cwd=tmp_path)
    assert checked.returncode == 0
    extent = "6 frames of 32 x 32, 0:00.75 at 8 frames a second"
    assert checked.stdout.endswith(f"{extent}; no mistakes, 1 warning\n")
    planned = run("plan", scene, "--json", tmp_path / "plan.json", cwd=tmp_path)
    assert planned.returncode == 0
    assert "frames 0 to 3  a lighthouse at night" in planned.stdout
    assert len(json.loads((tmp_path / "plan.json").read_text())["frames"]) == 6


@pytest.mark.slow
def test_warnings_are_told_and_stop_nothing(tmp_path: Path) -> None:
    scene = tmp_path / "dragon.yaml"
    scene.write_text(
        "video: {size: [96, 96], n_batches: 1}\nprompts: a dragon\nsampler: {steps: 1}\n"
    )
    checked = run("check", scene, cwd=tmp_path)
    assert checked.returncode == 0
    assert checked.stdout.endswith("96 x 96; no mistakes, 1 warning\n")
    warning = checked.stderr
    assert warning.startswith(f"{scene}:2:10: warning: prompts: the starter knows no subject")
    assert run("plan", scene, cwd=tmp_path).stderr == warning
    rendered = run("render", scene, cwd=tmp_path)
    assert rendered.returncode == 0, rendered.stderr
    assert rendered.stderr.startswith(warning)


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["check", "plan"])
def test_a_long_scene_is_answered_at_once(tmp_path: Path, verb: str) -> None:
    scene = tmp_path / "long.yaml"
    scene.write_text(TEN_MINUTES)
    env = installed(tmp_path / "compiled")
    run(verb, scene, cwd=tmp_path, env=env)  # compiles the modules
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        done = run(verb, scene, cwd=tmp_path, env=env)
        seconds.append(time.perf_counter() - started)
        assert done.returncode == 0, done.stderr
        assert "14400 frames" in done.stdout
    # Half a second to one on an idle machine. Tests share theirs, so the fastest of three counts.
    assert min(seconds) < 2


@pytest.mark.slow
def test_the_soundtrack_is_in_the_video(tmp_path: Path) -> None:
    write_silence(tmp_path / "song.wav", 1.0)
    scene = write_scene(tmp_path, frames=2)
    scene.write_text(scene.read_text() + "music: {file: song.wav}\n")
    done = run("render", scene, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Audio: aac" in streams(tmp_path / "renders" / "scene" / "scene.mp4")

"""A scene whose denoiser is a folder of GLIDE's files, from the command line to its frames."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import frames, run
from tests.pipeline.merges import save_merges
from tests.pipeline.networks.text_to_image.glide.networks import save_config, save_glide
from tools.references.glide import REDUCED

SCENE = """\
video: {size: [64, 32], fps: 8, duration: 0.25s}
prompts: [{text: the sea, weight: 2}, {text: the cat, weight: -1}]
models: {denoiser: ./glide}
camera: {zoom: 1.05}
sampler: {steps: 3, skip_steps: {first: 0, then: 1}, clip_denoised: true}
guidance: {clip_guidance_scale: 0, cfg_scale: 3}
output: {upscale: none}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene's folder with small networks of GLIDE."""
    here = tmp_path_factory.mktemp("scene")
    (here / "glide").mkdir()
    save_merges(here / "glide")
    for name in ("base", "upsampler"):
        save_config(save_glide(here / "glide", REDUCED[name].config))
    (here / "scene.yaml").write_text(SCENE)
    return here


@pytest.mark.slow
def test_frames_are_painted_and_painted_again_to_the_same_bytes(folder: Path) -> None:
    first = run("render", "scene.yaml", "--out", "out", cwd=folder)
    assert first.returncode == 0, first.stderr
    painted = frames(folder / "out")
    assert len(painted) == 2
    (folder / "out" / "frames" / "000001.png").unlink()
    again = run("render", "scene.yaml", "--out", "out", "--memory", "low", cwd=folder)
    assert again.returncode == 0, again.stderr
    assert frames(folder / "out") == painted


@pytest.mark.slow
def test_sizes_that_the_upsampler_cannot_make_are_told(folder: Path) -> None:
    (folder / "small.yaml").write_text(SCENE.replace("[64, 32]", "[64, 24]"))
    done = run("check", "small.yaml", cwd=folder)
    assert done.returncode == 1
    assert "the models ask for multiples of 32" in done.stderr + done.stdout

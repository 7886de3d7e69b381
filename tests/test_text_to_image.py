"""A scene goes from the starter to Stable Diffusion by one line, and renders as before."""

from __future__ import annotations

import signal
from pathlib import Path

import numpy as np
import pytest

from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.store import ModelStore
from pipeline.files.hashing import file_digest
from pipeline.files.pictures import read_picture
from tests.command_line import frames, run
from tests.killed import start_and_stop
from tests.pipeline.networks.text_to_image.tiny_pipelines import save_pipeline, sd_pipeline

pytestmark = pytest.mark.slow

STARTER, PUBLISHED_LINE = "models: {denoiser: starter}", "models: {denoiser: sd15}"
SCENES = {
    "flat": "{mode: 2d, zoom: 1.03, roll: 2}",
    "deep": "{mode: 3d, translate_z: 5, rotate_y: 1}",
    "memory": "{mode: 3d, translate_z: 5, rotate_y: 1, memory: shot}",
}
EVERY = {"flat": "1", "deep": "3", "memory": "1"}
SCENE = """\
video: {{size: [64, 48], fps: 8, duration: 5}}
seed: 3
prompts: {{0: "a castle at dawn", 3: [{{text: "the sea"}}, {{text: red, weight: -0.4}}], blend: 1}}
{models}
camera: {camera}
sampler: {{steps: 6, skip_steps: {{first: 0, then: 50%}}, every: {every}}}
guidance: {{cfg_scale: 4, cut_overview: 1, cut_innercut: 1}}
output: {{upscale: none, preset: ultrafast}}
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds a tiny Stable Diffusion under the published one's name."""
    made = tmp_path_factory.mktemp("made")
    save_pipeline(made / "sd", sd_pipeline(made / "parts"), variant="fp16")
    store = ModelStore(tmp_path_factory.mktemp("store"))
    entry = PUBLISHED["sd15"]
    for part in entry.parts:
        path = store.path(part)
        path.parent.mkdir(parents=True, exist_ok=True)
        saved = made / "sd" / Path(part.file).relative_to(entry.file)
        # Of a tokenizer's settings diffusers writes all into one file today.
        path.write_bytes(saved.read_bytes() if saved.is_file() else b"{}")
        store.remember(part, part.sha256 or file_digest(path))
    return store.root


def write(folder: Path, name: str, models: str) -> Path:
    path = folder / f"{name}.yaml"
    text = SCENE.format(models=models, camera=SCENES[name], every=EVERY[name])
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", SCENES)
def test_one_line_changes_the_network(tmp_path: Path, store: Path, name: str) -> None:
    """Undisturbed, then killed and continued: the same bytes."""
    scene = write(tmp_path, name, PUBLISHED_LINE)
    whole = run("render", scene, "--out", "whole", "--models-dir", store, cwd=tmp_path)
    assert whole.returncode == 0, whole.stderr
    made = frames(tmp_path / "whole")
    assert len(made) == 5 and len(set(made.values())) == 5
    assert read_picture(tmp_path / "whole" / "frames" / "000000.png").std() > 5

    stopped = start_and_stop(scene, tmp_path / "out", signal.SIGKILL, "--models-dir", store)
    stopped.communicate()
    assert len(frames(tmp_path / "out")) < 5
    done = run("render", scene, "--out", "out", "--models-dir", store, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert frames(tmp_path / "out") == made


def test_the_other_network_makes_all_frames_anew(tmp_path: Path, store: Path) -> None:
    run("render", write(tmp_path, "flat", STARTER), "--out", "out", cwd=tmp_path)
    scene = write(tmp_path, "flat", PUBLISHED_LINE)
    refused = run("render", scene, "--out", "out", "--models-dir", store, cwd=tmp_path)
    assert refused.returncode == 1
    assert "frame 0 would change: the networks in models changed (denoiser " in refused.stderr


def test_little_memory_gives_the_same_pictures(tmp_path: Path, store: Path) -> None:
    scene = write(tmp_path, "flat", PUBLISHED_LINE)
    pictures = []
    for out, options in {"plain": (), "low": ("--memory", "low")}.items():
        done = run(
            *("render", scene, "--out", out, "--models-dir", store, "--frames", "0:2"),
            *options,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr
        files = sorted((tmp_path / out / "frames").glob("*.png"))
        pictures.append(np.stack([read_picture(file) for file in files]).astype(int))
    assert np.abs(pictures[0] - pictures[1]).max() <= 1

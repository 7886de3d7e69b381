"""A scene of somebody's own networks, from the command line to its frames."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.catalogue.published import LPIPS, PUBLISHED
from pipeline.catalogue.store import ModelStore
from pipeline.files.pictures import read_picture
from pipeline.networks.denoisers.guided_unet import GuidedUNet
from pipeline.networks.denoisers.secondary import SecondaryNetwork
from tests.command_line import frames, run
from tests.pipeline.networks.published import TINY, save_lpips, save_seeded
from tests.pipeline.networks.tiny import (
    RESNET,
    TEXT,
    WORDS,
    clip,
    save_clip,
    save_word_clip,
    write_json,
)

SCENE = """\
video: {{size: [32, 24], fps: 8, duration: 0.25s}}
prompts: [{{text: "a castle, sea", weight: 2}}, {{image: like.png}}]
models:
  denoiser: {{file: net.pt}}
  encoders: [clip, {{name: resnet, weight: 0.5, from: 0.2}}]
  precision: {precision}
camera: {{translate_z: 4}}
sampler: {{steps: 5, skip_steps: {{first: 0, then: 40%}}}}
guidance: {{clip_guidance_scale: 3000, cut_overview: 5, cut_innercut: 4}}
output: {{upscale: none}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene's folder with a small network of each kind, all but depth."""
    here = tmp_path_factory.mktemp("scene")
    save_seeded(here / "net.pt", lambda: GuidedUNet(TINY))
    write_json(here / "net.json", json.loads(TINY.model_dump_json()))
    save_word_clip(here / "clip")
    save_clip(here / "resnet", clip(RESNET), RESNET, TEXT)
    WORDS.save(here / "resnet" / "vocabulary.json")
    (here / "like.png").write_bytes((ROOT / "docs" / "lighthouse.png").read_bytes())
    for precision in ("fp32", "bf16"):
        (here / f"{precision}.yaml").write_text(SCENE.format(precision=precision))
    return here


ROOT = Path(__file__).parent.parent


def rendered(folder: Path, precision: str, *options: str) -> np.ndarray:
    out = folder / "-".join((precision, *options)).replace("/", "_")
    done = run("render", f"{precision}.yaml", "--out", out, *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert len(frames(out)) == 2
    files = sorted((out / "frames").glob("*.png"))
    return np.stack([read_picture(file) for file in files]).astype(int)


@pytest.mark.slow
def test_precisions_and_memory(folder: Path) -> None:
    whole = rendered(folder, "fp32")
    assert whole.std() > 5
    assert np.abs(rendered(folder, "fp32", "--memory", "low") - whole).max() <= 1
    apart = np.abs(rendered(folder, "bf16") - whole)
    assert 0 < apart.mean() < 10


@pytest.mark.slow
def test_another_precision_is_another_picture(folder: Path) -> None:
    rendered(folder, "fp32")
    out = folder / "fp32"
    done = run("render", "bf16.yaml", "--out", out, cwd=folder)
    assert done.returncode == 1
    assert "frame 0 would change: models.precision was fp32, is now bf16;" in done.stderr


@pytest.mark.slow
def test_guidance_asks_the_secondary_model_and_lpips_where_a_scene_says_so(
    folder: Path, tmp_path: Path
) -> None:
    """Frame 0 starts from noise and keeps to nothing; LPIPS moves the frame after it alone."""
    store = ModelStore(tmp_path)
    save_seeded(folder / "small.pth", SecondaryNetwork)
    for name, path in zip(LPIPS, save_lpips(tmp_path), strict=True):
        path.rename(store.path(PUBLISHED[name]))
        store.remember(PUBLISHED[name], PUBLISHED[name].sha256)
    plain = (folder / "fp32.yaml").read_text().replace("[32, 24]", "[32, 32]")
    plain = plain.replace("models:\n", "models:\n  secondary: small.pth\n")
    through = plain.replace("guidance: {", "guidance: {gradient: secondary, ")
    kept = plain.replace("guidance: {", "guidance: {init_scale: 1000, perceptual: lpips, ")
    pictures = {}
    for name, text in {"plain": plain, "through": through, "kept": kept}.items():
        (folder / f"{name}.yaml").write_text(text)
        pictures[name] = rendered(folder, name, "--models-dir", str(tmp_path))
    same = (pictures["kept"] == pictures["plain"]).all(axis=(1, 2, 3))
    assert same.tolist() == [True, False]
    assert (np.abs(pictures["through"] - pictures["plain"]).mean(axis=(1, 2, 3)) > 1).all()


@pytest.mark.slow
def test_weights_that_are_not_here_name_the_command(folder: Path, tmp_path: Path) -> None:
    """One network of every kind, none of them its preset's, and all of them in one message."""
    (folder / "missing.yaml").write_text(
        "video: {size: [64, 64], fps: 8, duration: 0.25s}\nprompts: a castle\n"
        "models:\n  denoiser: pixelartdiffusion4k\n  secondary: secondary\n"
        "  encoders: [RN50/cc12m, ViT-B-16-SigLIP/webli, clip]\n  depth: dpt_hybrid\n"
        "guidance: {gradient: secondary, init_scale: 9, perceptual: lpips}\n"
    )
    store = tmp_path / "store"
    done = run("render", "missing.yaml", "--models-dir", store, cwd=folder)
    assert done.returncode == 1
    heading, *lines, command = done.stderr.splitlines()
    assert heading == (f"7 models are not in {store}, about 1.96 GB and 1 of unknown size in all:")
    names = [line.split()[0] for line in lines]
    assert set(names) == {
        *("pixelartdiffusion4k", "secondary", "RN50/cc12m", "ViT-B-16-SigLIP/webli"),
        *("dpt_hybrid", "vgg16", "lpips_vgg"),
    }
    pull = f"discoreel models pull {' '.join(names)} --models-dir {store}"
    assert command == f"fetch with: {pull}"
    assert not (folder / "renders" / "missing").exists()

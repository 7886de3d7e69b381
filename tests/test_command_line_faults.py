"""The program from outside, where something is wrong: one message, and nothing lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipeline.catalogue.facts import STARTER_FOLDERS
from pipeline.catalogue.publication import Role
from tests.command_line import PROGRAM, frames, run, write_scene

ROOT = Path(__file__).parent.parent


def refused(*arguments: str | Path, cwd: Path, program: Sequence[str] = PROGRAM) -> str:
    """What the program says when it refuses: one message, exit code 1, no traceback."""
    done = run(*arguments, cwd=cwd, program=program)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout
    return done.stderr


@pytest.mark.slow
def test_mistakes_are_listed_with_their_places(tmp_path: Path) -> None:
    scene = tmp_path / "wrong.yaml"
    scene.write_text("video: {size: [96, 0], duration: 2s}\npromts: a castle\n")
    words = refused("check", scene, cwd=tmp_path)
    assert f"{scene}:1:20: video.size.1: found 0" in words
    assert f"{scene}:2:1: promts: " in words and "prompts" in words


@pytest.mark.slow
def test_a_folder_that_is_no_render(tmp_path: Path) -> None:
    other = tmp_path / "photos"
    other.mkdir()
    (other / "holiday.jpg").write_bytes(b"")
    words = refused("render", write_scene(tmp_path), "--out", other, cwd=tmp_path)
    assert "is not a render of discoreel" in words and "--out" in words
    assert [path.name for path in other.iterdir()] == ["holiday.jpg"]
    assert "is not a render of discoreel" in refused("assemble", other, cwd=tmp_path)


@pytest.mark.slow
def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    out = tmp_path / "file" / "render"
    words = refused("render", write_scene(tmp_path), "--out", out, cwd=tmp_path)
    assert str(out) in words and "--out" in words


@pytest.mark.slow
def test_a_missing_soundtrack(tmp_path: Path) -> None:
    scene = write_scene(tmp_path)
    scene.write_text(scene.read_text() + "music: {file: song.ogg}\n")
    words = refused("check", scene, cwd=tmp_path)
    assert "music.file" in words and "song.ogg" in words


def cut_in_half(weights: Path) -> None:
    weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])


def fill_with_noise(weights: Path) -> None:
    weights.write_bytes(bytes(range(256)) * 40)


@pytest.mark.slow
@pytest.mark.parametrize("damage", [cut_in_half, fill_with_noise, Path.unlink])
def test_weights_that_cannot_be_loaded(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    denoiser = tmp_path / "denoiser"
    shutil.copytree(STARTER_FOLDERS[Role.DENOISER], denoiser)
    weights = denoiser / "unet" / "diffusion_pytorch_model.safetensors"
    damage(weights)
    scene = write_scene(tmp_path)
    scene.write_text(scene.read_text() + "models: {denoiser: denoiser}\n")
    for verb in ("check", "render"):
        words = refused(verb, scene, cwd=tmp_path)
        assert words.startswith(f"{scene}:8:20: models.denoiser: {weights}: ")
    assert not frames(tmp_path / "renders" / "scene")


@pytest.mark.slow
def test_damaged_weights_do_not_touch_what_is_finished(tmp_path: Path) -> None:
    scene, denoiser = write_scene(tmp_path, frames=2), tmp_path / "denoiser"
    shutil.copytree(STARTER_FOLDERS[Role.DENOISER], denoiser)
    scene.write_text(scene.read_text() + "models: {denoiser: denoiser}\n")
    assert run("render", scene, cwd=tmp_path).returncode == 0
    finished = frames(tmp_path / "renders" / "scene")
    weights = denoiser / "unet" / "diffusion_pytorch_model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    words = refused("render", scene, cwd=tmp_path)
    assert "frame 0 would change: " in words
    assert "denoiser unet/diffusion_pytorch_model.safetensors" in words
    assert frames(tmp_path / "renders" / "scene") == finished


@pytest.mark.slow
def test_a_bug_leaves_a_log(tmp_path: Path) -> None:
    """A broken installation stands for a bug: an import that fails inside a command."""
    (tmp_path / "rich").mkdir()
    (tmp_path / "rich" / "__init__.py").write_text("raise RuntimeError('broken')")
    os.symlink(ROOT / "scenes", tmp_path / "scenes")
    done = run("render", write_scene(tmp_path), cwd=tmp_path)
    assert done.returncode == 3
    assert "RuntimeError: broken" in done.stderr
    log = Path(done.stderr.rsplit("with the file ", 1)[1].strip())
    assert "RuntimeError: broken" in log.read_text()
    log.unlink()

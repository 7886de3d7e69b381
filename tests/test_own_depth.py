"""Depth of an author's choice, from the command line to its frames: blends and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.command_line import frames, run, write_scene
from tests.pipeline.networks.tiny import save_depth


def rendered(folder: Path, scene: str, *options: str) -> Mapping[str, bytes]:
    done = run("render", f"{scene}.yaml", *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    return frames(folder / "renders" / scene)


def scene(folder: Path, name: str, *, models: str = "", depth: str = "") -> None:
    camera = f"translate_x: 20{depth and f', depth: {depth}'}"
    path = write_scene(folder, f"{name}.yaml", frames=3, camera=camera)
    path.write_text(f"{models}{path.read_text()}")


@pytest.mark.slow
def test_another_weight_is_another_video(tmp_path: Path) -> None:
    save_depth(tmp_path / "mine")
    blend = "models: {{depth: [starter, {{name: mine, weight: {}}}]}}\n"
    scene(tmp_path, "scene", models=blend.format(1))
    before = rendered(tmp_path, "scene")
    scene(tmp_path, "scene", models=blend.format(9))
    done = run("render", "scene.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "the share of depth mine was 0.5, is now 0.9" in done.stderr
    after = rendered(tmp_path, "scene", "--update")
    # Frame 0 moves through nothing.
    assert [after[name] == before[name] for name in before] == [True, False, False]


@pytest.mark.slow
def test_an_edited_picture_makes_the_frames_after_it_stale(tmp_path: Path) -> None:
    (tmp_path / "depth").mkdir()
    levels = np.tile(np.linspace(0, 65535, 32).astype(np.uint16), (32, 1))
    for frame in range(2):
        cv2.imwrite(str(tmp_path / "depth" / f"{frame}.png"), levels)
    scene(tmp_path, "scene", depth="depth")
    before = rendered(tmp_path, "scene")
    cv2.imwrite(str(tmp_path / "depth" / "1.png"), levels[:, ::-1])
    done = run("render", "scene.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "frame 2 would change: the picture of camera.depth changed;" in done.stderr
    after = rendered(tmp_path, "scene", "--update")
    assert [after[name] == before[name] for name in before] == [True, True, False]

"""What a plan will render, in a few words and numbers."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.plan.describe import MovingNumber, Summary, describe
from pipeline.plan.make import make_plan
from pipeline.plan.prompt_spans import PromptSpan
from pipeline.scene.load import load_scene
from tests.pipeline.plan.planned import BASE, EARLIER, EARLIER_NAMES, plan

SCENE = """\
video: {size: [96, 64], duration: 2s, fps: 12, title: Glide}
prompts: {0s: a castle, 1s: the sea, blend: 0.25s}
camera: {zoom: {0: 9, 1: 1, 11: 2}, translate_x: 3, roll: -frame}
sampler: {steps: 10, skip_steps: {first: 2, then: 40%}, cross_fade: open}
guidance: {cfg_scale: {0: 1, 11f: 1, 12f: 2}, init_hold: 0.5, detail_hold: 0.5}
"""


def test_summary(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(SCENE, encoding="utf-8")
    assert describe(make_plan(load_scene(path))) == Summary(
        title="Glide",
        steps=10,
        painted=24,
        moved=0,
        # Two frames of the cross-fade show two prompts, and the network sees them with each.
        passes=(6, 6 * 3),
        total_passes=8 + 11 * 6 + 10 * 12 + 2 * 18,
        afresh_passes=11 + 10 * 2 + 2 * 3,
        clip="",
        depth="starter",
        prompts=(
            PromptSpan(0, 12, ("a castle",), (1.0,)),
            PromptSpan(13, 14, ("a castle", "the sea"), None),
            PromptSpan(15, 23, ("the sea",), (1.0,)),
        ),
        moving=(
            MovingNumber("camera.roll", -23.0, -1.0),
            MovingNumber("camera.zoom", 1.0, 2.0),
            MovingNumber("guidance.cfg_scale", 1.0, 2.0),
        ),
    )


def test_work_and_course_of_what_changes_over_the_denoising(tmp_path: Path) -> None:
    """The prompt is weighed against none from half of the denoising on; nothing moves by that."""
    path = tmp_path / "scene.yaml"
    text = SCENE.replace("cfg_scale: {0: 1, 11f: 1, 12f: 2}", "cfg_scale: [1 for 50%, 3]")
    path.write_text(text, encoding="utf-8")
    summary = describe(make_plan(load_scene(path)))
    # Of ten steps the first five; six are left of them. Two prompts are weighed throughout.
    assert summary.passes == (6 + 5, 6 * 3)
    assert [number.name for number in summary.moving] == ["camera.roll", "camera.zoom"]


@pytest.mark.parametrize(("denoiser", "passes"), [("starter", 12), ("pixelartdiffusion4k", 6)])
def test_a_denoiser_that_reads_no_prompt_is_asked_once_a_step(
    tmp_path: Path, denoiser: str, passes: int
) -> None:
    """The starter preset's `cfg_scale`, which the author did not write, is not weighed there."""
    path = tmp_path / "scene.yaml"
    text = SCENE.replace("cfg_scale: {0: 1, 11f: 1, 12f: 2}, ", "").replace("96", "128")
    path.write_text(text + f"models: {{denoiser: {denoiser}}}\n", encoding="utf-8")
    assert describe(make_plan(load_scene(path))).passes[0] == passes


@pytest.mark.parametrize(
    ("sampler", "fewest", "total", "afresh"),
    [
        ("name: heun", 11, 15 + 11 * 11 + 10 * 22 + 2 * 33, (11 + 10 * 2 + 2 * 3) * 2),
        ("name: plms", 7, 9 + 11 * 7 + 10 * 14 + 2 * 21, (11 + 10 * 2 + 2 * 3) * 2),
        ("name: unipc, spacing: karras", 6, 8 + 11 * 6 + 10 * 12 + 2 * 18, 11 + 10 * 2 + 2 * 3),
    ],
)
def test_samplers_ask_as_often_as_they_do(
    tmp_path: Path, sampler: str, fewest: int, total: int, afresh: int
) -> None:
    """Heun's sampler twice a step but the last one; PLMS once more at the beginning."""
    path = tmp_path / "scene.yaml"
    path.write_text(SCENE.replace("{steps", f"{{{sampler}, steps"), encoding="utf-8")
    summary = describe(make_plan(load_scene(path)))
    assert (summary.passes[0], summary.total_passes) == (fewest, total)
    assert summary.afresh_passes == afresh


def test_a_spacing_has_as_many_timesteps_as_steps(tmp_path: Path) -> None:
    """What changes over the denoising does so at shares of the steps, not of the training."""
    text = SCENE.replace("cfg_scale: {0: 1, 11f: 1, 12f: 2}", "cfg_scale: [1 for 45%, 3]")
    path = tmp_path / "scene.yaml"
    path.write_text(text.replace("{steps", "{spacing: karras, steps"), encoding="utf-8")
    # The fifth of ten steps, of which six are left, begins at 40%.
    assert describe(make_plan(load_scene(path))).passes == (6 + 5, 6 * 3)


def depth_of(folder: Path, models: str = "", camera: str = "") -> str:
    text = f"video: {{size: [64, 64], duration: 4}}\nprompts: a castle\n{models}\n{camera}\n"
    (folder / "scene.yaml").write_text(text, encoding="utf-8")
    return describe(make_plan(load_scene(folder / "scene.yaml"))).depth


def test_depth_is_told_with_its_shares(tmp_path: Path) -> None:
    blend = "models: {depth: [dpt_large, {name: starter, weight: 0.5}]}"
    assert depth_of(tmp_path, blend) == "0.667 dpt_large + 0.333 starter"
    assert depth_of(tmp_path, "models: {depth: dpt_large}") == "dpt_large"
    assert depth_of(tmp_path, blend, "camera: {mode: 2d}") == ""


def test_given_depth_is_told_by_its_files(tmp_path: Path) -> None:
    for frame in range(3):
        grey = np.zeros((4, 4), np.uint8)
        cv2.imwrite(str(tmp_path / f"{frame:04d}.png"), grey)
    first = f"{tmp_path.resolve()}/0000.png"
    assert depth_of(tmp_path, camera="camera: {depth: .}") == f"{first} to 0002.png"
    assert depth_of(tmp_path, camera="camera: {depth: 0000.png}") == first


def test_what_is_kept_and_painted_afresh_moves(tmp_path: Path) -> None:
    moving = describe(plan(tmp_path, EARLIER)).moving
    assert {number.name for number in moving} == EARLIER_NAMES
    assert MovingNumber("guidance.discover", 0.1, 0.5) in moving
    assert MovingNumber("guidance.keep_sharpness", 0.2, 1.0) in moving


def test_numbers_that_say_how_pictures_stay_are_told_where_they_move(tmp_path: Path) -> None:
    written = (
        "sampler: {noise: warped, fresh_noise: {0: 0.1, 8: 0.5}}\n"
        "guidance: {repaint: {holes: 1, stretch: {0: 0.5, 8: 0}}, discover: {0: 0.2, 8: 1}, "
        "keep_sharpness: 0.5}\n"
    )
    moving = {one.name for one in describe(plan(tmp_path, BASE + written)).moving}
    assert moving >= {"sampler.fresh_noise", "guidance.repaint.stretch", "guidance.discover"}
    assert not moving & {"guidance.repaint.holes", "guidance.keep_sharpness"}

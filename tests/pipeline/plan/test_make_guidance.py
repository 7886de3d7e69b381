"""The guidance of every frame, and how it changes where prompts fade."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plan.planned import BASE, init_scales, plan
from tests.pipeline.scene_files import write_picture

FADING = "prompts: {0: a tree, 8: a castle, blend: 8}\n"
FADING_BASE = "video: {size: [64, 64], fps: 24, duration: 48}\n" + FADING


def test_in_the_middle_of_a_fade_of_prompts_frames_have_settings_of_their_own(
    tmp_path: Path,
) -> None:
    sampler = "sampler: {steps: 20, skip_steps: {then: 50%, fade: 2}, cross_fade: open}\n"
    guidance = "guidance: {init_hold: {then: 0.8, fade: 0}, detail_hold: {then: 0.8, fade: 0}, "
    guidance += "init_scale: {then: 9}}\n"
    made = plan(tmp_path, FADING_BASE + sampler + guidance)
    skips = [spec.painting.sampler.skip_steps for spec in made]
    assert skips[6:18] == [10, 10, 10, 8, 6, 4, 2, 2, 2, 2, 2, 10]
    for name in ("init_hold", "detail_hold"):
        held = [getattr(spec.painting.guidance, name).values[0] for spec in made]
        assert held[8:18] == pytest.approx([0.8, 0.6, 0.4, 0.2, 0, 0, 0, 0, 0, 0.8])
    assert {spec.painting.guidance.init_scale for spec in made.frames[1:]} == {
        StepSchedule.constant(9)
    }


def test_a_fade_lies_between_schedules_over_the_denoising(tmp_path: Path) -> None:
    guidance = "guidance: {init_hold: {then: [0.8 for 50%, 0.4], fade: {0%: 0.4, 75%: 0}}}\n"
    made = plan(tmp_path, FADING_BASE + "sampler: {cross_fade: open}\n" + guidance)
    assert made[12].painting.guidance.init_hold.steps == ((0, 0.4), (0.5, 0.4), (0.75, 0))
    assert made[8].painting.guidance.init_hold.steps == ((0, 0.8), (0.5, 0.4))


def test_guidance(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        BASE + "guidance:\n"
        "  cfg_scale: 3\n  clip_guidance_scale: 100 * t\n  tv_scale: 1\n  range_scale: 2\n"
        "  sat_scale: 4\n  clamp_max: 0.1\n  cutn_batches: {0: 1, 3: 4}\n"
        "  cut_overview: 6\n  cut_innercut: {0.5: 3, 0: 1}\n  cut_ic_pow: 2\n  cut_icgray_p: 0.5\n",
    )
    guidance = made[6].painting.guidance
    assert guidance.cfg_scale == StepSchedule.constant(3)
    assert guidance.clip_guidance_scale.values == (pytest.approx(50),)
    assert (guidance.tv_scale, guidance.range_scale) == (
        StepSchedule.constant(1),
        StepSchedule.constant(2),
    )
    assert (guidance.sat_scale, guidance.clamp_max) == (
        StepSchedule.constant(4),
        StepSchedule.constant(0.1),
    )
    assert [spec.painting.guidance.cutn_batches for spec in made][:5] == [1, 2, 3, 4, 4]
    assert guidance.cut_overview == StepSchedule.constant(6.0)
    assert guidance.cut_innercut.steps == ((0.0, 1.0), (0.5, 3.0))
    assert guidance.cut_ic_pow == StepSchedule.constant(2.0)
    assert guidance.cut_icgray_p == StepSchedule.constant(0.5)


def test_the_init_scale_of_the_first_frame_and_of_the_others(tmp_path: Path) -> None:
    write_picture(tmp_path / "start.png")
    start = "sampler: {init_image: start.png}\n"
    both = BASE + "guidance: {init_scale: {first: 1000, then: {0f: 0, 2f: 20}}}\n"
    off, first = StepSchedule.constant(0), StepSchedule.constant(1000)
    assert init_scales(tmp_path, BASE + start) == [off, off, off]
    assert init_scales(tmp_path, both + start) == [
        first,
        StepSchedule.constant(10),
        StepSchedule.constant(20),
    ]
    # There is nothing to keep to where a frame starts from noise.
    assert init_scales(tmp_path, both) == [
        off,
        StepSchedule.constant(10),
        StepSchedule.constant(20),
    ]
    one = BASE + start + "guidance: {init_scale: [5 for 50%, 0]}\n"
    assert init_scales(tmp_path, one) == [StepSchedule(((0.0, 5.0), (0.5, 0.0)))] * 3


def test_the_perceptual_distance_is_named_where_there_is_one(tmp_path: Path) -> None:
    """So that LPIPS need not be pulled for frames that keep to nothing."""
    made = plan(tmp_path, BASE + "guidance: {init_scale: 5, perceptual: lpips}\n")
    assert [spec.painting.guidance.perceptual for spec in made][:2] == ["pyramid", "lpips"]


def test_the_rest_of_guidance(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        BASE + "guidance:\n"
        "  gradient: none\n  skip_augs: true\n  fuzzy_prompt: {0: 1, 3: 25}\n"
        "  rand_mag: 0.1 * frame\n",
    )
    guidance = made[2].painting.guidance
    assert (guidance.gradient, guidance.skip_augs) == ("none", True)
    assert (guidance.fuzzy_prompt, guidance.rand_mag) == (17, pytest.approx(0.2))

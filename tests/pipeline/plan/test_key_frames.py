"""Key frames: the render's own first frames, and stills of later prompts."""

from __future__ import annotations

from pathlib import Path

from pipeline.plan.crossing import key_picture
from pipeline.plan.key_frames import key_plan
from tests.pipeline.plan.planned import VIDEO, plan

SCENE = """\
camera: {mode: 3d, translate_z: 4, memory: shot}
sampler: {cross_fade: open, skip_steps: {first: 0, then: 50%}, perlin_init: color}
guidance: {init_hold: 0.5, init_scale: 10, repaint: auto, hold_memory: forever}
prompts: {0: a castle, 20: a ship, blend: 4}
output: {display_rate: 2, intermediate_saves: 2}
"""


def test_the_first_frame_is_that_of_the_render_itself(tmp_path: Path) -> None:
    whole = plan(tmp_path, VIDEO + "prompts: a castle\n")
    (key,) = key_plan(whole)
    assert key == whole[0]


def test_a_later_one_starts_from_nothing_with_its_own_number_and_settings(tmp_path: Path) -> None:
    whole = plan(tmp_path, VIDEO + SCENE)
    _, key = key_plan(whole)
    own = whole[key.frame].painting
    assert key.frame == 24 and [one.text for one in key.painting.prompts] == ["a ship"]
    assert (key.inputs, key.motions, key.seed) == ((), (), whole[24].seed)
    assert key.painting.sampler.skip_steps == 0 < own.sampler.skip_steps
    assert key.painting.guidance.init_hold.is_zero and not own.guidance.init_hold.is_zero
    assert key.painting.guidance.init_scale.is_zero
    assert key.painting.guidance.cfg_scale == own.guidance.cfg_scale
    assert (key.display_rate, key.intermediate_saves) == (0, ())


def test_it_is_a_plan_of_stills_without_shots(tmp_path: Path) -> None:
    text = "shots:\n- {name: sea, until: 4, prompts: a ship}\n- {name: land, prompts: a tree}\n"
    keys = key_plan(plan(tmp_path, VIDEO + text))
    assert [spec.id for spec in keys] == [(0, "sea"), (0, "land")]
    assert keys.output.stills and not keys.shots


def test_a_cross_fade_that_leads_to_a_picture_has_that_for_its_key(tmp_path: Path) -> None:
    fade = "sampler: {cross_fade: key}\nprompts: {0: a castle, 20: a ship, blend: 4}\n"
    whole = plan(tmp_path, VIDEO + fade)
    _, key = key_plan(whole)
    crossing = whole[24].painting.crossing
    assert crossing is not None and crossing.share == 1
    assert key == key_picture(whole[crossing.since], crossing)
    assert key.frame == crossing.since and not key.inputs

"""What an edit changed, as the author of the scene would say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from keyframes.prompts import Prompt
from pipeline.spec.author_words import (
    CROSSING,
    FORGETS,
    LEARNS,
    LED,
    LENS_BEFORE,
    MASK_HEARS,
    NOISE_ALONE,
    NOISE_SINCE,
    PASSED,
    TURNING,
)
from pipeline.spec.camera import CameraMotion
from pipeline.spec.changes import change, settings_of
from pipeline.spec.denoise import EncoderSpec, SymmetrySpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.keeping import ColourSpec, KeepSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plans import frame_spec, moved, painted
from tests.pipeline.scene_files import load

Change = Callable[[FrameSpec], FrameSpec]

SPEC = frame_spec(1)
STARTER = EncoderSpec("starter")
HEAD = "video: {size: [64, 64], duration: 2}\nprompts: fog\n"


def motion(**values: float) -> Change:
    return lambda spec: moved(spec, **values)


def painting(**values: object) -> Change:
    return lambda spec: painted(spec, **values)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (motion(zoom=1.0), motion(zoom=1.03), "camera.zoom was 1, is now 1.03"),
        (
            motion(translate_z=4.0),
            motion(translate_z=9.5),
            "camera.translate_z was 4, is now 9.5",
        ),
        (
            motion(roll=0.1 + 0.2),
            motion(roll=1.0),
            "camera.roll was 0.3, is now 1",
        ),
        (motion(zoom=1.0), motion(zoom=1.0 + 1e-9), "camera.zoom changed"),
        (
            painting(clip_denoised=False),
            painting(clip_denoised=True),
            "sampler.clip_denoised was false, is now true",
        ),
        (
            painting(dynamic_threshold=None),
            painting(dynamic_threshold=0.9),
            "sampler.dynamic_threshold was none, is now 0.9",
        ),
        (
            painting(symmetry=SymmetrySpec()),
            painting(symmetry=SymmetrySpec(horizontal=(0.5,))),
            "sampler.symmetry was none, is now {horizontal: [0.5]}",
        ),
        (
            painting(cut_overview=StepSchedule.constant(12.0)),
            painting(cut_overview=StepSchedule(((0.0, 12.0), (0.4, 4.0)))),
            "guidance.cut_overview was 12, is now {0%: 12, 40%: 4}",
        ),
        (
            painting(prompts=(Prompt("a castle"),)),
            painting(
                prompts=(
                    Prompt("a castle", 0.5),
                    Prompt("fog", 0.5),
                )
            ),
            'prompts was ["a castle"], '
            'is now [{text: "a castle", weight: 0.5}, {text: "fog", weight: 0.5}]',
        ),
        (
            painting(prompts=(Prompt("a castle"),)),
            painting(prompts=(Prompt("a " * 50 + "castle"),)),
            "prompts changed",
        ),
        (
            painting(encoders=(STARTER,)),
            painting(encoders=(STARTER, EncoderSpec("RN50/openai", 1.0, 0.25, 1.0))),
            'models.encoders was ["starter"], is now ["starter", '
            '{name: "RN50/openai", from: 0.25}]',
        ),
    ],
)
def test_a_change_in_the_words_of_a_scene(before: Change, after: Change, words: str) -> None:
    assert change(before(SPEC), after(SPEC)) == words


@pytest.mark.parametrize("one", [each.name for each in fields(CameraMotion)])
def test_every_motion_is_called_as_in_a_scene(one: str) -> None:
    words = f"camera.{one} was 3, is now 4"
    assert change(moved(SPEC, **{one: 3.0}), moved(SPEC, **{one: 4.0})) == words


def test_every_setting_of_a_spec_has_a_place_in_a_scene(tmp_path: Path) -> None:
    scene = load(tmp_path, HEAD + "guidance: {keep_colour: first}\n")
    full = painted(SPEC, keep=KeepSpec(follow=0.5, colour=ColourSpec(0.5)))
    own = {"frame", "shot", "the frame that it grows from", "networks"}
    own |= {"the picture that its shot ends on"}
    own |= {CROSSING, FORGETS, LED, LENS_BEFORE, MASK_HEARS, NOISE_ALONE, NOISE_SINCE, PASSED}
    own |= {LEARNS, TURNING}
    shown = {"display_rate", "intermediate_saves"}
    for name in settings_of(full) - own:
        section, _, setting = name.partition(".")
        home = scene.output if section in shown else getattr(scene, section)
        setting, _, part = setting.partition(".")
        assert not setting or hasattr(home, setting), f"no scene has {name}"
        assert not part or hasattr(getattr(home, setting), part), f"no scene has {name}"


def test_a_frame_that_an_earlier_release_started_from_another_is_told_why_it_does_not_now() -> None:
    old = painted(SPEC, skip_steps=0)
    assert change(old, replace(old, inputs=(), motions=())) == (
        "sampler.skip_steps is 0, and a frame that skips no step starts from noise alone now"
    )
    skipping = painted(old, skip_steps=5)
    edited = change(skipping, replace(old, inputs=(), motions=()))
    assert "noise alone" not in edited and edited


def test_a_frame_like_before_has_no_change() -> None:
    assert change(SPEC, SPEC) == ""


def test_another_frame_that_it_grows_from_is_told() -> None:
    other = replace(frame_spec(3), frame=1)
    assert change(SPEC, other) == "the frame that it grows from was 0, is now 2"


def test_what_is_switched_off_is_told_if_there_is_nothing_else() -> None:
    idle = painted(SPEC, rand_mag=0.5)
    assert change(SPEC, idle) == "guidance.rand_mag was 0.11, is now 0.5"
    both = painted(idle, tv_scale=StepSchedule.constant(3.0))
    assert change(painted(SPEC), both) == "guidance.tv_scale was 0, is now 3"


def test_what_wakes_others_up_is_told_before_them() -> None:
    """Without any pull towards prompts nobody asks for them."""
    off = StepSchedule.constant(0.0)
    unread = painted(SPEC, cfg_scale=off, clip_guidance_scale=off)
    assert change(unread, painted(unread, cfg_scale=StepSchedule.constant(2.0))) == (
        "guidance.cfg_scale was 0, is now 2"
    )


def test_a_prompt_that_is_a_picture_is_told_as_one() -> None:
    picture = painted(SPEC, prompts=(Prompt("a picture", 0.5, image=True), Prompt("fog", 0.5)))
    assert change(painted(SPEC, prompts=(Prompt("fog"),)), picture) == (
        'prompts was ["fog"], is now [{image: a picture, weight: 0.5}, {text: "fog", weight: 0.5}]'
    )

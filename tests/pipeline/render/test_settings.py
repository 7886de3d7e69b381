"""Every setting of a frame reaches its pixels: none is read, checked and then forgotten."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from keyframes.prompts import Prompt
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.render.camera_step import move
from pipeline.render.frame import render_frame
from pipeline.spec.adapters import ControlSpec, LoraSpec
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.denoise import Denoise, EncoderSpec, GuidanceSpec, SamplerSpec, SymmetrySpec
from pipeline.spec.frame import FrameSpec, PictureFile
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plans import moved, painted, picture
from tests.pipeline.toy_networks import HEIGHT, OTHER_GUIDANCE, WIDTH, toy_networks, toy_plan

SAVED = picture(0, WIDTH, HEIGHT)

SETTINGS: dict[type, dict[str, object]] = {
    FrameSpec: {"frame": 2, "shot": "city", "seed": 8, "inputs": (), "motions": ()},
    Denoise: {
        "prompts": (Prompt("blue", 1.0),),
        "encoders": (EncoderSpec("starter", 0.1),),
        "loras": (LoraSpec("ink.safetensors", 0.5),),
        "controls": (ControlSpec("lines", "canny", 0.5),),
    },
    CameraSpec: {
        "mode": "2d",
        "fov": 70.0,
        "projection": "disco",
        "padding": "zeros",
        "sampling": "nearest",
        "taken": 50.0,
    },
    CameraMotion: {
        "translate_x": 0.0,
        "translate_y": 9.0,
        "translate_z": 0.0,
        "rotate_x": 9.0,
        "rotate_y": -9.0,
        "roll": 20.0,
        "zoom": 1.3,
    },
    SamplerSpec: {
        "steps": 9,
        "skip_steps": 4,
        "from_noise": True,
        "eta": 0.0,
        "noise_period": 5,
        "fresh_noise": 0.5,
        "symmetry": SymmetrySpec(vertical=(0.5,)),
        "clip_denoised": True,
        "dynamic_threshold": 0.7,
        "spacing": "karras",
    },
    GuidanceSpec: {**OTHER_GUIDANCE, "recurrence": StepSchedule.constant(2)},
}
ELSEWHERE = {
    FrameSpec: {
        *("size", "camera", "denoise", "networks", "shares", "display_rate"),
        *("intermediate_saves", "renewal", "between", "carry"),
    },
    Denoise: {"sampler", "guidance", "keep", "crossing"},
    CameraSpec: {"depth", "memory", "led"},
    SamplerSpec: {"name", "noise_since", "perlin_init", "seamless"},
    GuidanceSpec: {"repaint", "discover"},
}
"""Settings with a test of their own, sections, and the sampler's name, of which there is one."""


@pytest.mark.parametrize("section", SETTINGS)
def test_every_setting_is_changed_below(section: type) -> None:
    names = {setting.name for setting in fields(section)}
    assert SETTINGS[section].keys() == names - ELSEWHERE.get(section, set())


@pytest.mark.parametrize(
    ("section", "name"), [(section, name) for section in SETTINGS for name in SETTINGS[section]]
)
def test_every_setting_reaches_the_picture(section: type, name: str) -> None:
    spec = toy_plan(2)[1]
    changed = _changed(spec, section, {name: SETTINGS[section][name]})
    one, other = (
        render_frame(each, [SAVED] if each.inputs else [], toy_networks(), lambda step: None)[0]
        for each in (spec, changed)
    )
    assert not np.array_equal(one, other)


def _changed(spec: FrameSpec, section: type, change: dict[str, object]) -> FrameSpec:
    if section is CameraMotion:
        return moved(spec, **change)
    if section is FrameSpec:
        return replace(spec, **change)
    if section is CameraSpec:
        return replace(spec, camera=replace(spec.camera, **change))
    return painted(spec, **change)


def test_a_frame_that_is_not_painted_is_its_moved_input() -> None:
    spec = replace(toy_plan(2)[1], denoise=None)
    pixels, _ = render_frame(spec, [SAVED], toy_networks(), pytest.fail)
    seen = move(to_tensor(SAVED), spec.motions, spec.camera, toy_networks().depth)
    assert np.array_equal(pixels, to_pixels(seen))


def test_a_frame_takes_as_many_inputs_as_its_spec_has() -> None:
    for inputs in ([], [SAVED, SAVED]):
        with pytest.raises(ValueError, match=r"^frame 1 is given \d inputs, of 1 with 1 shares$"):
            render_frame(toy_plan(2)[1], inputs, toy_networks(), pytest.fail)


def test_several_inputs_are_mixed_and_the_first_of_them_moves() -> None:
    spec = replace(toy_plan(2)[1], denoise=None)
    other = picture(1, WIDTH, HEIGHT)
    both = replace(spec, inputs=(*spec.inputs, PictureFile("/end.png")), shares=(0.75, 0.25))
    moved, _ = render_frame(spec, [SAVED], toy_networks(), pytest.fail)
    mixed, _ = render_frame(both, [SAVED, other], toy_networks(), pytest.fail)
    assert np.abs(mixed - (0.75 * moved + 0.25 * other)).max() <= 1.0

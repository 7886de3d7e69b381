"""Every setting of a frame reaches its pixels: none is read, checked and then forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import numpy as np
import pytest

from keyframes.prompts import Prompt
from pipeline.render.loop import render_frame
from pipeline.run.run import Run
from pipeline.spec.frame import (
    CameraSpec,
    EncoderSpec,
    FrameSpec,
    GuidanceSpec,
    SamplerSpec,
    SymmetrySpec,
)
from tests.pipeline.plans import picture
from tests.pipeline.toy_models import (
    HEIGHT,
    OTHER_GUIDANCE,
    WIDTH,
    embeddings,
    toy_models,
    toy_plan,
)


@pytest.fixture(scope="module")
def one_frame_done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A run whose frame 1 may grow from frame 0."""
    plan = toy_plan(2)
    with Run.open(tmp_path_factory.mktemp("run"), plan, {}) as run:
        run.save(plan[0], picture(0, WIDTH, HEIGHT), 0.0)
        yield run


SETTINGS: dict[type, dict[str, object]] = {
    FrameSpec: {
        "frame": 2,
        "shot": "city",
        "seed": 8,
        "previous": None,
        "prompts": (Prompt("blue", 1.0),),
        "encoders": (EncoderSpec("starter", 0.1, 0.0, 1.0),),
    },
    CameraSpec: {
        "mode": "2d",
        "translation": (0.0, 0.0, 0.0),
        "rotation": (0.0, 0.0, 0.0),
        "zoom": 1.3,
        "fov": 70.0,
        "projection": "disco",
        "padding": "zeros",
        "sampling": "nearest",
    },
    SamplerSpec: {
        "steps": 9,
        "skip_steps": 4,
        "eta": 0.0,
        "noise_period": 5,
        "symmetry": SymmetrySpec(vertical=(0.5,)),
        "clip_denoised": True,
        "dynamic_threshold": 0.7,
    },
    GuidanceSpec: OTHER_GUIDANCE,
}
ELSEWHERE = {
    FrameSpec: {"picture", "camera", "sampler", "guidance", "display_rate", "intermediate_saves"},
    CameraSpec: {"depth"},
    SamplerSpec: {"name", "init_image", "perlin_init"},
}
"""Settings with a test of their own, sections, and the sampler's name, of which there is one."""


@pytest.mark.parametrize("section", SETTINGS)
def test_every_setting_is_changed_below(section: type) -> None:
    names = {setting.name for setting in fields(section)}
    assert SETTINGS[section].keys() == names - ELSEWHERE.get(section, set())


@pytest.mark.parametrize(
    ("section", "name"), [(section, name) for section in SETTINGS for name in SETTINGS[section]]
)
def test_every_setting_reaches_the_picture(one_frame_done: Run, section: type, name: str) -> None:
    spec = toy_plan(2)[1]
    changed = _changed(spec, section, {name: SETTINGS[section][name]})
    one, other = (
        render_frame(each, one_frame_done, toy_models(), embeddings()) for each in (spec, changed)
    )
    assert not np.array_equal(one, other)


def _changed(spec: FrameSpec, section: type, change: dict[str, object]) -> FrameSpec:
    if section is FrameSpec:
        return replace(spec, **change)
    name = {CameraSpec: "camera", SamplerSpec: "sampler", GuidanceSpec: "guidance"}[section]
    return replace(spec, **{name: replace(getattr(spec, name), **change)})

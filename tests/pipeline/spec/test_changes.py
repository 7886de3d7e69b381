"""What an edit changed, as the author of the scene would say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from keyframes.prompts import Prompt
from pipeline.spec.changes import change
from pipeline.spec.frame import EncoderSpec, FrameSpec, SymmetrySpec
from tests.pipeline.plans import chain_plan

SPEC = replace(
    chain_plan(2)[1],
    prompts=(Prompt("a castle"),),
    encoders=(EncoderSpec("starter", 1.0, 0.0, 1.0),),
)


def camera(**values: object) -> Callable[[FrameSpec], FrameSpec]:
    return lambda spec: replace(spec, camera=replace(spec.camera, **values))  # type: ignore[arg-type]


def sampler(**values: object) -> Callable[[FrameSpec], FrameSpec]:
    return lambda spec: replace(spec, sampler=replace(spec.sampler, **values))  # type: ignore[arg-type]


def guidance(**values: object) -> Callable[[FrameSpec], FrameSpec]:
    return lambda spec: replace(spec, guidance=replace(spec.guidance, **values))  # type: ignore[arg-type]


def encoders(*now: EncoderSpec) -> Callable[[FrameSpec], FrameSpec]:
    return lambda spec: replace(spec, encoders=now)


def prompts(*now: Prompt) -> Callable[[FrameSpec], FrameSpec]:
    return lambda spec: replace(spec, prompts=now)


STARTER = EncoderSpec("starter", 1.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (camera(zoom=1.0), camera(zoom=1.03), "camera.zoom was 1, is now 1.03"),
        (
            camera(translation=(0.0, 0.0, 4.0)),
            camera(translation=(0.0, 0.0, 9.5)),
            "camera.translate_z was 4, is now 9.5",
        ),
        (
            camera(rotation=(0.0, 0.0, 0.1 + 0.2)),
            camera(rotation=(0.0, 0.0, 1.0)),
            "camera.roll was 0.3, is now 1",
        ),
        (camera(zoom=1.0), camera(zoom=1.0 + 1e-9), "camera.zoom changed"),
        (
            sampler(clip_denoised=False),
            sampler(clip_denoised=True),
            "sampler.clip_denoised was false, is now true",
        ),
        (
            sampler(dynamic_threshold=None),
            sampler(dynamic_threshold=0.9),
            "sampler.dynamic_threshold was none, is now 0.9",
        ),
        (
            sampler(symmetry=SymmetrySpec()),
            sampler(symmetry=SymmetrySpec(horizontal=(0.5,))),
            "sampler.symmetry was {horizontal: [], vertical: []}, "
            "is now {horizontal: [0.5], vertical: []}",
        ),
        (
            guidance(cut_overview=((0.0, 12.0),)),
            guidance(cut_overview=((0.0, 12.0), (0.4, 4.0))),
            "guidance.cut_overview was 12, is now {0%: 12, 40%: 4}",
        ),
        (
            prompts(Prompt("a castle")),
            prompts(Prompt("a castle", 0.5), Prompt("fog", 0.5)),
            'prompts was ["a castle"], '
            'is now [{text: "a castle", weight: 0.5}, {text: "fog", weight: 0.5}]',
        ),
        (prompts(Prompt("a castle")), prompts(Prompt("a " * 50 + "castle")), "prompts changed"),
        (
            encoders(STARTER),
            encoders(STARTER, EncoderSpec("RN50/openai", 1.0, 0.25, 1.0)),
            'models.encoders was ["starter"], is now ["starter", '
            '{name: "RN50/openai", from: 0.25}]',
        ),
    ],
)
def test_a_change_in_the_words_of_a_scene(
    before: Callable[[FrameSpec], FrameSpec],
    after: Callable[[FrameSpec], FrameSpec],
    words: str,
) -> None:
    assert change(before(SPEC).to_json(), after(SPEC).to_json()) == words


def test_a_frame_like_before_has_no_change() -> None:
    assert change(SPEC.to_json(), SPEC.to_json()) == ""


def test_a_setting_that_one_side_has_not() -> None:
    """As in a journal of another release."""
    old, new = {"sampler": {"eta": 0.5}}, {"sampler": {"eta": 0.5, "hold": 2}}
    assert change(old, new) == "sampler.hold was none, is now 2"
    assert change(new, old) == "sampler.hold was 2, is now none"

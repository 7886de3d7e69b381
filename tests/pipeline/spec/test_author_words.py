"""What is kept and painted afresh, under the names that a scene has for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import exp
from typing import Any

import pytest

from pipeline.spec.changes import change
from pipeline.spec.frame import FrameSpec
from pipeline.spec.keeping import ColourSpec, KeepSpec
from pipeline.spec.repaint import MaskFormula, MaskPicture, RepaintSpec
from tests.pipeline.plans import frame_spec, painted

Change = Callable[[FrameSpec], FrameSpec]

SPEC = frame_spec(1)


def painting(**values: Any) -> Change:
    return lambda spec: painted(spec, **values)


def keeping(**values: Any) -> Change:
    return painting(keep=KeepSpec(**values))


def afresh(**values: Any) -> Change:
    return painting(repaint=RepaintSpec(**values))


def masked(text: str, **heard: float) -> Change:
    return afresh(mask=MaskFormula(text, tuple(heard.items())))


def colours(*values: Any, **others: Any) -> Change:
    return keeping(colour=ColourSpec(*values, **others))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (afresh(holes=1.0), afresh(), "guidance.repaint.holes was 1, is now 0"),
        (afresh(everywhere=0.3), afresh(), "guidance.repaint.prompts was 0.3, is now 0"),
        (
            afresh(mask=MaskPicture("a picture")),
            masked("y < 0.5"),
            'guidance.repaint.mask was a picture, is now "y < 0.5"',
        ),
        (
            masked("x * beat", beat=1.0),
            afresh(),
            'guidance.repaint.mask was "x * beat", is now none',
        ),
        (
            masked("x * beat", beat=1.0),
            masked("x * beat", beat=1.5),
            "what the formula of guidance.repaint.mask hears was {beat: 1}, is now {beat: 1.5}",
        ),
        (keeping(follow=0.0), keeping(), 'guidance.hold_memory was "forever", is now 0'),
        (keeping(follow=1 - exp(-1 / 12)), keeping(), "guidance.hold_memory was 12, is now 0"),
        (colours(1.0), keeping(), 'guidance.keep_colour was "first", is now none'),
        (colours(1.0, follow=0.2), keeping(), "guidance.keep_colour was 5, is now none"),
        (
            colours(1.0, file="a picture"),
            colours(1.0),
            'guidance.keep_colour was a picture, is now "first"',
        ),
        (colours(1.0), colours(0.5), "guidance.keep_colour.share was 1, is now 0.5"),
        (
            colours(1.0),
            colours(1.0, "mean"),
            'guidance.keep_colour.by was "covariance", is now "mean"',
        ),
        (keeping(sharpness=0.5), keeping(), "guidance.keep_sharpness was 0.5, is now none"),
        (keeping(), keeping(let_go=0.5), "how far its prompts turn was 0, is now 0.5"),
        (
            keeping(),
            keeping(afresh=1.0),
            "how much of what is kept gives way where new things come into sight was 0, is now 1",
        ),
        (
            painting(fresh_noise=0.2),
            painting(noise_period=9),
            'sampler.noise was "warped", is now "not warped"',
        ),
        (
            painting(fresh_noise=0.2),
            painting(fresh_noise=0.3),
            "sampler.fresh_noise was 0.2, is now 0.3",
        ),
    ],
)
def test_what_a_spec_has_in_other_numbers(before: Change, after: Change, words: str) -> None:
    assert change(before(SPEC), after(SPEC)) == words


def test_a_repaint_comes_before_the_edges_that_it_changes() -> None:
    old = replace(SPEC, camera=replace(SPEC.camera, padding="wrap"))
    new = afresh(holes=1.0)(replace(SPEC, camera=replace(SPEC.camera, padding="border")))
    assert change(old, new) == "guidance.repaint.holes was 0, is now 1"

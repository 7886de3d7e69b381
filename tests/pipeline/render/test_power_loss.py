"""The power goes in the middle of the real loop, which then goes on to the same bytes."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipeline.render.loop import render
from pipeline.spec.frame import FrameSpec
from pipeline.spec.keeping import KEEPS_NOTHING, ColourSpec, KeepSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.endangered import Program, Say, nothing, silent
from tests.pipeline.plans import painted
from tests.pipeline.power_loss import explore, recorded
from tests.pipeline.render.rendered import open_run, with_each
from tests.pipeline.runs import contents
from tests.pipeline.toy_networks import NO_GUIDANCE, toy_networks, toy_plan

KEEP = KeepSpec(follow=0.1, colour=ColourSpec(0.5, follow=0.25), sharpness=0.5, let_go=0.1)
HELD = replace(NO_GUIDANCE, init_hold=StepSchedule.constant(0.8))


def with_memory(spec: FrameSpec) -> FrameSpec:
    """The frame with something of every kind to save."""
    spec = painted(spec, guidance=HELD, keep=KEEP if spec.grows else KEEPS_NOTHING)
    return replace(spec, intermediate_saves=(2,), display_rate=2)


PLAN = with_each(toy_plan(3), with_memory)


def work(out: Path, say: Say) -> None:
    """A render by networks in closed form."""
    with open_run(out, PLAN) as run:
        for frame in render(PLAN, run, {"main": toy_networks()}):
            say(f"frame {frame.spec.frame}")


def made(out: Path) -> Mapping[str, bytes]:
    """All that belongs to the frames."""
    folders = ("frames/", "memory/", "intermediate/")
    return {path: data for path, data in contents(out).items() if path.startswith(folders)}


@cache
def undisturbed() -> Mapping[str, bytes]:
    """What a render in one go makes."""
    with TemporaryDirectory() as folder:
        work(Path(folder) / "out", silent)
        return made(Path(folder) / "out")


def check(out: Path, promised: Collection[str]) -> None:
    """The same render goes on."""
    with open_run(out, PLAN) as run:
        missing = {f"frame {spec.frame}" for spec in run.missing(PLAN)}
    assert not missing & {*promised}
    work(out, silent)
    assert made(out) == undisturbed()


@pytest.mark.slow
def test_the_loop_goes_on_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    program = Program("loop", nothing, work, check)
    found = recorded(program, tmp_path / "undisturbed")
    assert explore(program, found, tmp_path, every=8) > 300
    assert sum("memory" in path for path in undisturbed()) > 1

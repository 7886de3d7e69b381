"""Which frames of a render can be rendered again to see whether the same comes out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import RunError
from pipeline.run.editing import accept, editing
from pipeline.run.redoing import redo
from pipeline.run.sampling import Sample, sample
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Plan
from tests.pipeline.plans import NETWORKS, chain_plan, picture, with_zoom
from tests.pipeline.runs import contents, render

PLAN = chain_plan(9)


def sampled(out: Path, count: int, plan: Plan = PLAN) -> Sample:
    return sample(out, plan, NETWORKS, count)


def numbers(found: Sample) -> list[int]:
    return [spec.frame for spec in found.specs]


@pytest.mark.parametrize(
    ("count", "frames"),
    [(1, [0]), (2, [0, 8]), (3, [0, 4, 8]), (9, [*range(9)]), (50, [*range(9)])],
)
def test_frames_are_spread_from_the_first_to_the_last(
    tmp_path: Path, count: int, frames: list[int]
) -> None:
    render(tmp_path, PLAN)
    before = contents(tmp_path)
    found = sampled(tmp_path, count)
    assert (numbers(found), found.of) == (frames, 9)
    assert np.array_equal(found.saved.pixels(FrameId(4)), picture(4))
    assert contents(tmp_path) == before


def test_damaged_frames_and_those_that_grow_from_them_are_left_out(tmp_path: Path) -> None:
    render(tmp_path, PLAN)
    (tmp_path / "frames" / "000003.png").write_bytes(b"")
    assert numbers(sampled(tmp_path, 9)) == [0, 1, 2, 5, 6, 7, 8]


def test_frames_that_the_scene_changes_or_a_person_keeps_are_left_out(tmp_path: Path) -> None:
    edited = with_zoom(PLAN, 6, 1.1)
    render(tmp_path, PLAN)
    assert numbers(sampled(tmp_path, 9, edited)) == [0, 1, 2, 3, 4, 5]
    with editing(tmp_path, edited, NETWORKS) as held:
        accept(held, {FrameId(6)}, "fine")
    assert numbers(sampled(tmp_path, 9, edited)) == [0, 1, 2, 3, 4, 5, 7, 8]
    others = replace(PLAN, frames=tuple(replace(spec, seed=99) for spec in PLAN))
    with pytest.raises(RunError, match=r"no finished frame in .* is what the scene makes now"):
        sampled(tmp_path, 9, others)


def test_a_redone_frame_is_compared_with_its_own_seed(tmp_path: Path) -> None:
    render(tmp_path, PLAN)
    with editing(tmp_path, PLAN, NETWORKS) as held:
        redo(held, PLAN, FrameId(5), 70)
    render(tmp_path, PLAN)
    assert [spec.seed for spec in sampled(tmp_path, 9).specs] == [7] * 5 + [70] + [7] * 3

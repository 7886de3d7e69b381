"""Footage: the finished frames of a run, for its video."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.run.footage import read_footage
from pipeline.run.run import Run
from pipeline.spec.between import Between
from pipeline.spec.frame import SavedFrame
from pipeline.spec.plan import Plan
from tests.pipeline.plans import HEIGHT, NETWORKS, WIDTH, chain_plan, with_frame
from tests.pipeline.runs import missing, render


def test_footage_is_what_a_video_needs(tmp_path: Path) -> None:
    plan = chain_plan(3)
    render(tmp_path, plan, frames=[0, 1])
    footage = read_footage(tmp_path)
    assert footage.frames == tuple(tmp_path / "frames" / f"{n:06d}.png" for n in range(2))
    assert (footage.fps, footage.title) == (Fraction(30000, 1001), "pulse")
    assert (footage.size, footage.planned, footage.output) == ((WIDTH, HEIGHT), 3, plan.output)
    assert re.fullmatch("[0-9a-f]{64}", footage.digest)
    with Run.open(tmp_path, plan, NETWORKS) as run:
        assert run.footage(plan) == footage


@pytest.mark.parametrize("frame", [1, 3])
def test_footage_with_a_gap_is_refused(tmp_path: Path, frame: int) -> None:
    render(tmp_path, chain_plan(4))
    (tmp_path / "frames" / f"{frame:06d}.png").write_bytes(b"x")
    with pytest.raises(RunError) as caught:
        read_footage(tmp_path)
    assert str(caught.value) == (
        f"frame {frame} in {tmp_path} is missing or damaged (1 of 4 are); "
        "render the scene again: it fills such gaps"
    )


def with_others_between(count: int) -> Plan:
    """A plan of which each third frame is painted."""
    plan = chain_plan(count)
    for spec in plan:
        last, following = spec.frame // 3 * 3, -(-spec.frame // 3) * 3
        if spec.frame == last:
            grown = replace(spec, inputs=(SavedFrame(last - 3),)) if last else spec
            plan = with_frame(plan, grown)
        else:
            inputs = SavedFrame(last), SavedFrame(following)
            between = replace(spec, inputs=inputs, denoise=None, between=Between(0.5))
            plan = with_frame(plan, between)
    return plan


@pytest.mark.parametrize(
    ("saved", "shown"), [([0, 3], 1), ([0, 3, 1], 2), ([0, 3, 1, 2], 4), ([0, 3, 1, 2, 6, 4], 5)]
)
def test_a_painted_frame_that_is_there_before_those_between_waits_for_them(
    tmp_path: Path, saved: list[int], shown: int
) -> None:
    assert render(tmp_path, with_others_between(7), saved) == saved
    assert len(read_footage(tmp_path).shown) == shown


def test_footage_without_a_frame_is_refused(tmp_path: Path) -> None:
    missing(tmp_path, chain_plan(1))
    with pytest.raises(RunError, match=r"holds no finished frame yet; render its scene first$"):
        read_footage(tmp_path)


def test_footage_of_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        read_footage(tmp_path / "nowhere")
    assert str(caught.value) == (
        f"{tmp_path}/nowhere is not a render of discoreel: it has no run.json; "
        "name the folder of a render, as renders/night is that of night.yaml"
    )

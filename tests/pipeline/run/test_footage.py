"""Footage: the finished frames of a run, for its video."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.run.footage import read_footage
from pipeline.run.run import Run
from tests.pipeline.plans import HEIGHT, NETWORKS, WIDTH, chain_plan
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

"""Footage: the finished frames of a run, for its video."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.run.directory import RunDirectory
from pipeline.run.footage import footage_of, read_footage
from pipeline.run.manifest import manifest_of
from pipeline.run.run import Run
from tests.pipeline.plans import HEIGHT, NETWORKS, WIDTH, chain_plan, with_others_between
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


@pytest.mark.parametrize(
    ("saved", "shown"), [([0, 3], 1), ([0, 3, 1], 2), ([0, 3, 1, 2], 4), ([0, 3, 1, 2, 6, 4], 5)]
)
def test_a_painted_frame_that_is_there_before_those_between_waits_for_them(
    tmp_path: Path, saved: list[int], shown: int
) -> None:
    assert render(tmp_path, with_others_between(7), saved) == saved
    assert len(read_footage(tmp_path).shown) == shown


def test_so_do_thousands_that_each_stand_alone(tmp_path: Path) -> None:
    """As an edit that was interrupted may leave a long render: only what is between is stale."""
    plan = with_others_between(6001)
    painted = {spec.id for spec in plan if spec.between is None}
    manifest = manifest_of(plan, dict.fromkeys((spec.id for spec in plan), ""))
    footage = footage_of(RunDirectory(tmp_path), manifest, painted, painted)
    assert len(footage.shown) == 1


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

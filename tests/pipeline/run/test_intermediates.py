"""Pictures of the steps of frames: kept beside them, found again, moved aside with them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from pipeline.files.png import decode_png
from pipeline.run.run import Run
from pipeline.run.takes import restore
from pipeline.spec.plan import Plan
from tests.pipeline.plans import NETWORKS, chain_plan, picture, with_zoom
from tests.pipeline.runs import contents, missing, render, set_aside


def keep_step(out: Path, plan: Plan, frame: int, step: int, look: int = 0) -> None:
    with Run.open(out, plan, NETWORKS, replace_stale=True) as run:
        run.save_intermediate(plan[frame], step, picture(frame + look))


def test_pictures_of_steps_lie_beside_the_frames(tmp_path: Path) -> None:
    keep_step(tmp_path, chain_plan(2), frame=1, step=40)
    keep_step(tmp_path, chain_plan(2), frame=1, step=250)
    names = ["intermediate/000001/step-040.png", "intermediate/000001/step-250.png"]
    assert [name for name in sorted(contents(tmp_path)) if "step" in name] == names
    assert np.array_equal(decode_png((tmp_path / names[0]).read_bytes()), picture(1))


def test_pictures_of_steps_are_on_the_disk_before_the_frame_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are never made again once it does."""
    synced: list[int] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    plan = chain_plan(1)
    with Run.open(tmp_path, plan, NETWORKS) as run:
        monkeypatch.setattr(os, "fsync", noted)
        run.save_intermediate(plan[0], 40, picture(1))
        (step,) = (tmp_path / "intermediate").rglob("*.png")
        assert {step.stat().st_ino, step.parent.stat().st_ino} <= set(synced)
        run.save(plan[0], picture(0), seconds=0.5)


def test_a_frame_that_is_rendered_again_finds_the_pictures_of_its_steps(tmp_path: Path) -> None:
    """An interrupted frame begins anew, and its steps come out as they did."""
    keep_step(tmp_path, chain_plan(2), frame=1, step=40)
    before = contents(tmp_path / "intermediate")
    keep_step(tmp_path, chain_plan(2), frame=1, step=40)
    assert contents(tmp_path / "intermediate") == before
    assert not (tmp_path / "takes").exists()


def test_another_picture_of_a_step_overwrites_nothing(tmp_path: Path) -> None:
    """As after an edit of the scene, when the frame was still in work."""
    keep_step(tmp_path, chain_plan(2), frame=1, step=40)
    keep_step(tmp_path, chain_plan(2), frame=1, step=80)
    old = contents(tmp_path / "intermediate")
    keep_step(tmp_path, chain_plan(2), frame=1, step=40, look=9)
    assert contents(set_aside(tmp_path) / "intermediate") == old
    (new,) = contents(tmp_path / "intermediate").values()
    assert np.array_equal(decode_png(new), picture(10))


def test_frames_that_no_longer_hold_take_the_pictures_of_their_steps_along(tmp_path: Path) -> None:
    plan = chain_plan(3)
    for frame in range(3):
        keep_step(tmp_path, plan, frame, step=40)
    render(tmp_path, plan)
    old = contents(tmp_path / "intermediate")
    assert missing(tmp_path, with_zoom(plan, 1, 1.5), replace_stale=True) == [1, 2]
    assert list(contents(tmp_path / "intermediate")) == ["000000/step-040.png"]
    moved = contents(set_aside(tmp_path) / "intermediate")
    assert moved == {name: data for name, data in old.items() if not name.startswith("000000")}


def test_half_a_picture_of_a_step_is_removed(tmp_path: Path) -> None:
    keep_step(tmp_path, chain_plan(1), frame=0, step=40)
    (tmp_path / "intermediate" / "000000" / ".step-080.part.png").write_bytes(b"half")
    assert missing(tmp_path, chain_plan(1)) == [0]
    assert list(contents(tmp_path / "intermediate")) == ["000000/step-040.png"]


def test_half_a_picture_of_a_step_is_not_put_aside(tmp_path: Path) -> None:
    plan = chain_plan(2)
    keep_step(tmp_path, plan, frame=1, step=40)
    half = tmp_path / "intermediate" / "000001" / ".step-080.part.png"
    half.write_bytes(b"half")
    render(tmp_path, plan)
    half.write_bytes(b"half")
    assert missing(tmp_path, with_zoom(plan, 1, 1.5), replace_stale=True) == [1]
    assert list(contents(set_aside(tmp_path) / "intermediate")) == ["000001/step-040.png"]
    half.parent.mkdir()
    half.write_bytes(b"half")
    restore(tmp_path, 1)
    assert not list(tmp_path.rglob("*.part.*"))

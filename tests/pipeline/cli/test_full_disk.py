"""A disk without room in the middle of a render: how much it lacks."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.cli.disk_room import bytes_in_words
from pipeline.cli.full_disk import room_told
from pipeline.errors import RunError
from pipeline.run.disk_use import rough_use
from pipeline.run.run import Run
from pipeline.spec.plan import Plan
from tests.pipeline.plans import NETWORKS, chain_plan, picture

PLAN = chain_plan(10)


def usage(folder: Path) -> SimpleNamespace:
    return SimpleNamespace(free=12_345)


def full(path: Path, data: bytes, *, durable: bool = True) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fill_up(folder: Path, plan: Plan, count: int) -> str:
    """Save `count` frames, and then meet a full disk: what is said."""
    with Run.open(folder, plan, NETWORKS) as run:
        for spec in plan.frames[:count]:
            run.save(spec, picture(spec.frame), seconds=1.0)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(shutil, "disk_usage", usage)
            patch.setattr("pipeline.run.saving.write_atomically", full)
            with pytest.raises(RunError) as caught, room_told(folder, plan, run):
                run.save(plan[count], picture(count), seconds=1.0)
    return str(caught.value)


def test_the_rest_of_the_render_is_measured_by_its_frames(tmp_path: Path) -> None:
    words = fill_up(tmp_path, PLAN, 4)
    each = sum(path.stat().st_size for path in tmp_path.glob("frames/*.png")) // 4
    left = round(6 * each + rough_use(PLAN).videos + rough_use(PLAN).enlarged)
    assert words == (
        f"cannot write {tmp_path}/frames/000004.png: No space left on device; make room on the "
        "disk; the same command continues. A frame takes some "
        f"{bytes_in_words(each)} with what it leaves for the next, and what is left, 6 frames and "
        f"the results, some {bytes_in_words(left)}; 12 kB are free on the disk"
    )


def test_before_the_first_frame_it_is_known_roughly(tmp_path: Path) -> None:
    words = fill_up(tmp_path, PLAN, 0)
    total = round(rough_use(PLAN).total)
    assert f"what is left, 10 frames and the results, some {bytes_in_words(total)}; 12 kB" in words


def test_a_disk_that_cannot_be_measured_is_told_roughly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("pipeline.cli.full_disk.measured_use", broken)
    with Run.open(tmp_path, PLAN, NETWORKS) as run:
        monkeypatch.setattr(shutil, "disk_usage", broken)
        monkeypatch.setattr("pipeline.run.saving.write_atomically", full)
        with pytest.raises(RunError) as caught, room_told(tmp_path, PLAN, run):
            run.save(PLAN[0], picture(0), seconds=1.0)
    assert "what is left, 10 frames and the results, some" in str(caught.value)
    assert "free on the disk" not in str(caught.value)


def test_other_errors_stay_as_they_are(tmp_path: Path) -> None:
    refusal = RunError("another render holds this")
    with (
        Run.open(tmp_path, PLAN, NETWORKS) as run,
        pytest.raises(RunError) as caught,
        room_told(tmp_path, PLAN, run),
    ):
        raise refusal
    assert caught.value is refusal

"""Clocks that are put back or forward: they are shown, and nothing is decided by them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.run.directory import RunDirectory
from pipeline.run.footage import read_footage
from pipeline.run.holder import holder_of
from pipeline.run.pace import kind_of, pace_of
from pipeline.run.run import Run
from pipeline.run.status import read_status
from pipeline.run.takes import read_takes, restore
from pipeline.run.verify import verify
from pipeline.spec.frame import FrameId
from tests.pipeline.plans import NETWORKS, chain_plan, picture, with_zoom
from tests.pipeline.runs import contents, missing, render

PLAN = chain_plan(6)
AGES = [-(400 * 24 * 3600.0), 400 * 24 * 3600.0]


def save(out: Path, seconds: list[float]) -> None:
    with Run.open(out, PLAN, NETWORKS) as run:
        for spec, taken in zip(PLAN, seconds, strict=False):
            run.save(spec, picture(spec.frame), taken)


def test_times_that_are_none_tell_no_pace(tmp_path: Path) -> None:
    save(tmp_path, [9.0, -30.0, 2.0, 0.0, 2.0])
    journal = RunDirectory(tmp_path).journal
    lines = journal.read_bytes().replace(b'"seconds":0.0', b'"seconds":1e999')
    journal.write_bytes(lines)
    status = read_status(tmp_path)
    assert (status.saved, status.seconds, status.seconds_left) == (5, 2.0, 2.0)
    kind = kind_of(PLAN[0], NETWORKS["main"])
    assert kind is not None
    pace = pace_of(tmp_path, kind, lambda specs: [1] * len(specs))
    assert pace is not None and (pace.a_pass, pace.frames) == (2.0, 2)
    assert missing(tmp_path, PLAN) == [5]


def test_a_render_without_one_time_tells_none(tmp_path: Path) -> None:
    save(tmp_path, [-1.0, 0.0, -2.0])
    assert read_status(tmp_path).seconds is None
    kind = kind_of(PLAN[0], NETWORKS["main"])
    assert kind is not None
    assert pace_of(tmp_path, kind, lambda specs: [1] * len(specs)) is None
    with pytest.raises(RunError, match=r"of 3 finished frames in \S+ no longer hold"):
        missing(tmp_path, with_zoom(PLAN, 1, 1.5))


@pytest.mark.parametrize("age", AGES, ids=["next year", "last year"])
def test_files_of_another_year_are_what_they_were(tmp_path: Path, age: float) -> None:
    render(tmp_path, PLAN)
    missing(tmp_path, with_zoom(PLAN, 3, 1.5), replace_stale=True)
    for path in tmp_path.rglob("*"):
        then = path.stat().st_mtime - age
        os.utime(path, (then, then))
    before = contents(tmp_path)
    assert (read_status(tmp_path).saved, verify(tmp_path).whole) == (3, 3)
    assert len(read_footage(tmp_path).frames) == 3
    assert missing(tmp_path, with_zoom(PLAN, 3, 1.5)) == [3, 4, 5]
    assert contents(tmp_path) == before


@pytest.mark.parametrize("made", ["2222-02-02T02:02:02+00:00", "9999-12-31T23:59:59-23:59", "?"])
def test_a_take_of_another_time_is_numbered_and_put_back_as_any(tmp_path: Path, made: str) -> None:
    render(tmp_path, PLAN)
    missing(tmp_path, with_zoom(PLAN, 3, 1.5), replace_stale=True)
    statement = tmp_path / "takes" / "001" / "take.json"
    statement.write_text(json.dumps({"made": made, "reason": "an edit"}))
    render(tmp_path, with_zoom(PLAN, 3, 1.5))
    missing(tmp_path, with_zoom(PLAN, 3, 1.7), replace_stale=True)
    assert [(one.number, one.made == made) for one in read_takes(tmp_path)] == [
        (1, True),
        (2, False),
    ]
    back, _ = restore(tmp_path, 1)
    assert back == (FrameId(3), FrameId(4), FrameId(5))
    assert missing(tmp_path, PLAN) == []


@pytest.mark.parametrize("age", AGES, ids=["next year", "last year"])
def test_a_lock_of_another_year_is_held_or_free_as_any(tmp_path: Path, age: float) -> None:
    with Run.open(tmp_path, PLAN, NETWORKS):
        for path in (tmp_path / ".holder", tmp_path / ".lock.alive"):
            then = path.stat().st_mtime - age
            os.utime(path, (then, then))
        holder = holder_of(RunDirectory(tmp_path))
        assert holder is not None and holder.alive is not False
        with pytest.raises(RunError, match="another render holds"):
            missing(tmp_path, PLAN)
    assert missing(tmp_path, PLAN) == [0, 1, 2, 3, 4, 5]

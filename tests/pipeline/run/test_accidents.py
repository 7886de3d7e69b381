"""Damage, crashes and full disks: nothing is lost whatever happens."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import RunError
from pipeline.files.png import decode_png
from pipeline.files.png_chunks import without_note
from pipeline.run.directory import RunDirectory
from pipeline.run.run import Run
from pipeline.run.takes import read_takes, whole_records
from pipeline.spec.frame import FrameId
from tests.pipeline.plans import NETWORKS, chain_plan, picture, with_zoom
from tests.pipeline.runs import contents, missing, render, set_aside


def test_a_damaged_frame_is_kept_aside_and_rendered_again(tmp_path: Path) -> None:
    plan = chain_plan(4)
    render(tmp_path, plan)
    frame = tmp_path / "frames" / "000002.png"
    data = bytearray(frame.read_bytes())
    data[len(data) // 2] ^= 1
    frame.write_bytes(data)
    with Run.open(tmp_path, plan, NETWORKS) as run:
        assert run.damaged == (FrameId(2),)
        assert [spec.frame for spec in run.missing(plan)] == [2]
        assert run.set_aside == set_aside(tmp_path)
        run.save(plan[2], picture(2), 0.5)
    assert (set_aside(tmp_path) / "frames" / "000002.png").read_bytes() == data
    assert missing(tmp_path, plan) == []


def test_a_deleted_frame_is_rendered_again(tmp_path: Path) -> None:
    plan = chain_plan(3)
    render(tmp_path, plan)
    (tmp_path / "frames" / "000001.png").unlink()
    with Run.open(tmp_path, plan, NETWORKS) as run:
        assert (run.damaged, run.set_aside) == ((FrameId(1),), None)
        assert [spec.frame for spec in run.missing(plan)] == [1]
    assert not (tmp_path / "takes").exists()


def test_a_picture_without_a_journal_line_is_moved_aside(tmp_path: Path) -> None:
    plan = chain_plan(2)
    render(tmp_path, plan, frames=[0])
    (tmp_path / "frames" / "000001.png").write_bytes(b"somebody's")
    assert missing(tmp_path, plan) == [1]
    assert (set_aside(tmp_path) / "frames" / "000001.png").read_bytes() == b"somebody's"


class Killed(BaseException):
    """Stands for the end of the process at this call."""


@contextmanager
def dying_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process ends at this call of those that settle a file, and cleans nothing up."""
    calls = count()

    def dying(call: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object) -> object:
            if next(calls) >= step:
                raise Killed
            return call(*arguments)

        return run

    with monkeypatch.context() as patch:
        for name in ("fsync", "replace", "truncate"):
            patch.setattr(os, name, dying(getattr(os, name)))
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        yield


@pytest.mark.parametrize("step", range(8))
def test_a_process_killed_at_any_step_of_a_save_costs_that_frame_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    plan = chain_plan(3)
    render(tmp_path, plan, frames=[0])
    with Run.open(tmp_path, plan, NETWORKS) as run, dying_at(step, monkeypatch):
        try:
            run.save(plan[1], picture(1), 0.5)
        except Killed:
            finished = False
        else:
            finished = True
    assert finished == (step >= 6), "a folder's name, fsync, replace, name, journal, its name"
    left = missing(tmp_path, plan)
    assert left in ([1, 2], [2])
    assert left == [2] or not finished
    assert render(tmp_path, plan) == left
    assert sorted(path.name for path in (tmp_path / "frames").iterdir()) == [
        "000000.png",
        "000001.png",
        "000002.png",
    ]
    for frame in range(3):
        saved = decode_png((tmp_path / "frames" / f"{frame:06d}.png").read_bytes())
        np.testing.assert_array_equal(saved, picture(frame))


@pytest.mark.parametrize("step", range(11))
def test_a_frame_whose_picture_is_on_the_disk_survives_a_kill_before_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    plan = chain_plan(2)
    with Run.open(tmp_path, plan, NETWORKS) as run, dying_at(step, monkeypatch), suppress(Killed):
        run.save(plan[0], picture(0), 0.5, {"noise": np.arange(9.0)})
    is_there = (tmp_path / "frames" / "000000.png").exists()
    assert missing(tmp_path, plan) == ([1] if is_there else [0, 1])
    assert is_there == (step > 7), "two folders, memory and its name, picture"
    assert not (tmp_path / "takes").exists()


@pytest.mark.parametrize("step", range(8))
def test_a_process_killed_while_it_moves_frames_aside_loses_none_and_fills_one_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    render(tmp_path, chain_plan(4))
    old = {path.read_bytes() for path in (tmp_path / "frames").iterdir()}
    edited, renames, rename = with_zoom(chain_plan(4), 1, 1.5), 0, os.replace

    def dying(*arguments: Path) -> None:
        nonlocal renames
        renames += 1
        if renames > step:
            raise Killed
        rename(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", dying)
        try:
            Run.open(tmp_path, edited, NETWORKS, replace_stale=True).close()
        except Killed:
            assert step < 7
        else:
            assert step == 7, "take.json, its journal, three pictures, journal, run.json"
    assert missing(tmp_path, edited, replace_stale=True) == [1, 2, 3]
    assert {path.read_bytes() for path in tmp_path.rglob("0*.png")} == old
    (take,) = read_takes(tmp_path)
    assert [one.frame for one in take.frames] == [1, 2, 3]
    assert [one.id for one in whole_records(RunDirectory(take.folder))] == list(take.frames)
    assert take.reason == "camera.zoom was 1.02, is now 1.5"
    assert [path.name for path in (tmp_path / "takes").iterdir()] == ["001"]


def test_a_scene_that_is_taken_back_after_a_kill_fills_the_take_that_was_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    render(tmp_path, chain_plan(4))
    old, rename, edited = contents(tmp_path / "frames"), os.replace, with_zoom(chain_plan(4), 1, 2)

    def dying(path: Path, target: Path) -> None:
        if Path(path).name == "000002.png":
            raise Killed
        rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", dying)
        with pytest.raises(Killed):
            Run.open(tmp_path, edited, NETWORKS, replace_stale=True)
    assert missing(tmp_path, chain_plan(4)) == [1], "frame 1 had moved already"
    assert contents(set_aside(tmp_path) / "frames") == {"000001.png": old["000001.png"]}
    render(tmp_path, chain_plan(4), look=100)
    assert missing(tmp_path, edited, replace_stale=True) == [1, 2, 3]
    assert [len(take.frames) for take in read_takes(tmp_path)] == [1, 3]


def test_a_torn_journal_costs_nothing_or_a_frame_that_carries_nothing(tmp_path: Path) -> None:
    plan = chain_plan(3)
    render(tmp_path, plan)
    journal, last = tmp_path / "journal.jsonl", tmp_path / "frames" / "000002.png"
    journal.write_bytes(journal.read_bytes()[:-20])
    assert missing(tmp_path, plan) == []
    journal.write_bytes(journal.read_bytes()[:-20])
    old = without_note(last.read_bytes())
    last.write_bytes(old)
    assert missing(tmp_path, plan) == [2]
    assert (set_aside(tmp_path) / "frames" / "000002.png").read_bytes() == old


def test_a_full_disk_is_told_in_words_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = chain_plan(1)

    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with Run.open(tmp_path, plan, NETWORKS) as run:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", refuse)
            with pytest.raises(RunError) as caught:
                run.save(plan[0], picture(0), 0.5)
        assert str(caught.value) == (
            f"cannot write {tmp_path}/frames/000000.png: No space left on device; "
            "make room on the disk; the same command continues"
        )
        assert list((tmp_path / "frames").iterdir()) == []
        run.save(plan[0], picture(0), 0.5)
    assert missing(tmp_path, plan) == []


def test_what_a_killed_render_left_half_written_is_removed(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(2))
    (tmp_path / "frames" / ".000001.part.png").write_bytes(b"half")
    (tmp_path / "frames" / ".somebody.png").write_bytes(b"theirs")
    assert missing(tmp_path, chain_plan(2)) == []
    names = sorted(path.name for path in (tmp_path / "frames").iterdir())
    assert names == [".somebody.png", "000000.png", "000001.png"]

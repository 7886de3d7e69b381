"""The model of a disk whose power is cut, on programs of a few lines."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash_states import State, crash_states, lay_out, seen, volume_of
from tests.recorded import recording

OLD, NEW = b"an old text", b"a new and longer text"


def states_of(tmp_path: Path, work: Callable[[Path], None]) -> set[State]:
    """What the disk may hold at the end of a program, and no sooner, beside an old file."""
    folder = tmp_path / "disk"
    folder.mkdir()
    (folder / "old").write_bytes(OLD)
    with recording(folder, volume_of(folder)) as recorder:
        work(folder)
    assert seen(recorder.volume) == seen(volume_of(folder))
    return set(recorder.volume.states())


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def only(**files: bytes | None) -> State:
    return frozenset(files.items())


def test_what_is_not_synced_is_there_or_lost_or_torn(tmp_path: Path) -> None:
    found = states_of(tmp_path, lambda folder: (folder / "new").write_bytes(NEW) and None)
    half = NEW[: len(NEW) // 2]
    lost = [only(old=OLD), only(old=OLD, new=b"")]
    assert found == {*lost, *(only(old=OLD, new=one) for one in (NEW, bytes(len(NEW)), half))}


def test_bytes_and_name_of_a_file_are_synced_apart(tmp_path: Path) -> None:
    def work(folder: Path) -> None:
        (folder / "new").write_bytes(NEW)
        sync(folder / "new")

    assert states_of(tmp_path, work) == {only(old=OLD), only(old=OLD, new=NEW)}


def test_synced_names_are_there(tmp_path: Path) -> None:
    def work(folder: Path) -> None:
        (folder / "new").write_bytes(NEW)
        sync(folder / "new")
        os.unlink(folder / "old")
        sync(folder)

    assert states_of(tmp_path, work) == {only(new=NEW)}


def test_a_rename_may_come_before_the_bytes(tmp_path: Path) -> None:
    def work(folder: Path) -> None:
        (folder / "part").write_bytes(NEW)
        os.replace(folder / "part", folder / "old")
        sync(folder)

    zeros, half = bytes(len(NEW)), NEW[: len(NEW) // 2]
    assert states_of(tmp_path, work) == {only(old=one) for one in (NEW, b"", zeros, half)}


def test_a_longer_file_keeps_what_was_synced(tmp_path: Path) -> None:
    def work(folder: Path) -> None:
        with (folder / "old").open("ab") as file:
            file.write(b"++++")

    ends = (b"++++", b"", bytes(4), b"++")
    expected = {only(old=OLD + end) for end in ends[:3]}
    torn = (OLD + b"++++")[: (2 * len(OLD) + 4) // 2]
    assert states_of(tmp_path, work) == expected | {only(old=torn)}


def test_a_move_to_another_folder_loses_nothing_and_may_be_in_both(tmp_path: Path) -> None:
    def work(folder: Path) -> None:
        (folder / "in").mkdir()
        sync(folder)
        os.replace(folder / "old", folder / "in" / "old")

    there, still = ("in/old", OLD), ("old", OLD)
    empty: tuple[str, None] = ("in", None)
    assert states_of(tmp_path, work) == {
        frozenset({empty, still}),
        frozenset({empty, still, there}),
        frozenset({empty, there}),
    }


def test_what_lies_in_a_folder_without_a_name_is_lost(tmp_path: Path) -> None:
    def work(folder: Path) -> None:
        (folder / "in").mkdir()
        (folder / "in" / "new").write_bytes(NEW)
        sync(folder / "in" / "new")
        sync(folder / "in")

    kept = frozenset({("old", OLD), ("in", None), ("in/new", NEW)})
    assert states_of(tmp_path, work) == {only(old=OLD), kept}


def test_other_programs_and_removed_trees_are_seen(tmp_path: Path) -> None:
    def work(folder: Path) -> None:
        (folder / "in").mkdir()
        os.system(f"printf other > '{folder}/in/made'")
        os.replace(folder / "in", folder / "out")
        shutil.rmtree(folder / "out")
        sync(folder)

    assert states_of(tmp_path, work) == {only(old=OLD)}


def test_promises_go_with_all_that_the_disk_may_hold_from_then_on(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    start = volume_of(folder)
    with recording(folder, start) as recorder:
        (folder / "new").write_bytes(NEW)
        recorder.promise("it is there")
        sync(folder / "new")
        sync(folder)
    found = crash_states(start, recorder.trace)
    assert found[only(new=NEW)] == {"it is there"}
    assert found[frozenset()] == {"it is there"}, "a promise that came too soon"
    before = crash_states(start, recorder.trace[:2])
    assert set(before.values()) == {frozenset()}


def test_states_are_laid_out(tmp_path: Path) -> None:
    state = frozenset({("in", None), ("in/new", NEW), ("empty", None)})
    lay_out(state, tmp_path / "disk")
    assert seen(volume_of(tmp_path / "disk")) == state


def test_nothing_may_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="leave"):
        states_of(tmp_path, lambda folder: os.replace(folder / "old", tmp_path / "old"))

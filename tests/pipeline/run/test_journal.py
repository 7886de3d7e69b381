"""The journal: what survives a crash at any byte, and what is refused."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.files.atomic import settle
from pipeline.run.journal import FrameRecord, Journal
from pipeline.spec.fingerprints import Fingerprint
from pipeline.spec.frame import FrameId
from tests.faults import NEVER, Disk, failing
from tests.recorded import safe_after


def record(frame: int, digest: str = "a" * 64) -> FrameRecord:
    return FrameRecord(
        frame=frame,
        recipe=4,
        digest=digest,
        sha256="b" * 64,
        seconds=0.1 + 0.2,
        spec={"camera": {"zoom": 1.02}, "prompts": [{"text": "Nebel über\nWasser"}]},
        fingerprints=(Fingerprint("denoiser", "", "weights", "c" * 64),),
    )


def journal_of(path: Path, count: int) -> Journal:
    journal = Journal(path)
    for frame in range(count):
        journal.append(record(frame))
    return journal


def test_what_was_appended_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    written = journal_of(path, 3)
    assert path.read_bytes().count(b"\n") == 3
    assert Journal(path).records == written.records == {FrameId(f): record(f) for f in range(3)}


def test_a_journal_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert Journal(tmp_path / "journal.jsonl").records == {}
    assert list(tmp_path.iterdir()) == []


def test_a_later_line_replaces_an_earlier_one(tmp_path: Path) -> None:
    journal = journal_of(tmp_path / "journal.jsonl", 2)
    journal.append(record(0, "d" * 64))
    assert Journal(journal.path).records == {FrameId(0): record(0, "d" * 64), FrameId(1): record(1)}


def test_a_last_line_torn_at_any_byte_is_dropped_and_then_repaired(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal_of(path, 2)
    whole = path.read_bytes()
    second = whole.index(b"\n") + 1
    for length in range(second, len(whole)):
        path.write_bytes(whole[:length])
        journal = Journal(path)
        assert journal.records == {FrameId(0): record(0)}
        assert path.read_bytes() == whole[:length], "reading changes nothing"
        journal.append(record(1))
        assert path.read_bytes() == whole


def test_a_last_line_of_wrong_bytes_is_dropped_too(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal_of(path, 1)
    good = path.read_bytes()
    path.write_bytes(good + b"\0" * 40 + b"\n")
    journal = Journal(path)
    assert journal.records == {FrameId(0): record(0)}
    journal.append(record(1))
    assert Journal(path).records == {FrameId(0): record(0), FrameId(1): record(1)}


def with_line(path: Path, line: bytes) -> None:
    """A journal of two frames with another line between theirs."""
    journal_of(path, 2)
    first, second, _ = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([first, line, second, b""]))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b'{"frame": true}', "no record of a frame: 'spec'"),
        (b'{"recipe": 4, "frame": true}', "digest: the field is missing"),
    ],
)
def test_a_line_that_a_newer_release_may_have_written_is_refused(
    tmp_path: Path, line: bytes, found: str
) -> None:
    path = tmp_path / "journal.jsonl"
    with_line(path, line)
    with pytest.raises(RunError) as caught:
        Journal(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:2: expected the JSON record of a frame, found ")
    assert found in message
    assert message.endswith(
        "; delete this line: its frame is found again by what its picture carries, or else moved "
        "to takes/ and rendered again"
    )


DAMAGED = [
    (b'{"frame": 1, "dig', "Unterminated string"),
    (b'{"a": "\x80"}', "utf-8"),
    (b"[]", "not a mapping"),
    (b"", "Expecting value"),
    (b"[" * 100_000, "it is nested too deeply"),
]


@pytest.mark.parametrize(("line", "found"), DAMAGED)
def test_a_damaged_line_in_the_middle_is_told_and_not_lost(
    tmp_path: Path, line: bytes, found: str
) -> None:
    path, aside = tmp_path / "journal.jsonl", tmp_path / "journal.damaged"
    with_line(path, line)
    journal = Journal(path)
    (damaged,) = journal.damaged
    assert (damaged.number, damaged.data) == (2, line)
    assert found in damaged.fault
    journal.append(record(2))
    assert path.read_bytes().count(b"\n") == 4, "appending leaves it where it is"
    for _ in range(2):  # as after a kill between the two files
        Journal(path).rewrite(journal.records.values())
        assert aside.read_bytes() == line + b"\n"
        with_line(tmp_path / "again", line)
        path.write_bytes((tmp_path / "again").read_bytes())
        (tmp_path / "again").unlink()
    with_line(tmp_path / "again", b"other")
    path.write_bytes((tmp_path / "again").read_bytes())
    Journal(path).rewrite([])
    assert aside.read_bytes() == line + b"\nother\n"


def test_a_bad_line_before_a_torn_one_is_damaged_too(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b'nonsense\n{"frame": 1, "dig')
    assert [one.data for one in Journal(path).damaged] == [b"nonsense"]


@pytest.mark.parametrize("seconds", [0.0, -3.5, float("inf"), float("nan")])
def test_a_time_that_no_clock_can_have_told_is_none(seconds: float) -> None:
    assert record(0).is_timed
    assert not replace(record(0), seconds=seconds).is_timed


def test_a_failed_append_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = journal_of(tmp_path / "journal.jsonl", 1)
    before = journal.path.read_bytes()

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(OSError, match="No space left"):
            journal.append(record(1))
    assert journal.path.read_bytes() == before
    assert journal.records == {FrameId(0): record(0)}
    journal.append(record(1))
    assert Journal(journal.path).records == {FrameId(0): record(0), FrameId(1): record(1)}


def test_rewrite_keeps_what_it_is_given_and_appends_after_it(tmp_path: Path) -> None:
    journal = journal_of(tmp_path / "journal.jsonl", 3)
    journal.rewrite([record(1)])
    journal.append(record(5))
    assert (
        Journal(journal.path).records
        == journal.records
        == {FrameId(1): record(1), FrameId(5): record(5)}
    )


@pytest.mark.parametrize("step", ["flush", "fsync"])
def test_a_line_that_the_disk_refuses_twice_gives_way_to_the_next(
    tmp_path: Path, step: str
) -> None:
    """Neither writing it nor cutting it off succeeds; the first error is the one that is told."""
    journal = journal_of(tmp_path / "journal.jsonl", 1)
    counted = Disk(tmp_path, NEVER)
    with failing(counted):
        journal.append(record(1))
    first = counted.done.index(step) + 1

    full = Disk(tmp_path, first, errno.ENOSPC, lasting=True)
    with failing(full), pytest.raises(OSError, match="No space left"):
        journal.append(record(2))
    assert journal.records == {FrameId(0): record(0), FrameId(1): record(1)}

    journal.append(record(3, "d" * 64))
    assert Journal(journal.path).records == {
        FrameId(0): record(0),
        FrameId(1): record(1),
        FrameId(3): record(3, "d" * 64),
    }


def test_a_frame_before_the_first_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal_of(path, 2)
    path.write_bytes(path.read_bytes().replace(b'"frame":0', b'"frame":-5'))
    with pytest.raises(RunError, match="frame: expected 0 or more, found -5"):
        Journal(path)


def test_a_directory_is_no_journal(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").mkdir()
    with pytest.raises(RunError, match=r"journal\.jsonl is a directory; a journal is a file"):
        Journal(tmp_path / "journal.jsonl")


def test_a_line_of_a_process_that_was_killed_is_on_the_disk_before_it_counts(
    tmp_path: Path,
) -> None:
    path = tmp_path / "out" / "journal.jsonl"
    path.parent.mkdir()
    journal_of(tmp_path / "whole.jsonl", 1)
    line = (tmp_path / "whole.jsonl").read_bytes()

    def killed() -> None:
        path.write_bytes(line)

    assert safe_after(path.parent, killed) == {}
    path.unlink()
    assert safe_after(path.parent, killed, lambda: settle(path)) == {path.name: line}


def test_the_first_line_of_a_process_makes_the_name_safe(tmp_path: Path) -> None:
    """Also where the file is there: the process that made it may have ended too soon."""
    path = tmp_path / "journal.jsonl"
    assert path.name in safe_after(tmp_path, path.touch, lambda: journal_of(path, 1))


def test_a_journal_that_is_not_there_is_settled(tmp_path: Path) -> None:
    settle(tmp_path / "journal.jsonl")
    assert list(tmp_path.iterdir()) == []

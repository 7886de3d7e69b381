"""A large file is read once for each of its contents, and never taken for what it was."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import time
from pathlib import Path

import pytest

from pipeline.files import known_sums
from pipeline.files.hashing import bytes_digest, file_digest
from pipeline.files.known_sums import KnownSums
from tests.faults import Disk, failing

OLD, NEW = b"old weights", b"new weights"


def later(seconds: float = 3600.0) -> int:
    """The time by a clock that is fast: to it, what the test has just written is not young."""
    return time.time_ns() + int(seconds * 1e9)


@pytest.fixture
def sums(tmp_path: Path) -> KnownSums:
    return KnownSums(tmp_path / "cache" / "sums.json", smallest=1, now_ns=later)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "weights.pt"
    path.write_bytes(OLD)
    return path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files whose bytes were read, in order."""
    files: list[Path] = []

    def noted(path: Path) -> str:
        files.append(path)
        return file_digest(path)

    monkeypatch.setattr(known_sums, "file_digest", noted)
    return files


def test_a_file_is_read_once(sums: KnownSums, weights: Path, read: list[Path]) -> None:
    for _ in range(3):
        # As in another process, which knows no more than the file says.
        assert KnownSums(sums.file, 1, later).digest(weights) == bytes_digest(OLD)
    assert read == [weights]


def test_one_file_under_two_names_is_read_once(
    sums: KnownSums, weights: Path, read: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (weights.parent / "link.pt").symlink_to(weights)
    monkeypatch.chdir(weights.parent)
    for name in ("link.pt", "weights.pt", "../" + weights.parent.name + "/weights.pt"):
        assert sums.digest(Path(name)) == bytes_digest(OLD)
    assert len(read) == 1


def test_other_bytes_of_the_same_size(sums: KnownSums, weights: Path) -> None:
    sums.digest(weights)
    weights.write_bytes(NEW)
    assert sums.digest(weights) == bytes_digest(NEW)


def test_other_bytes_of_the_same_size_and_an_old_time(sums: KnownSums, weights: Path) -> None:
    """As copying tools do that keep times: the time of the inode tells."""
    sums.digest(weights)
    before = weights.stat()
    weights.write_bytes(NEW)
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert sums.digest(weights) == bytes_digest(NEW)


def test_another_file_in_its_place(sums: KnownSums, weights: Path) -> None:
    sums.digest(weights)
    other = weights.with_name("other.pt")
    other.write_bytes(NEW)
    shutil.copystat(weights, other)
    os.replace(other, weights)
    assert sums.digest(weights) == bytes_digest(NEW)


def test_another_inode_alone_counts(sums: KnownSums, weights: Path, read: list[Path]) -> None:
    sums.digest(weights)
    entry = json.loads(sums.file.read_text())
    entry[os.path.realpath(weights)]["inode"] += 1
    sums.file.write_text(json.dumps(entry))
    sums.digest(weights)
    assert len(read) == 2


def test_a_file_that_was_touched_is_read_and_is_the_same(
    sums: KnownSums, weights: Path, read: list[Path]
) -> None:
    sums.digest(weights)
    os.utime(weights, (1, 1))
    assert sums.digest(weights) == sums.digest(weights) == bytes_digest(OLD)
    assert len(read) == 2


@pytest.mark.parametrize(("age", "reads"), [(-5.0, 2), (0.0, 2), (1.5, 2), (30.0, 1)])
def test_a_file_that_was_just_written_is_read_again(
    sums: KnownSums, weights: Path, read: list[Path], age: float, reads: int
) -> None:
    """It may be written to again without its time changing; a future time says nothing either."""
    young = KnownSums(sums.file, 1, lambda: weights.stat().st_ctime_ns + int(age * 1e9))
    assert young.digest(weights) == young.digest(weights) == bytes_digest(OLD)
    assert len(read) == reads


def test_a_file_that_changes_while_it_is_read_is_read_again(
    sums: KnownSums, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rewritten(path: Path) -> str:
        digest = file_digest(path)
        path.write_bytes(NEW)
        return digest

    with monkeypatch.context() as patch:
        patch.setattr(known_sums, "file_digest", rewritten)
        assert sums.digest(weights) == bytes_digest(OLD)
    assert sums.digest(weights) == bytes_digest(NEW)


def test_a_small_file_is_always_read(sums: KnownSums, weights: Path, read: list[Path]) -> None:
    for _ in range(2):
        KnownSums(sums.file, len(OLD) + 1, later).digest(weights)
    assert len(read) == 2 and not sums.file.parent.exists()


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b"7", b"\xff\xfe", b'{"PATH": 7}', b'{"PATH": {"size": 11}}', b"[" * 9000],
    ids=range(8),
)
def test_a_damaged_cache_costs_reading_once_more(
    sums: KnownSums, weights: Path, read: list[Path], damage: bytes
) -> None:
    sums.digest(weights)
    sums.file.write_bytes(damage.replace(b"PATH", os.path.realpath(weights).encode()))
    assert sums.digest(weights) == sums.digest(weights) == bytes_digest(OLD)
    assert len(read) == 2


@pytest.mark.parametrize("field", ["size", "mtime_ns", "ctime_ns", "inode", "sha256"])
@pytest.mark.parametrize("value", [None, True, "x", 1.0, [], -1])
def test_an_entry_of_other_types_or_values_is_passed_over(
    sums: KnownSums, weights: Path, field: str, value: object
) -> None:
    sums.digest(weights)
    data = json.loads(sums.file.read_text())
    data[os.path.realpath(weights)][field] = value
    sums.file.write_text(json.dumps(data))
    assert sums.digest(weights) == bytes_digest(OLD)


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES, errno.ENOSPC], ids=errno.errorcode.get)
def test_a_cache_that_the_disk_refuses_costs_nothing_else(
    sums: KnownSums, weights: Path, read: list[Path], code: int, lasting: bool
) -> None:
    first, reached = 0, True
    while reached:
        first += 1
        shutil.rmtree(sums.file.parent, ignore_errors=True)
        weights.write_bytes(OLD)
        sums.digest(weights)
        weights.write_bytes(NEW)
        with failing(Disk(sums.file.parent, first, code, lasting)) as disk:
            assert sums.digest(weights) == sums.digest(weights) == bytes_digest(NEW)
        reached = disk.has_failed
        assert sums.digest(weights) == bytes_digest(NEW)
    assert first > 15, "there are not so few"


def test_a_file_in_the_place_of_the_cache_costs_nothing_else(
    sums: KnownSums, weights: Path
) -> None:
    sums.file.parent.write_text("no folder")
    assert sums.digest(weights) == sums.digest(weights) == bytes_digest(OLD)


def test_a_file_that_is_not_there_is_an_error(sums: KnownSums, weights: Path) -> None:
    sums.digest(weights)
    weights.unlink()
    with pytest.raises(FileNotFoundError):
        sums.digest(weights)


def test_the_cache_does_not_grow_for_ever(
    sums: KnownSums, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: list[Path]
) -> None:
    monkeypatch.setattr(known_sums, "_MOST", 3)
    files = [tmp_path / f"{number}.pt" for number in range(5)]
    for path in files:
        path.write_bytes(OLD)
        sums.digest(path)
    assert [Path(p).name for p in json.loads(sums.file.read_text())] == ["2.pt", "3.pt", "4.pt"]
    sums.digest(files[2])
    assert len(read) == 5

    monkeypatch.setattr(known_sums, "_LARGEST", 2 * sums.file.stat().st_size // 3)
    sums.digest(files[0])
    assert sums.file.stat().st_size <= known_sums._LARGEST
    assert [Path(p).name for p in json.loads(sums.file.read_text())][-1] == "0.pt"


def test_checking_finds_what_changed_without_a_trace(
    sums: KnownSums, tmp_path: Path, read: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("whole", "rotten", "gone", "edited")
    whole, rotten, gone, edited = files = [tmp_path / f"{name}.pt" for name in names]
    for path in files:
        path.write_bytes(OLD)
        sums.digest(path)
    data = json.loads(sums.file.read_text())
    data[os.path.realpath(rotten)]["sha256"] = bytes_digest(NEW)
    sums.file.write_text(json.dumps(data))
    gone.unlink()
    edited.write_bytes(NEW)

    assert list(sums.check()) == [(whole.resolve(), True), (rotten.resolve(), False)]

    assert list(json.loads(sums.file.read_text())) == [os.path.realpath(whole)]
    assert list(sums.check()) == [(whole.resolve(), True)]


def test_a_file_that_can_be_found_and_not_read_is_damaged(
    sums: KnownSums, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sums.digest(weights)

    def fault(_: Path) -> str:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(known_sums, "file_digest", fault)
    assert list(sums.check()) == [(weights.resolve(), False)]
    assert stat.S_ISREG(weights.stat().st_mode) and list(sums.check()) == []

"""A file appears whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.files.atomic import (
    LONGEST_NAME,
    make_directory,
    name_length,
    sync_directory,
    temporary_path,
    write_atomically,
)


def refuse(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("durable", [True, False])
def test_a_write_replaces_the_file(tmp_path: Path, durable: bool) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old and longer")
    write_atomically(target, b"new", durable=durable)
    assert target.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, step, refuse)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_the_temporary_name_is_hidden_and_keeps_the_suffix() -> None:
    assert temporary_path(Path("frames/000031.png")) == Path("frames/.000031.part.png")


@pytest.mark.parametrize("letter", ["a", "ü", "塔"])
def test_the_longest_name_that_a_disk_takes_can_be_written(tmp_path: Path, letter: str) -> None:
    stem = letter * ((LONGEST_NAME - 4) // name_length(letter))
    targets = [tmp_path / f"{stem}{suffix}" for suffix in (".png", "", ".mp4")]
    for number, target in enumerate(targets):
        write_atomically(target, bytes([number]))
    assert [target.read_bytes() for target in targets] == [b"\0", b"\1", b"\2"]
    assert sorted(tmp_path.iterdir()) == sorted(targets)
    assert len({temporary_path(target) for target in targets}) == len(targets)


def test_the_data_is_on_the_disk_before_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def noted(name: str, call: Callable[..., None]) -> Callable[..., None]:
        def run(*arguments: object) -> None:
            calls.append(name)
            call(*arguments)

        return run

    for name in ("fsync", "replace"):
        monkeypatch.setattr(os, name, noted(name, getattr(os, name)))
    write_atomically(tmp_path / "a.txt", b"new")
    assert calls == ["fsync", "replace", "fsync"]


def test_the_names_of_new_directories_are_on_the_disk_before_what_lies_in_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, Path]] = []
    mkdir = Path.mkdir

    def noted(directory: Path, **options: bool) -> None:
        made.append(("made", directory))
        mkdir(directory, **options)

    monkeypatch.setattr(Path, "mkdir", noted)
    monkeypatch.setattr(
        "pipeline.files.atomic.sync_directory", lambda directory: made.append(("synced", directory))
    )
    make_directory(tmp_path / "a" / "b")
    assert made == [
        ("synced", tmp_path.parent),
        *(("made", tmp_path / "a"), ("synced", tmp_path)),
        *(("made", tmp_path / "a" / "b"), ("synced", tmp_path / "a")),
    ]
    made.clear()
    make_directory(tmp_path / "a" / "b")
    assert made == [("synced", tmp_path / "a")], "who made it may have been killed before"


def test_a_directory_above_that_nobody_may_read_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `/home` often is."""
    home, opened = tmp_path / "home" / "me", os.open
    home.mkdir(parents=True)

    def refusing(path: Path, *arguments: int) -> int:
        if path == home.parent:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(path, *arguments)

    monkeypatch.setattr(os, "open", refusing)
    make_directory(home / "renders")
    assert (home / "renders").is_dir()
    with pytest.raises(PermissionError):
        make_directory(home.with_name("other"))


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_temporary_file_that_cannot_be_removed_hides_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def deny(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, step, refuse)
    monkeypatch.setattr(os, "unlink", deny)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(tmp_path / "a.txt", b"new")


@pytest.mark.parametrize(
    "code", [errno.EINVAL, errno.EBADF, errno.ENOSYS, errno.ENOTSUP], ids=errno.errorcode.get
)
def test_a_share_that_forces_no_names_to_the_disk_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """As SMB and some of FUSE answer of a directory; a file's own error counts there too."""
    fsync = os.fsync

    def of_files_only(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(code, os.strerror(code))
        fsync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", of_files_only)
        write_atomically(tmp_path / "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"new"

    def of_nothing(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", of_nothing)
    with pytest.raises(OSError, match=re.escape(os.strerror(code))):
        write_atomically(tmp_path / "a.txt", b"newer")
    assert (tmp_path / "a.txt").read_bytes() == b"new"


def test_a_fault_of_the_disk_under_a_name_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output error"):
        sync_directory(tmp_path)

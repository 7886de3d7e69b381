"""One process at a time, also where the file system has no locks."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.files.locks import LockHeldError, acquire, release
from tests import child

NO_LOCKS = [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP]

HOLDER = """\
import sys
from pathlib import Path
from pipeline.files import locks
from tests.pipeline.files.test_locks import without_flock
with without_flock(int(sys.argv[2])):
    lock = locks.acquire(Path(sys.argv[1]))
    print("held", flush=True)
    sys.stdin.read()
    locks.release(lock)
"""


@contextmanager
def without_flock(code: int) -> Iterator[None]:
    """A file system that answers `code` to whoever asks for a lock."""

    def flock(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", flock)
        yield


@contextmanager
def another_holder(path: Path, code: int) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of `path` until the body ends."""
    argv = [sys.executable, "-c", HOLDER, str(path), str(code)]
    with child.start(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        yield other


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    held = acquire(tmp_path / "lock")
    with pytest.raises(LockHeldError) as caught:
        acquire(tmp_path / "lock")
    assert caught.value.marker is None
    release(held)
    release(acquire(tmp_path / "lock"))


@pytest.mark.slow
@pytest.mark.parametrize("code", NO_LOCKS, ids=errno.errorcode.get)
def test_a_marker_stands_for_a_lock_where_there_is_none(tmp_path: Path, code: int) -> None:
    path = tmp_path / "lock"
    with without_flock(code):
        with another_holder(path, code) as other:
            with pytest.raises(LockHeldError) as caught:
                acquire(path)
            assert caught.value.marker is not None and caught.value.marker.exists()
            other.communicate()
        release(acquire(path))
        assert not caught.value.marker.exists()


@pytest.mark.slow
@pytest.mark.parametrize("code", NO_LOCKS, ids=errno.errorcode.get)
def test_the_marker_of_a_process_that_was_killed_does_not_stay_in_the_way(
    tmp_path: Path, code: int
) -> None:
    path = tmp_path / "lock"
    with without_flock(code):
        with another_holder(path, code) as other:
            other.kill()
        release(acquire(path, seconds=5))


@pytest.mark.parametrize("code", [errno.EIO, errno.EINTR], ids=errno.errorcode.get)
def test_a_fault_of_the_disk_is_no_lack_of_locks(tmp_path: Path, code: int) -> None:
    with without_flock(code), pytest.raises(OSError, match=os.strerror(code)):
        acquire(tmp_path / "lock")
    assert not list(tmp_path.glob("*.held"))


def test_a_lock_that_the_system_does_not_take_back_raises_nothing(tmp_path: Path) -> None:
    held = acquire(tmp_path / "lock")
    with without_flock(errno.EIO):
        release(held)
    release(held)
    release(acquire(tmp_path / "lock"))

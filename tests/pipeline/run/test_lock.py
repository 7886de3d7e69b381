"""Locks that outlive their process, of this computer and of others, and who finds out when."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.files.locks import acquire, release
from pipeline.run import lock as lock_module
from pipeline.run.directory import RunDirectory
from pipeline.run.holder import holder_of
from pipeline.run.lock import Hold, lock, unlock
from pipeline.run.pulse import SILENCE, Pulse, silence
from pipeline.run.run import Run
from tests.faults import Disk, failing
from tests.pipeline.files.test_locks import without_flock
from tests.pipeline.plans import NETWORKS, chain_plan, picture
from tests.pipeline.runs import missing, render

ELSEWHERE = "pid 4711 on another-computer"


def of_another_computer(hold: Hold, age: float) -> None:
    """Let a lock look as one of a process elsewhere that was last seen `age` seconds ago."""
    hold.place.holder.write_text(ELSEWHERE)
    then = time.time() - age
    os.utime(hold.place.pulse, (then, then))


def rewritten_marker(place: RunDirectory) -> Path:
    """The marker of a lock, as another computer would have written it."""
    marker = place.root / ".lock.held"
    marker.write_text("4711\nanother-computer\n")
    return marker


@pytest.fixture
def place(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path)


def test_a_lock_leaves_nothing_but_its_file(place: RunDirectory) -> None:
    held = lock(place)
    assert sorted(path.name for path in place.root.iterdir()) == [
        ".holder",
        ".lock",
        ".lock.alive",
    ]
    unlock(place, held)
    assert [path.name for path in place.root.iterdir()] == [".lock"]


def test_a_silent_process_of_another_computer_is_followed_with_a_warning(
    place: RunDirectory, caplog: pytest.LogCaptureFixture
) -> None:
    with without_flock(errno.ENOLCK):
        first = lock(place)
        rewritten_marker(place)
        of_another_computer(first, SILENCE + 3600)
        second = lock(place)
        assert [one.getMessage() for one in caplog.records] == [
            f"{ELSEWHERE} held {place.root} and gave no sign of life for 1:15:00: its lock is "
            "taken over"
        ]
        with pytest.raises(RunError, match="another render holds"):
            lock(place)
        second.check()
        with pytest.raises(RunError) as caught:
            first.check()
        assert str(caught.value) == (
            f"another render has taken {place.root} over (pid {os.getpid()} on "
            f"{socket.gethostname()}), as this one gave no sign of life for 15:00 or more; nothing "
            "more is written here. Once the other one has ended, the same command goes on"
        )
        unlock(place, first)
        second.check()
        assert place.holder.exists() and place.pulse.exists(), "they are the second one's"
        with pytest.raises(RunError, match="another render holds"):
            lock(place)
        unlock(place, second)


@pytest.mark.parametrize("age", [-7200.0, 40.0, SILENCE - 60])
def test_a_process_of_another_computer_is_waited_for(place: RunDirectory, age: float) -> None:
    with without_flock(errno.ENOLCK):
        first = lock(place)
        marker = rewritten_marker(place)
        of_another_computer(first, age)
        with pytest.raises(RunError) as caught:
            lock(place)
        told = str(caught.value)
        assert told.startswith(f"another render holds {place.root} ({ELSEWHERE}); wait for it")
        assert told.endswith(f"; if it is no more, delete {marker}")
        assert ("sign of life is" in told) == (age > 0)
        first.check()
        marker.unlink()
        unlock(place, lock(place))


def test_a_process_of_a_release_without_signs_of_life_is_waited_for(place: RunDirectory) -> None:
    with without_flock(errno.ENOLCK):
        rewritten_marker(place)
        place.holder.write_text(ELSEWHERE)
        os.utime(place.holder, (0, 0))
        with pytest.raises(RunError, match="another render holds"):
            lock(place)


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot be asked without harm")
def test_a_dead_process_of_this_computer_is_followed_at_once(
    place: RunDirectory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with without_flock(errno.ENOLCK):
        first = lock(place)
        rewritten_marker(place)  # which the library cannot tell
        place.holder.write_text(f"pid {gone.pid} on {socket.gethostname()}")
        unlock(place, lock(place))
        del first
    assert "is no more: its lock is taken over" in caplog.text


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks Linux")
def test_a_process_that_got_the_number_of_a_dead_one_holds_nothing(
    place: RunDirectory, caplog: pytest.LogCaptureFixture
) -> None:
    with without_flock(errno.ENOLCK):
        first = lock(place)
        rewritten_marker(place)
        words = f"pid {os.getpid()} on {socket.gethostname()}"
        place.holder.write_text(f"{words}\n{'0' * 36} 1")
        unlock(place, lock(place))
        del first
    assert f"{words} held {place.root} and is no more: its lock is taken over" in caplog.text


def test_a_lock_that_a_server_keeps_is_told_with_its_remedy(place: RunDirectory) -> None:
    first = lock(place)
    of_another_computer(first, SILENCE - 60)
    with pytest.raises(RunError, match=r"then give the same command again$"):
        lock(place)
    of_another_computer(first, SILENCE + 60)
    with pytest.raises(RunError) as caught:
        lock(place)
    assert str(caught.value).endswith(
        "; it gave no sign of life for 16:00: if its computer went down, the server of the share "
        f"keeps its lock, until you delete {place.lock}"
    )
    place.lock.unlink()
    second = lock(place)
    with pytest.raises(RunError, match="another render has taken"):
        first.check()
    unlock(place, second)


def test_two_that_follow_at_once_are_one(
    place: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process acquires between the two steps of this one."""
    with without_flock(errno.ENOLCK):
        first = lock(place)
        rewritten_marker(place)
        of_another_computer(first, SILENCE + 1)
        breaking = lock_module.break_marker
        others = []

        def overtaken(marker: Path) -> None:
            breaking(marker)
            others.append(acquire(place.lock))

        with monkeypatch.context() as patch:
            patch.setattr(lock_module, "break_marker", overtaken)
            with pytest.raises(RunError, match="another render holds"):
                lock(place)
        release(others[0])
        breaking(place.root / ".lock.held")  # of one that is gone already


def test_a_render_that_was_followed_saves_nothing_more(tmp_path: Path) -> None:
    plan = chain_plan(3)
    with Run.open(tmp_path, plan, NETWORKS) as run:
        run.save(plan[0], picture(0), 0.5)
        (tmp_path / ".lock").unlink()
        assert render(tmp_path, plan, [1]) == [1]
        second = Run.open(tmp_path, plan, NETWORKS)
        before = sorted(tmp_path.rglob("*.png"))
        with pytest.raises(RunError, match="another render has taken"):
            run.save(plan[1], picture(1), 0.5)
        assert sorted(tmp_path.rglob("*.png")) == before
        second.close()
    assert missing(tmp_path, plan) == [2]


def test_a_file_that_is_gone_or_unreadable_says_nothing_against_its_process(
    place: RunDirectory,
) -> None:
    held = lock(place)
    place.pulse.unlink()
    held.check()
    place.pulse.mkdir()
    held.check()
    place.pulse.rmdir()
    place.pulse.touch()
    held.check()
    unlock(place, held)


def until(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_signs_of_life_go_on_until_the_end(tmp_path: Path) -> None:
    path = tmp_path / ".lock.alive"
    pulse = Pulse(path, beat=0.01)
    pulse.start()
    os.utime(path, (0, 0))
    until(lambda: path.stat().st_mtime > 0)
    other = Pulse(path, beat=0.01)
    other.start()
    assert pulse.is_taken and not other.is_taken
    pulse.stop()
    os.utime(path, (0, 0))
    until(lambda: path.stat().st_mtime > 0)
    other.stop()
    assert not path.exists()


def test_silence_is_counted_by_the_clock_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ".lock.alive"
    assert silence(path) is None
    path.touch()
    for jump in (-(10**6), 10**6):
        monkeypatch.setattr(time, "time", lambda jump=jump: jump)
        quiet = silence(path)
        assert quiet is not None and 0 <= quiet < 60
    assert [one.name for one in tmp_path.iterdir()] == [".lock.alive"]
    with failing(Disk(tmp_path, 2, errno.ENOSPC, lasting=True)):
        assert silence(path) is None


def test_the_last_sign_of_life_is_told(place: RunDirectory) -> None:
    held = lock(place)
    of_another_computer(held, 100)
    holder = holder_of(place)
    assert holder is not None and holder.alive is None
    assert holder.seen == place.pulse.stat().st_mtime
    unlock(place, held)

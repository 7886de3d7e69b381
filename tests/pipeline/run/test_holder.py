"""Who writes in a run directory, by its own word."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.run.directory import RunDirectory
from pipeline.run.holder import holder_of, holder_words, is_written, write_holder


def test_a_process_that_holds_it_is_told_with_its_host(tmp_path: Path) -> None:
    place = RunDirectory(tmp_path)
    assert holder_of(place) is None and holder_words(place) == "unknown process"
    assert not is_written(place)
    write_holder(place)
    assert is_written(place)
    holder = holder_of(place)
    assert holder is not None and holder.alive is not False
    assert holder.words == f"pid {os.getpid()} on {socket.gethostname()}"
    assert holder.since == place.holder.stat().st_mtime


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot be asked without harm")
def test_a_process_that_is_no_more_is_told_apart(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / ".holder").write_text(f"pid {gone.pid} on {socket.gethostname()}")
    holder = holder_of(RunDirectory(tmp_path))
    assert holder is not None and holder.alive is False
    assert not is_written(RunDirectory(tmp_path))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks Linux")
@pytest.mark.parametrize("at_fault", ["boot", "start"])
def test_another_process_that_got_its_number_is_told_apart(tmp_path: Path, at_fault: str) -> None:
    """After a power failure, or long after it was killed."""
    place = RunDirectory(tmp_path)
    write_holder(place)
    words, start = place.holder.read_text().splitlines()
    boot, ticks = start.split()
    assert holder_of(place) is not None and is_written(place)
    boot, ticks = ("0" * 36, ticks) if at_fault == "boot" else (boot, str(int(ticks) - 1))
    place.holder.write_text(f"{words}\n{boot} {ticks}")
    holder = holder_of(place)
    assert holder is not None and holder.words == words and holder.alive is False
    assert not is_written(place)


def test_where_no_start_is_known_the_number_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = RunDirectory(tmp_path)
    write_holder(place)
    monkeypatch.setattr("pipeline.run.holder._PROCESSES", tmp_path)
    assert is_written(place)
    write_holder(place)
    assert place.holder.read_text() == f"pid {os.getpid()} on {socket.gethostname()}"
    monkeypatch.undo()
    assert is_written(place)


@pytest.mark.parametrize("words", ["pid 7 on another-host", "pid \xe9", "x" * 5000, "pid 0 on"])
def test_what_cannot_be_asked_here_is_not_known(tmp_path: Path, words: str) -> None:
    (tmp_path / ".holder").write_bytes(words.encode("latin-1"))
    holder = holder_of(RunDirectory(tmp_path))
    assert holder is not None and holder.alive is None


def test_an_empty_word_is_nobody_known(tmp_path: Path) -> None:
    (tmp_path / ".holder").touch()
    assert holder_words(RunDirectory(tmp_path)) == "unknown process"

"""Opening a run: directories that do not fit, and one process at a time."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.files.locks import LockHeldError
from pipeline.run import lock
from pipeline.run.footage import read_footage
from pipeline.run.run import Run
from tests import child
from tests.pipeline.plans import NETWORKS, chain_plan, with_zoom
from tests.pipeline.runs import missing, render


def test_a_directory_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    out = tmp_path / "file" / "run"
    with pytest.raises(RunError) as caught:
        Run.open(out, chain_plan(1), NETWORKS)
    assert str(caught.value) == (
        f"cannot write {out}: Not a directory; name a directory that you may write to with --out"
    )


def test_a_file_is_no_run(tmp_path: Path) -> None:
    out = tmp_path / "file"
    out.write_text("x")
    with pytest.raises(RunError) as caught:
        Run.open(out, chain_plan(1), NETWORKS)
    assert str(caught.value) == (
        f"{out} is a file; frames need a directory: name another one with --out"
    )


def test_a_directory_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(RunError) as caught:
        Run.open(tmp_path, chain_plan(1), NETWORKS)
    assert str(caught.value) == (
        f"{tmp_path} is not a render of discoreel: it has no run.json, and it holds thesis.txt; "
        "name a new or empty directory with --out"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    "name", [".DS_Store", "._run.json", "Thumbs.db", "desktop.ini", ".directory", "lost+found"]
)
def test_what_file_managers_leave_is_not_in_the_way(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"theirs")
    plan = chain_plan(2)
    assert missing(tmp_path, plan) == [0, 1]
    for folder in ("frames", "intermediate"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "._000000.png").write_bytes(b"theirs")
        (tmp_path / folder / name).write_bytes(b"theirs")
    assert render(tmp_path, plan) == [0, 1]
    assert missing(tmp_path, plan) == []
    assert len(read_footage(tmp_path).frames) == 2
    assert (tmp_path / name).read_bytes() == b"theirs"


def test_an_empty_directory_becomes_a_run(tmp_path: Path) -> None:
    assert missing(tmp_path, chain_plan(1)) == [0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is damaged: "),
        ('{"title": "x"}', "is damaged: "),
        ("[" * 100_000, "is damaged: it is nested too deeply; render the scene again"),
        ('{"format": 1}', "title: the field is missing"),
        ('{"format": 2}', "title: the field is missing"),
        ('{"format": 3}', "has the format 3, this release reads 2; use the release that wrote it"),
    ],
)
def test_a_run_json_that_is_not_ours_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(RunError, match=re.escape(words)):
        Run.open(tmp_path, chain_plan(1), NETWORKS)
    assert (tmp_path / "run.json").read_text() == text


@pytest.mark.parametrize("text", [b"", b"{", b'{"format": 2}', b"\xff", b"[" * 100_000, None])
def test_a_damaged_run_json_costs_no_frame(tmp_path: Path, text: bytes | None) -> None:
    """The journal beside it says whose it was."""
    plan = chain_plan(3)
    render(tmp_path, plan, frames=[0, 1])
    before = (tmp_path / "run.json").read_bytes()
    (tmp_path / "run.json").unlink()
    if text is not None:
        (tmp_path / "run.json").write_bytes(text)
    assert render(tmp_path, plan) == [2]
    assert (tmp_path / "run.json").read_bytes() == before


@pytest.mark.slow
def test_a_second_process_is_turned_away(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from pipeline.run.run import Run; from tests.pipeline.plans import NETWORKS, chain_plan\n"
        "with Run.open(Path(sys.argv[1]), chain_plan(1), NETWORKS):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    with child.start(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        for _ in range(2):
            with pytest.raises(RunError) as caught:
                Run.open(tmp_path, chain_plan(1), NETWORKS)
            assert re.fullmatch(
                rf"another render holds {tmp_path} \(pid {other.pid} on \S+\); wait for it or "
                "stop it, then give the same command again",
                str(caught.value),
            )
    assert missing(tmp_path, chain_plan(1)) == [0]


def test_a_holder_on_a_share_without_locks_is_told_with_its_marker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(path: Path) -> None:
        raise LockHeldError(path.with_name(".lock.held"))

    monkeypatch.setattr(lock, "acquire", held)
    (tmp_path / ".holder").write_bytes(b"pid 7 on caf\xe9")
    (tmp_path / ".lock.held").touch()
    with pytest.raises(RunError) as caught:
        Run.open(tmp_path, chain_plan(1), NETWORKS)
    assert str(caught.value) == (
        f"another render holds {tmp_path} (pid 7 on caf\ufffd); wait for it or stop it, then give "
        f"the same command again; if it is no more, delete {tmp_path}/.lock.held"
    )


def test_a_run_that_is_closed_can_be_opened_again(tmp_path: Path) -> None:
    for _ in range(2):
        Run.open(tmp_path, chain_plan(1), NETWORKS).close()
    assert not (tmp_path / ".holder").exists()


def test_an_opening_that_fails_on_the_disk_gives_the_lock_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", refuse)
        with pytest.raises(RunError) as caught:
            Run.open(tmp_path, chain_plan(1), NETWORKS)
    assert missing(tmp_path, chain_plan(1)) == [0]
    assert str(caught.value) == (
        f"cannot write {tmp_path}: Read-only file system; "
        "name a directory that you may write to with --out"
    )


def test_a_refused_opening_gives_the_lock_back(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(2))
    for _ in range(2):
        with pytest.raises(RunError, match="would change"):
            missing(tmp_path, with_zoom(chain_plan(2), 1, 2.0))

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

import pytest

from pipeline.cli.error_handler import BUG, INTERRUPTED, MENDABLE, error_handler
from pipeline.errors import Error, FFmpegError, ModelError, Problem, RunError, SceneError


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that log files go to."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def ended_by(exception: BaseException) -> object:
    """The exit code."""
    with pytest.raises(SystemExit) as caught, error_handler():
        raise exception
    return caught.value.code


def test_the_codes_are_those_of_the_manual() -> None:
    assert (MENDABLE, BUG, INTERRUPTED) == (1, 3, 130)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Error("zoom is 0"), "zoom is 0\n"),
        (RunError("out is in use"), "out is in use\n"),
        (ModelError("clip: no weights file here"), "clip: no weights file here\n"),
        (
            SceneError(Path("a.yaml"), [Problem(2, 5, "seed", "found x"), Problem(1, 1, "", "no")]),
            "a.yaml:1:1: no\na.yaml:2:5: seed: found x\n",
        ),
        (
            FFmpegError(["ffmpeg", "-i"], 1, "no such codec\n"),
            "ffmpeg ended with code 1:\n  no such codec\n  command: ffmpeg -i\n",
        ),
    ],
)
def test_what_the_author_can_mend_is_said_and_nothing_else(
    capsys: pytest.CaptureFixture[str], logs: Path, error: Error, words: str
) -> None:
    assert ended_by(error) == MENDABLE
    assert capsys.readouterr() == ("", words)
    assert not list(logs.iterdir())


@pytest.mark.parametrize("refusal", [MemoryError(), RuntimeError("CUDA error: out of memory")])
def test_a_lack_of_memory_is_no_bug(
    capsys: pytest.CaptureFixture[str], logs: Path, refusal: Exception
) -> None:
    assert ended_by(refusal) == MENDABLE
    output, said = capsys.readouterr()
    assert not output and said.startswith("there is not enough memory for this; ")
    assert not list(logs.iterdir())


@pytest.mark.parametrize("bug", [ValueError("seven"), KeyError("seven"), OSError("seven")])
def test_a_bug_is_shown_and_logged(
    capsys: pytest.CaptureFixture[str], logs: Path, bug: Exception
) -> None:
    assert ended_by(bug) == BUG
    (log,) = logs.iterdir()
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("Traceback (most recent call last):\n")
    assert f"{type(bug).__name__}: " in err and "seven" in err
    assert err.endswith(
        "\nThis is a bug in discoreel, not in your scene; finished frames are safe.\n"
        f"Please report it with the file {log}\n"
    )
    traceback, _ = err.split("\nThis is a bug")
    assert log.read_text() == f"{sys.argv}\n{sys.version}\n\n{traceback}"


def test_a_bug_behind_a_bug_is_logged_too(logs: Path) -> None:
    with pytest.raises(SystemExit), error_handler():
        try:
            raise ValueError("the first")
        except ValueError as error:
            raise RuntimeError("the second") from error
    (log,) = logs.iterdir()
    assert "the first" in log.read_text() and "the second" in log.read_text()


def test_an_interruption(capsys: pytest.CaptureFixture[str], logs: Path) -> None:
    assert ended_by(KeyboardInterrupt()) == INTERRUPTED
    assert capsys.readouterr() == ("", "interrupted\n")
    assert not list(logs.iterdir())


def test_a_request_to_terminate_is_an_interruption(capsys: pytest.CaptureFixture[str]) -> None:
    cleaned_up = False
    with pytest.raises(SystemExit) as caught, error_handler():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            cleaned_up = True
    assert caught.value.code == INTERRUPTED
    assert capsys.readouterr().err == "interrupted\n"
    assert cleaned_up


def test_other_code_gets_its_signals_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with error_handler():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
    ended_by(Error("zoom is 0"))
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize("code", [0, 1, 2, 130])
def test_an_exit_passes_with_its_code(capsys: pytest.CaptureFixture[str], code: int) -> None:
    assert ended_by(SystemExit(code)) == code
    assert capsys.readouterr() == ("", "")


def test_success_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with error_handler():
        print("done")
    assert capsys.readouterr() == ("done\n", "")

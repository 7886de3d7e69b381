from __future__ import annotations

import errno
import io
import os
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from keyframes.quoting import visible
from pipeline.cli.error_handler import BUG, INTERRUPTED, MENDABLE, error_handler
from pipeline.cli.terminal import steady_streams
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
            "a.yaml:1:1: no\na.yaml:2:5: seed: found x\na.yaml: 2 mistakes\n",
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


def test_a_device_that_is_lost_is_no_bug(capsys: pytest.CaptureFixture[str], logs: Path) -> None:
    lost = RuntimeError("CUDA error: unspecified launch failure\nFor debugging consider ...")
    assert ended_by(lost) == MENDABLE
    output, said = capsys.readouterr()
    assert not output and said.startswith(
        "the device does not answer any more (CUDA error: unspecified launch failure): "
    )
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


@pytest.mark.parametrize(
    "error",
    [
        Error("a\x1b[2Jb"),
        SceneError(Path("a\x1b[2Jb.yaml"), [Problem(1, 1, "a\x1b[2Jb", "found a\nb\x1b[2J")]),
        FFmpegError(["ffmpeg", "a\x1b[2Jb"], 1, "a\x1b[2Jb"),
        ValueError("a\x1b[2Jb"),
        OSError(2, "no such file", os.fsdecode(b"caf\xe9\x1b[2J")),
    ],
)
def test_nothing_in_a_message_is_obeyed_by_a_terminal(
    capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    ended_by(error)
    out, err = capsys.readouterr()
    assert not out and "\\x1b[2J" in err
    assert visible(err, keep="\n") == err


def test_a_bug_with_a_name_that_is_no_text_is_logged(
    logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["discoreel", os.fsdecode(b"caf\xe9.yaml")])
    assert ended_by(ValueError(os.fsdecode(b"\xff"))) == BUG
    (log,) = logs.iterdir()
    assert "caf\\udce9.yaml" in log.read_text(encoding="utf-8")


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


def test_a_bug_that_cannot_be_logged_is_shown_all_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, logs: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), "log")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    assert ended_by(ValueError("seven")) == BUG
    _, err = capsys.readouterr()
    assert err.count("Traceback") == 1 and "ValueError: seven" in err
    assert err.endswith(
        "\nThis is a bug in discoreel, not in your scene; finished frames are safe.\n"
        "Please report it with the lines above (a log cannot be written: "
        "[Errno 30] Read-only file system: 'log')\n"
    )
    assert not list(logs.iterdir())


def test_a_command_line_in_no_encoding_is_logged(
    monkeypatch: pytest.MonkeyPatch, logs: Path
) -> None:
    """Names of files need not be text; Python marks their bytes by lone surrogates."""
    assert ended_by(ValueError("scene-\udce9.yaml")) == BUG
    (log,) = logs.iterdir()
    assert "scene-\\udce9.yaml" in log.read_text()


@pytest.mark.parametrize(
    ("exception", "code"),
    [(Error("zoom is 0"), MENDABLE), (KeyboardInterrupt(), INTERRUPTED), (ValueError("x"), BUG)],
)
def test_the_code_is_right_also_where_nobody_can_be_told(
    monkeypatch: pytest.MonkeyPatch, exception: BaseException, code: int
) -> None:
    """As with standard error in a file on a full disk, or in a pipe that nobody reads."""

    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", Full())
        with steady_streams():
            assert ended_by(exception) == code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_a_result_that_finds_no_room_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        said = io.StringIO()
        monkeypatch.setattr(sys, "stderr", said)
        with pytest.raises(SystemExit) as caught, steady_streams(), error_handler():
            print("the plan")
            raise SystemExit(0)
    assert caught.value.code == MENDABLE
    assert said.getvalue() == (
        "cannot write the result to standard output: No space left on device\n"
    )


def test_a_reader_that_has_seen_enough_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        with steady_streams(), error_handler():
            print("the plan\n" * 10_000)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no such signal")
def test_a_terminal_that_is_closed_interrupts() -> None:
    # Whoever started the tests may ignore the signal, as nohup does.
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        with pytest.raises(SystemExit) as caught, error_handler():
            signal.raise_signal(signal.SIGHUP)
        assert caught.value.code == INTERRUPTED
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)

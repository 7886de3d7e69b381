"""Signals while frames are rendered: the first lets the frame be finished, the second does not."""

from __future__ import annotations

import io
import re
import signal
from collections.abc import Iterator
from threading import Thread, current_thread, main_thread

import pytest
from rich.console import Console

from pipeline.cli import stopping
from pipeline.cli.error_handler import REQUESTS, error_handler
from pipeline.cli.progress import progress
from pipeline.cli.stopping import finishing_frames
from pipeline.spec.frame import FrameId

SIGNALS = (signal.SIGINT, *REQUESTS)
every_signal = pytest.mark.parametrize("number", SIGNALS)


def words(frame: int) -> str:
    """What is said of a frame that is finished yet."""
    return f"finishing frame {frame}, then stopping; once more stops now\n"


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """Handlers as the program has them, also where whoever started the tests ignores signals."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in SIGNALS}
    with error_handler():
        yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in seconds, as its only item."""
    now = [100.0]
    monkeypatch.setattr(stopping, "monotonic", lambda: now[0])
    return now


def render(*, count: int, stop_in: int, number: signal.Signals, times: int = 1) -> list[int]:
    """The frames of `count` that were finished before KeyboardInterrupt."""
    finished = []
    with pytest.raises(KeyboardInterrupt), finishing_frames() as begin:
        for frame in range(count):
            begin(FrameId(frame))
            for _ in range(times if frame == stop_in else 0):
                signal.raise_signal(number)
            finished.append(frame)
    return finished


@every_signal
def test_the_first_signal_lets_the_frame_be_finished(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    assert render(count=5, stop_in=2, number=number) == [0, 1, 2]
    assert capsys.readouterr() == ("", words(2))


def test_a_signal_in_the_last_frame_stops_what_would_come_after(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert render(count=3, stop_in=2, number=signal.SIGINT) == [0, 1, 2]
    assert capsys.readouterr().err == words(2)


@every_signal
def test_the_second_signal_stops_at_once(
    number: signal.Signals, clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    reached = []
    with pytest.raises(KeyboardInterrupt), finishing_frames() as begin:
        begin(FrameId(0))
        signal.raise_signal(signal.SIGINT)
        reached.append("first")
        clock[0] += 0.2
        signal.raise_signal(number)
        reached.append("second")
    assert reached == ["first"]
    assert capsys.readouterr().err == words(0)


def test_one_request_that_is_told_twice_is_one(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    """A shell and the kernel both say that the terminal was closed, within milliseconds."""
    assert render(count=3, stop_in=1, number=signal.SIGINT, times=3) == [0, 1]
    assert capsys.readouterr().err == words(1)


@every_signal
def test_before_the_first_frame_one_signal_stops_at_once(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    reached = False
    with pytest.raises(KeyboardInterrupt), finishing_frames():
        signal.raise_signal(number)
        reached = True
    assert not reached
    assert capsys.readouterr().err == ""


def test_an_error_in_the_frame_that_is_finished_is_told() -> None:
    with pytest.raises(OSError, match="full"), finishing_frames() as begin:
        begin(FrameId(0))
        signal.raise_signal(signal.SIGINT)
        raise OSError("the disk is full")


@every_signal
def test_handlers_are_put_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with finishing_frames():
        assert signal.getsignal(number) != before
    assert signal.getsignal(number) == before
    render(count=1, stop_in=0, number=number)
    assert signal.getsignal(number) == before


@every_signal
def test_what_is_ignored_stays_ignored(number: signal.Signals) -> None:
    """`nohup` lets a render go on when the terminal is closed."""
    signal.signal(number, signal.SIG_IGN)
    with error_handler(), finishing_frames() as begin:
        begin(FrameId(0))
        signal.raise_signal(number)
        begin(FrameId(1))


def test_other_threads_render_without_handlers() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def work() -> None:
        with finishing_frames() as begin:
            begin(FrameId(0))
            seen.append(signal.getsignal(signal.SIGINT))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]


class Interrupted(io.StringIO):
    """A terminal to which a signal comes in the middle of each write."""

    armed = False
    told_by: Thread | None = None
    """The thread that told of the signal."""

    def write(self, text: str) -> int:
        """Write `text`, after the signal."""
        if "finishing frame" in text:
            self.told_by = current_thread()
        elif self.armed and current_thread() is main_thread():
            signal.raise_signal(signal.SIGINT)
        return super().write(text)


def test_a_signal_in_the_middle_of_a_write_is_told_after_it(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    file = Interrupted()
    monkeypatch.setattr("sys.stderr", file)
    console = Console(stderr=True, force_terminal=True, width=100)
    with (
        pytest.raises(KeyboardInterrupt),
        progress(console, total=4, done=0) as report,
        finishing_frames() as begin,
    ):
        begin(FrameId(0))
        file.armed = True
        console.print("a warning")
        file.armed = False
        report(0, 1.0)
        begin(FrameId(1))
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", file.getvalue()).splitlines()
    assert [line.strip() for line in lines].count(words(0).strip()) == 1
    assert lines.index("a warning") < lines.index(words(0).strip())
    # A buffered stream of the system refuses a second write within the first.
    assert file.told_by not in (None, main_thread())

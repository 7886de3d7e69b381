from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from rich.console import Console

from pipeline.cli import progress as module
from pipeline.cli.progress import progress, work_through
from tests.pipeline.clock import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "monotonic", clock)
    return clock


def lines(clock: Clock, seconds: list[float], *, total: int, done: int = 0) -> list[str]:
    """What a log holds when the frames after `done` took so many seconds each."""
    console = Console(file=StringIO(), width=100)
    with progress(console, total=total, done=done) as report:
        for frame, each in enumerate(seconds, start=done):
            clock.now += each
            report(frame, each)
    return console.file.getvalue().splitlines()


def test_a_log_gets_a_line_with_pace_and_time_left(clock: Clock) -> None:
    assert lines(clock, [12.0, 12.0, 12.0], total=240) == [
        "rendering frame 1 of 240: 12.00 s a frame, 47:48 left",
        "rendering frame 2 of 240: 12.00 s a frame, 47:36 left",
        "rendering frame 3 of 240: 12.00 s a frame, 47:24 left",
    ]


def test_lines_are_ten_seconds_apart_and_the_first_comes_at_once(clock: Clock) -> None:
    told = lines(clock, [1.0] * 25, total=30)
    assert [line.split(":")[0] for line in told] == [
        "rendering frame 1 of 30",
        "rendering frame 11 of 30",
        "rendering frame 21 of 30",
    ]


def test_a_render_that_continues_counts_only_what_is_left(clock: Clock) -> None:
    assert lines(clock, [30.0], total=100, done=90) == [
        "rendering frame 91 of 100: 30.00 s a frame, 4:30 left"
    ]


def test_the_last_frame_leaves_nothing(clock: Clock) -> None:
    assert (
        lines(clock, [20.0, 20.0], total=2)[-1]
        == "rendering frame 2 of 2: 20.00 s a frame, 0:00 left"
    )


def paces(clock: Clock, seconds: list[float], *, total: int) -> list[str]:
    return [line.split(": ")[1] for line in lines(clock, seconds, total=total)]


def test_the_frame_that_warms_up_counts_until_there_is_another(clock: Clock) -> None:
    assert paces(clock, [40.0, 10.0, 20.0], total=103) == [
        "40.00 s a frame, 1:08:00 left",
        "10.00 s a frame, 16:50 left",
        "15.00 s a frame, 25:00 left",
    ]


def test_frames_that_alternate_are_told_by_their_mean(clock: Clock) -> None:
    told = paces(clock, [90.0, *(10.0, 30.0) * 20], total=141)
    assert told[-2:] == ["20.00 s a frame, 33:40 left", "20.00 s a frame, 33:20 left"]


def test_a_pace_that_changes_is_forgotten_after_sixteen_frames(clock: Clock) -> None:
    assert paces(clock, [10.0, *[10.0] * 30, *[50.0] * 16], total=147)[-1] == (
        "50.00 s a frame, 1:23:20 left"
    )


@pytest.fixture
def screen() -> Callable[[], Console]:
    """A terminal that keeps what it shows."""

    def make() -> Console:
        environment = {"TERM": "xterm"}
        return Console(
            force_terminal=True, file=StringIO(), width=120, color_system=None, _environ=environment
        )

    return make


def shown(console: Console) -> str:
    """Everything that was ever on the screen, without the codes that move the cursor."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", console.file.getvalue())


def test_a_terminal_gets_a_bar(screen: Callable[[], Console]) -> None:
    console = screen()
    with progress(console, total=4, done=0) as report:
        for frame in range(3):
            report(frame, 45.0)
    words = shown(console)
    assert re.search(r"rendering ━+ +3 of 4 frames 45\.00 s a frame, 0:45 left\s*$", words)
    # A log's line would break the bar.
    assert "rendering frame 1 of 4:" not in words


def test_a_bar_of_a_render_that_continues_starts_where_it_stopped(
    screen: Callable[[], Console],
) -> None:
    console = screen()
    with progress(console, total=100, done=90) as report:
        pass
    assert "90 of 100 frames" in shown(console)
    console = screen()
    with progress(console, total=100, done=90) as report:
        report(90, 2.0)
    assert "91 of 100 frames 2.00 s a frame, 0:18 left" in shown(console)


def test_the_bar_ends_with_an_error_too(screen: Callable[[], Console]) -> None:
    """The cursor, which the bar hides, comes back."""
    console = screen()
    with pytest.raises(KeyboardInterrupt), progress(console, total=4, done=0) as report:
        report(0, 1.0)
        raise KeyboardInterrupt
    written = console.file.getvalue()
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l")


def test_an_interruption_tells_how_much_of_the_work_is_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One frame held already and two are made: the one in work does not count."""

    def work() -> Iterator[None]:
        yield
        yield
        raise KeyboardInterrupt

    console = Console(file=StringIO(), width=100)
    with pytest.raises(KeyboardInterrupt):
        work_through(work(), console, total=7, done=1, label="digging", halted="holes dug")
    assert capsys.readouterr().err == "3 of 7 holes dug; the same command continues\n"
    assert console.file.getvalue().startswith("digging frame 2 of 7: ")

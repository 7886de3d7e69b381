from __future__ import annotations

import io

import pytest
from rich.console import Console

from pipeline.cli import pull_progress as module
from pipeline.cli.pull_progress import pull_progress
from tests.pipeline.clock import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "monotonic", clock)
    return clock


def test_a_log_gets_a_line_now_and_then(clock: Clock) -> None:
    console = Console(file=io.StringIO(), width=120)
    with pull_progress(console, "dpt_large") as report:
        report(50_000_000, 250_000_000)
        clock.now += 9
        report(70_000_000, 250_000_000)
        clock.now += 1
        report(100_000_000, 250_000_000)
    assert console.file.getvalue() == (  # type: ignore[attr-defined]
        "dpt_large: 50 MB of 250 MB\n"
        # 50 MB in 10 s; what was there before took no time.
        "dpt_large: 100 MB of 250 MB, 0:30 left\n"
    )


def test_a_download_that_starts_again_is_timed_again(clock: Clock) -> None:
    console = Console(file=io.StringIO(), width=120)
    with pull_progress(console, "dpt_large") as report:
        report(200_000_000, 250_000_000)
        clock.now += 10
        report(0, 250_000_000)
        clock.now += 10
        report(50_000_000, 250_000_000)
    last = console.file.getvalue().splitlines()[-1]  # type: ignore[attr-defined]
    assert last == "dpt_large: 50 MB of 250 MB, 0:40 left"


def test_a_silent_server_leaves_the_time_open(clock: Clock) -> None:
    console = Console(file=io.StringIO(), width=120)
    with pull_progress(console, "dpt_large") as report:
        report(50_000_000, None)
    assert console.file.getvalue() == "dpt_large: 50 MB\n"  # type: ignore[attr-defined]


def test_a_terminal_gets_a_bar() -> None:
    console = Console(file=io.StringIO(), width=120, force_terminal=True)
    with pull_progress(console, "dpt_large") as report:
        report(0, 250_000_000)
        report(250_000_000, 250_000_000)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "dpt_large" in shown and "250.0/250.0 MB" in shown

"""Progress of a download for a person: how much has come, how fast, time left.

A terminal gets a live bar; anything else (a log, a pipe) gets a line every few seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from keyframes.time_words import clock_time
from pipeline.catalogue.model_progress import DownloadReport
from pipeline.catalogue.publication import size_text

_LINE_SECONDS = 10.0


@contextmanager
def pull_progress(console: Console, name: str) -> Iterator[DownloadReport]:
    """A report for the download of the model `name`."""
    if not console.is_terminal:
        yield _lines(console, name)
        return
    with _bar(console) as bar:
        task = bar.add_task(name, total=None)

        def advance(received: int, total: int | None) -> None:
            bar.update(task, completed=received, total=total)

        yield advance


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
    )


def _lines(console: Console, name: str) -> DownloadReport:
    """A report in lines of text; the first comes at once and says how large the file is."""
    started: tuple[float, int] | None = None
    last = -_LINE_SECONDS

    def report(received: int, total: int | None) -> None:
        nonlocal started, last
        now = monotonic()
        if started is None or received < started[1]:
            started = now, received
        if now - last >= _LINE_SECONDS:
            last = now
            left = _left(received, total, now - started[0], received - started[1])
            of = "" if total is None else f" of {size_text(total)}"
            console.print(f"{name}: {size_text(received)}{of}{left}", highlight=False)

    return report


def _left(received: int, total: int | None, seconds: float, new: int) -> str:
    """The time left at the pace of this process; what an earlier one had fetched took no time."""
    if total is None or not new:
        return ""
    return f", {clock_time((total - received) * seconds / new)} left"

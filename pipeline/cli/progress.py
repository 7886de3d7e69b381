"""Progress of a render for a person: frame, seconds a frame, time left.

A terminal gets a live bar; anything else (a log, a pipe) gets a line every few seconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from statistics import fmean
from time import monotonic, perf_counter
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from keyframes.time_words import clock_time
from pipeline.cli.terminal import tell

_LINE_SECONDS = 10.0
_NEWEST = 16
"""Number of the newest frames, over which the seconds a frame are averaged."""


class FrameReport(Protocol):
    """A callback for one finished frame."""

    def __call__(self, frame: int, seconds: float) -> None:
        """`frame`, the number of frames done before it, took `seconds`."""
        ...


@contextmanager
def progress(
    console: Console, *, total: int, done: int, label: str = "rendering", patience: float = 0.0
) -> Iterator[FrameReport]:
    """A report for the frames of one work: `total` in all, of which `done` hold already.

    What is no terminal hears nothing for `patience` seconds, nor of what is done before.
    """
    pace = _Pace(total - done)
    if console.is_terminal:
        with _bar(console) as bar:
            task = bar.add_task(label, total=total, completed=done, pace="")

            def advance(frame: int, seconds: float) -> None:
                pace.add(seconds)
                bar.update(task, advance=1, pace=f"{pace}")

            yield advance
    else:
        yield _lines(console, pace, total, label, patience)


@contextmanager
def counting(
    console: Console, *, total: int, label: str, patience: float = 0.0
) -> Iterator[Callable[[int], None]]:
    """A report for a work that tells now and then how many frames are done, as an encoder does."""
    done, then = 0, perf_counter()
    with progress(console, total=total, done=0, label=label, patience=patience) as report:

        def advance(count: int) -> None:
            nonlocal done, then
            now = perf_counter()
            each = (now - then) / max(1, count - done)
            for frame in range(done, count):
                report(frame, each)
            done, then = max(done, count), now if count > done else then

        yield advance


def work_through(
    work: Iterable[object], console: Console, *, total: int, done: int, label: str, halted: str
) -> None:
    """Go through a work of `total` frames, of which `done` hold already, with its progress.

    A keyboard interrupt passes, after `{done} of {total}` and then `halted` have been told.
    """
    try:
        with progress(console, total=total, done=done, label=label) as report:
            started = perf_counter()
            for _ in work:
                now = perf_counter()
                report(done, now - started)
                started, done = now, done + 1
    except KeyboardInterrupt:
        tell(f"{done} of {total} {halted}; the same command continues")
        raise


class _Pace:
    """Seconds a frame, as the mean of the newest, and what that leaves.

    The first frame is left out as soon as there is another: the networks warm up in it, and that
    of a video takes every step. Not a median: where dear frames alternate with cheap ones it would
    know but one kind.
    """

    def __init__(self, left: int) -> None:
        self._newest: deque[float] = deque(maxlen=_NEWEST)
        self._added = 0
        self._left = left

    def add(self, seconds: float) -> None:
        if self._added == 1:
            self._newest.clear()
        self._newest.append(seconds)
        self._added += 1
        self._left -= 1

    def __str__(self) -> str:
        seconds = fmean(self._newest) if self._newest else 0.0
        return f"{seconds:.2f} s a frame, {clock_time(self._left * seconds)} left"


def _bar(console: Console) -> Progress:
    # Not rich's own column for the time left, which looks back half a minute only: frames may take
    # longer.
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f} of {task.total:.0f} frames"),
        TextColumn("{task.fields[pace]}"),
        console=console,
    )


def _lines(console: Console, pace: _Pace, total: int, label: str, patience: float) -> FrameReport:
    last = monotonic() + patience - _LINE_SECONDS

    def report(frame: int, seconds: float) -> None:
        nonlocal last
        pace.add(seconds)
        now = monotonic()
        if now - last >= _LINE_SECONDS:
            last = now
            console.print(f"{label} frame {frame + 1} of {total}: {pace}", highlight=False)

    return report

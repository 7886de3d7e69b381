"""Starting other programs, which then take signals as if somebody had typed their command.

A shell lets what runs in its background ignore Ctrl-C, and children inherit that: without this, a
test that interrupts its child would pass in the foreground only.
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any


def run(argv: Sequence[str], **options: Any) -> subprocess.CompletedProcess[Any]:
    """The finished program; `options` are those of `subprocess.run`."""
    with _no_signal_ignored():
        return subprocess.run(argv, **options)


def start(argv: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
    """The running program; `options` are those of `subprocess.Popen`."""
    with _no_signal_ignored():
        return subprocess.Popen(argv, **options)


@contextmanager
def _no_signal_ignored() -> Iterator[None]:
    # A signal that has a handler here has the system's default in a program that is started.
    handlers = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: lambda *_: None}
    if hasattr(signal, "SIGHUP"):
        handlers[signal.SIGHUP] = handlers[signal.SIGTERM]
    before = {number: signal.getsignal(number) for number in handlers}
    ignored = [number for number, handler in before.items() if handler is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, handlers[number])
    try:
        yield
    finally:
        for number in ignored:
            signal.signal(number, before[number])

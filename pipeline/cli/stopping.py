"""Stopping a render politely: the frame in work is finished and saved first, then it ends."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread, current_thread, main_thread
from time import monotonic
from types import FrameType

from pipeline.cli.error_handler import REQUESTS
from pipeline.cli.terminal import tell
from pipeline.spec.frame import FrameId

_ECHO_SECONDS = 0.1
"""A request that comes again within this time is the same one.

The kernel and the shell both tell of a terminal that is closed, and a terminal and the program that
started this one both tell of Ctrl-C. Fingers are slower.
"""


@contextmanager
def finishing_frames() -> Iterator[Callable[[FrameId], None]]:
    """While the body runs, Ctrl-C, SIGTERM and SIGHUP let the frame in work be finished.

    Call what is yielded as each frame begins. The first signal says which frame is finished yet,
    and the next call, or the end of the body, raises KeyboardInterrupt; a second signal raises it
    at once, as does one before the first frame. A signal that is ignored stays ignored. Handlers
    are put back afterwards; outside of the main thread, which alone may have any, nothing changes.
    """
    if current_thread() is not main_thread():
        yield lambda frame: None
        return
    with _announcer() as announce:
        request = _Request(announce)
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, *REQUESTS)}
        taken = {
            number: handler
            for number, handler in before.items()
            if handler not in (None, signal.SIG_IGN)
        }
        try:
            for number in taken:
                signal.signal(number, request.arrives)
            yield request.begin
            request.heed()
        finally:
            for number, handler in taken.items():
                signal.signal(number, handler)


class _Request:
    """What was asked for by signals, and the frame that was in work then."""

    def __init__(self, announce: Callable[[str], None]) -> None:
        self._announce = announce
        self._frame: FrameId | None = None
        self._came: float | None = None

    def arrives(self, number: int, frame: FrameType | None) -> None:
        """Take note of the first signal in a frame; raise KeyboardInterrupt at any other."""
        now = monotonic()
        if self._frame is None or (self._came is not None and now - self._came > _ECHO_SECONDS):
            raise KeyboardInterrupt
        if self._came is None:
            self._came = now
            self._announce(f"finishing frame {self._frame}, then stopping; once more stops now")

    def begin(self, frame: FrameId) -> None:
        """Take note that `frame` is in work, unless the render is to stop before it."""
        self._frame = frame
        self.heed()

    def heed(self) -> None:
        """Raise KeyboardInterrupt if a signal came."""
        if self._came is not None:
            raise KeyboardInterrupt


@contextmanager
def _announcer() -> Iterator[Callable[[str], None]]:
    """A way to tell something out of a signal handler, once; it is told before the body is left.

    A handler may interrupt a write to the terminal, into which no other one may be put: another
    thread waits until that is done. To put something into this queue is safe at any moment.
    """
    words: SimpleQueue[str] = SimpleQueue()

    def wait() -> None:
        if text := words.get():
            tell(text)

    thread = Thread(target=wait, daemon=True)
    thread.start()
    try:
        yield words.put
    finally:
        words.put("")
        thread.join()

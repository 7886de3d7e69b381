"""Standard output and standard error, as streams that never fail, and lines for people on them.

A character that the terminal's encoding does not have is written as its code; a reader that has
gone away (`discoreel plan scene.yaml | head -1`), a full disk or a closed stream costs the words
and nothing else. What a render has finished does not hang on anybody's reading of it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any, TextIO, cast

from keyframes.quoting import visible

LINES = "\n\t"
"""The control characters that a text for people may have."""

Piece = tuple[str, str]
"""A piece of a text, and how it is shown: `bold`, `bold red`, or nothing."""


def say(text: str) -> None:
    """Print a result; characters that a terminal would obey are shown as their codes."""
    print(visible(text, keep=LINES), flush=True)


def tell(text: str) -> None:
    """Print a message on standard error; what a terminal would obey is shown as its code."""
    print(visible(text, keep=LINES), file=sys.stderr, flush=True)


def tell_styled(pieces: Iterable[Piece]) -> None:
    """Print a message on standard error, in colours and weights where that can show them.

    `NO_COLOR` makes it plain, as does what is no terminal.
    """
    seen = [(visible(text, keep=LINES), style) for text, style in pieces]
    if not _may_be_styled():
        tell("".join(text for text, _ in seen))
        return
    from rich.console import Console
    from rich.text import Text

    Console(stderr=True, highlight=False).print(Text.assemble(*seen), soft_wrap=True)


def _may_be_styled() -> bool:
    """Whether standard error is a terminal whose owner has nothing against colours."""
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR")


@contextmanager
def steady_streams() -> Iterator[None]:
    """While the body runs, no `print`, log or progress bar can fail on the two streams."""
    before = sys.stdout, sys.stderr
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        # Python has none in the place of a stream that was closed before it started.
        results, words = (stream if stream and not stream.closed else nowhere for stream in before)
        with _coding(results), _apart(words) as apart, _coding(apart):
            told = SteadyStream(apart, words.fileno if apart is not words else None)
            sys.stdout, sys.stderr = cast(TextIO, SteadyStream(results)), cast(TextIO, told)
            try:
                yield
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                sys.stdout, sys.stderr = before


@contextmanager
def _apart(stream: TextIO) -> Iterator[TextIO]:
    """`stream` on a descriptor of its own, where it has any.

    Descriptor 2 leads nowhere while a library decodes a picture, lest the library print; what
    another thread tells meanwhile would be lost.
    """
    try:
        descriptor = os.dup(stream.fileno())
    except (OSError, ValueError):
        yield stream
        return
    with open(descriptor, "w", buffering=1, encoding=stream.encoding) as apart:
        yield apart


@contextmanager
def _coding(stream: TextIO) -> Iterator[None]:
    """While the body runs, `stream` writes characters that it cannot encode as codes."""
    if not isinstance(stream, TextIOWrapper):
        yield
        return
    before = stream.errors
    stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        stream.reconfigure(errors=before)


def lost_output() -> OSError | None:
    """Why standard output, which was to be a `SteadyStream`, did not take all that was printed.

    None if it did, and where its reader has gone away or nobody opened it: then nobody misses it.
    """
    sys.stdout.flush()
    return sys.stdout.lost if isinstance(sys.stdout, SteadyStream) else None


class SteadyStream:
    """A text stream that goes silent where it would fail.

    `fileno` tells the descriptor that it goes by, if that is not its own: rich draws on a Windows
    console only where that is 1 or 2.
    """

    def __init__(self, stream: TextIO, fileno: Callable[[], int] | None = None) -> None:
        self._stream = stream
        self.fileno = fileno or stream.fileno
        self.lost: OSError | None = None
        """What the disk said that did not take the words; a reader that left says nothing."""

    def write(self, text: str) -> int:
        """Write `text` if that is possible; its length."""
        try:
            return self._stream.write(text)
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            self._silence(error)
            return len(text)

    def flush(self) -> None:
        """Hand on what was written, if that is possible."""
        try:
            self._stream.flush()
        except (OSError, ValueError) as error:
            self._silence(error)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _silence(self, error: OSError | ValueError) -> None:
        """Lead the stream into nothing: what it still holds would fail again when it is closed."""
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            self.lost = error
        try:
            descriptor = self._stream.fileno()
        except (OSError, ValueError):
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)

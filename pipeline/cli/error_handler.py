"""Whatever ends the program, as words and an exit code.

0    done
1    something that the scene's author can mend; the message says what
2    a command line that does not parse
3    a bug: traceback, and a log file of it
130  interrupted; a polite request to terminate, and a terminal that is closed, count as one
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from pipeline.cli.problems import tell_mistakes
from pipeline.cli.terminal import lost_output, tell
from pipeline.errors import Error, SceneError
from pipeline.networks.device_errors import device_words
from pipeline.networks.memory.shortage import is_shortage

MENDABLE, BUG, INTERRUPTED = 1, 3, 130

REQUESTS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals that ask to stop; Windows knows no SIGHUP."""


@contextmanager
def error_handler() -> Iterator[None]:
    """Turn exceptions of the body into messages on standard error and a `SystemExit`.

    What is ignored, as SIGHUP is under nohup, stays ignored.
    """
    heeded = [number for number in REQUESTS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, _interrupt) for number in heeded}
    try:
        yield
        _results_arrived()
    except SystemExit as left:
        if not left.code:
            _results_arrived()
        raise
    except SceneError as error:
        tell_mistakes(error)
        raise SystemExit(MENDABLE) from None
    except Error as error:
        tell(str(error))
        raise SystemExit(MENDABLE) from None
    except KeyboardInterrupt:
        tell("interrupted")
        raise SystemExit(INTERRUPTED) from None
    except Exception as error:
        words = _TOO_LITTLE_MEMORY if is_shortage(error) else device_words(error)
        tell(words or _bug_report(error))
        raise SystemExit(MENDABLE if words else BUG) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _results_arrived() -> None:
    """Leave with 1 where a result did not get to where standard output leads, a full disk say."""
    lost = lost_output()
    if lost is not None:
        tell(f"cannot write the result to standard output: {lost.strerror or lost}")
        raise SystemExit(MENDABLE)


_TOO_LITTLE_MEMORY = (
    "there is not enough memory for this; finished frames are safe. Any of these needs less: close "
    "other programs; a smaller video.size, output.size or output.scale; fewer frames"
)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _bug_report(error: Exception) -> str:
    """The traceback, and where a copy of it lies."""
    import traceback

    report = "".join(traceback.format_exception(error))
    try:
        request = f"Please report it with the file {_log_of(report)}"
    except OSError as refusal:
        request = f"Please report it with the lines above (a log cannot be written: {refusal})"
    return (
        f"{report}\nThis is a bug in discoreel, not in your scene; finished frames are safe.\n"
        f"{request}"
    )


def _log_of(report: str) -> Path:
    """The new file that holds a bug's report; OSError if there is no place for one."""
    import tempfile

    with tempfile.NamedTemporaryFile(
        "w",
        prefix="discoreel-",
        suffix=".log",
        delete=False,
        encoding="utf-8",
        errors="backslashreplace",
    ) as log:
        log.write(f"{sys.argv}\n{sys.version}\n\n{report}")
    return Path(log.name)

"""Feeds a program that does not outlive the one who asked for it.

    python tether.py BYTES PROGRAM ARGUMENT ...

So many bytes of this process's standard input are the program's, and then its input ends. This
process's own input stays open until the program is done: it is a pipe whose other end the asker
holds, and which the system closes however the asker ends, also by SIGKILL. If it ends before, the
program is killed, so that what was cut short is never finished. Output and errors are this
process's; the exit code is the program's own, or 128 and the signal that killed it. The file stands
alone: it is run without the package.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

_BLOCK = 1 << 20
"""Most bytes that are handed on at once."""


def run(size: int, argv: Sequence[str]) -> int:
    """Run the program on `size` bytes, to its end or that of the input; returns the exit code."""
    program = subprocess.Popen(argv, stdin=subprocess.PIPE)
    # Ctrl-C reaches everyone at the terminal; what becomes of the program the asker decides.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: program.kill())
    threading.Thread(target=_feed, args=(program, size), daemon=True).start()
    code = program.wait()
    return code if code >= 0 else 128 - code


def _feed(program: subprocess.Popen[bytes], size: int) -> None:
    assert program.stdin is not None  # Popen is given PIPE
    try:
        # Not sys.stdin, whose lock a thread that waits would hold when the interpreter ends.
        while size and (data := os.read(0, min(size, _BLOCK))):
            program.stdin.write(data)
            size -= len(data)
        if not size:
            program.stdin.close()
            while os.read(0, 1):
                pass
    except OSError:  # the program takes no more: it ends by itself, and says why
        return
    program.kill()


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]), sys.argv[2:]))

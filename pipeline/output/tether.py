"""Runs a program that does not outlive the one who asked for it.

    python tether.py PROGRAM ARGUMENT ...

The program ends by itself, or is killed when this process's standard input closes. That is a pipe
whose other end the asker holds, and which the system closes however the asker ends, also by
SIGKILL. The program gets no input; its output and errors are this process's. The exit code is its
own, or 128 and the signal that killed it. The file stands alone: it is run without the package.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence


def run(argv: Sequence[str]) -> int:
    """Run the program to its end or that of the input; returns the exit code."""
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL) as program:
        # Ctrl-C reaches everyone at the terminal; what becomes of the program the asker decides.
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: program.kill())
        threading.Thread(target=_kill_at_the_end, args=(program,), daemon=True).start()
        code = program.wait()
    return code if code >= 0 else 128 - code


def _kill_at_the_end(program: subprocess.Popen[bytes]) -> None:
    # Not sys.stdin, whose lock a thread that waits for it would hold when the interpreter ends.
    while os.read(0, 1):
        pass
    program.kill()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))

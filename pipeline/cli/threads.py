"""With how many threads torch computes on the CPU, and what they do while they wait.

OpenMP, which torch uses, reads both from the environment when torch is imported, so this comes
before. What the user has set there stands.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

_WAITING = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME")
_COUNTS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Environment variables for the number of threads.

torch takes MKL's where it has MKL, whose dynamic number is at most that of the cores.
"""

_TURNS = "1000"
"""Spin count of GNU OpenMP: how often a waiting thread checks the others before it sleeps.

The default of 300,000 keeps a core from whoever could use it, the thread that is waited for
included: beside one busy process on two cores a render took 1.5 to 3.6 times as long with them.
"""

Threads = Annotated[
    int | None,
    typer.Option(
        "--threads",
        metavar="N",
        min=1,
        max=256,
        help="How many threads compute on the CPU; if not given, as many as before, or as cores.",
    ),
]


def inherited_threads(folder: Path) -> int | None:
    """The threads that the render in `folder` was begun with, unless the environment sets some.

    Frames that go on with as many are the bytes that they would have been without an interruption.
    """
    from pipeline.run.seams import threads_of

    return None if any(name in os.environ for name in _COUNTS) else threads_of(folder)


def settle_threads(count: int | None) -> None:
    """Tell torch, which is not imported yet, to use `count` threads, or as many as it likes."""
    if not any(name in os.environ for name in _WAITING):
        os.environ["GOMP_SPINCOUNT"] = _TURNS
    if count is not None:
        os.environ.update(dict.fromkeys(_COUNTS, str(count)), MKL_DYNAMIC="FALSE")

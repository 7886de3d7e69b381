"""Commands of the program in processes of their own that begin at once, to be killed at any moment.

A server imports the program and torch, and then forks a process for each command: what would take
seconds takes milliseconds. What runs there is the command line itself, but for the networks, in
whose places are closed forms that paint a tiny frame in milliseconds.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import IO

from tests import child

ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
"""What lets the libraries have no threads of their own, of which a fork would lose all but one."""

KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    """Its exit code, or the number of the signal that ended it, below 0."""
    seconds: float
    """How long it ran."""
    words: str
    """What it said on both streams."""


class Server:
    """A running server; commands run one after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Use `serving`."""
        self._process = process

    def run(self, command: Sequence[str], folder: Path, kill_after: float | None = None) -> Ended:
        """The command in `folder`, killed after so many seconds unless it ended before."""
        assert self._process.stdin and self._process.stdout
        request = {"command": list(command), "folder": str(folder), "kill_after": kill_after}
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return Ended(**json.loads(self._process.stdout.readline()))


@contextmanager
def serving(log: Path) -> Iterator[Server]:
    """A server, which ends with the body; what it has to say itself goes to `log`."""
    with log.open("w") as errors:
        process = child.start(
            [sys.executable, "-m", __name__],
            env={**os.environ, **ONE_THREAD, "DISCOREEL_CACHE": str(log.with_suffix(".cache"))},
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
        )
        with process:
            try:
                yield Server(process)
            finally:
                process.stdin.close()


def serve(requests: IO[str], answers: IO[str]) -> None:
    """Run what is asked for, a line of JSON each, and answer how it ended."""
    _load()
    gc.freeze()  # else each child would copy all of these objects by looking at them
    alone = threading.active_count() == 1 and _system_threads() in (None, 1)
    assert alone, "a fork would lose the other threads, and what they have locked"
    for line in requests:
        print(json.dumps(asdict(_ended(**json.loads(line)))), file=answers, flush=True)
    os._exit(0)  # libraries that were only imported have nothing to say at the end


def _load() -> None:
    import pipeline
    from pipeline.cli.loading import Loading
    from tests.pipeline.toy_networks import toy_networks

    for module in _modules(pipeline):
        importlib.import_module(module)
    Loading.load = lambda self: {name: toy_networks() for name in self.sets}


def _modules(package: ModuleType) -> Iterator[str]:
    """Every module of the program, but for the page that follows a scene, an extra."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.startswith(("pipeline.web", "pipeline.__main__")):
            yield module.name


def _system_threads() -> int | None:
    """The threads of this process, those of libraries too; None where the system does not tell."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else None


def _ended(command: list[str], folder: str, kill_after: float | None) -> Ended:
    said = Path(folder) / "said.log"
    started = time.monotonic()
    number = os.fork()
    if not number:
        _become(command, folder, said)
    while not (ended := os.waitpid(number, os.WNOHANG))[0]:
        if kill_after is not None and time.monotonic() - started >= kill_after:
            os.kill(number, signal.SIGKILL)
            ended = os.waitpid(number, 0)
            break
        time.sleep(0.0005)
    code = os.waitstatus_to_exitcode(ended[1])
    return Ended(code, time.monotonic() - started, said.read_text() if said.exists() else "")


def _become(command: list[str], folder: str, said: Path) -> None:
    """Be the program with these arguments; does not return."""
    from pipeline.__main__ import main

    code = 3
    try:
        os.chdir(folder)
        files = [os.open(os.devnull, os.O_RDONLY), os.open(said, os.O_CREAT | os.O_WRONLY)]
        os.truncate(said, 0)
        for number, file in ((0, files[0]), (1, files[1]), (2, files[1])):
            os.dup2(file, number)
        sys.argv = ["discoreel", *command]
        main()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)

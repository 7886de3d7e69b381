"""How renders share a machine: `python -m tools.bench.side_by_side SCENE [--rounds N]`.

Renders a scene alone, beside another render of it, and beside a process that only keeps a core
busy, in turns; prints the median seconds of each and how many times as long as alone it took. What
the environment says of threads, such as `OMP_NUM_THREADS`, holds for the renders too.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import perf_counter

BUSY = "while True: pass"


def start(scene: Path, folder: Path) -> subprocess.Popen[bytes]:
    """A render of `scene` into `folder`, in a process of its own."""
    argv = [sys.executable, "-m", "pipeline", "render", str(scene), "--out", str(folder)]
    return subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def renders(scene: Path, count: int) -> float:
    """Seconds until `count` renders that start together are all done."""
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        processes = [start(scene, Path(folder) / str(number)) for number in range(count)]
        codes = [process.wait() for process in processes]
        seconds = perf_counter() - started
    if any(codes):
        raise SystemExit(f"{scene} does not render: exit codes {codes}")
    return seconds


def beside_busy(scene: Path) -> float:
    """Seconds of one render while another process keeps a core busy."""
    with ExitStack() as stack:
        busy = subprocess.Popen([sys.executable, "-c", BUSY])
        stack.callback(busy.wait)
        stack.callback(busy.kill)
        return renders(scene, 1)


CASES: Mapping[str, Callable[[Path], float]] = {
    "one alone": lambda scene: renders(scene, 1),
    "two at once": lambda scene: renders(scene, 2),
    "one beside a busy process": beside_busy,
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scene", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(options.rounds):
        for name, measure in CASES.items():
            seconds[name].append(measure(options.scene))
    alone = median(seconds["one alone"])
    for name, values in seconds.items():
        print(f"{name:<28} {median(values):7.2f} s  {median(values) / alone:5.2f} times one alone")


if __name__ == "__main__":
    main()

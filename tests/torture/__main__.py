"""`make torture`: hundreds of kills at random moments, and 0 bytes that differ.

python -m tests.torture [KILLS] [SEED]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from shutil import rmtree
from time import monotonic

from tests.torture.cases import CASES
from tests.torture.lives import torture
from tests.torture.server import serving

KILLS, SEED = 500, 13


def main(count: int = KILLS, seed: int = SEED) -> None:
    """Kill commands of all cases `count` times in all, and say so."""
    folder = Path(tempfile.mkdtemp(prefix="torture-"))
    print(f"{count} kills, seed {seed}, in {folder}")
    started, total, lives = monotonic(), 0, 0
    with serving(folder / "server.log") as server:
        for case in CASES:
            kills = torture(case, server, folder, -(-count // len(CASES)), seed)
            total, lives = total + kills.count, lives + kills.lives
            torn = f"{kills.torn} with a file half written"
            print(
                f"{case.name:<9} {kills.count:3d} kills, {torn}; {kills.lives} renders", flush=True
            )
            for command, times in kills.by_command.items():
                print(f"          {times:3d} of {command}", flush=True)
    rmtree(folder)
    seconds = monotonic() - started
    print(f"{total} kills, {lives} renders: 0 bytes differ, in {seconds:.0f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

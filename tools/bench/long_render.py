"""What 10,000 frames cost beside their painting: planning, saving, opening, status.

python -m tools.bench.long_render [FRAMES]

The frames are flat pictures of 16 x 16 pixels with something in their memory, in twenty shots with
some curves: what is measured is what grows with the number of frames.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np

from pipeline.catalogue.locate import locate_all
from pipeline.catalogue.network_fingerprints import fingerprints
from pipeline.catalogue.store import find_store
from pipeline.plan.make import make_plan
from pipeline.run.digest import Fingerprints
from pipeline.run.run import Run
from pipeline.run.status import read_status
from pipeline.scene.load import load_scene
from pipeline.spec.plan import Plan

FRAMES, SHOTS = 10_000, 20

SCENE = """\
video: {{size: [16, 16], fps: 24, duration: {frames}}}
camera: {{mode: 2d, memory: frame, zoom: "1 + 0.01 * sin(t)", roll: "sin(t / 3)"}}
sampler: {{steps: 2, skip_steps: {{first: 0, then: 1}}, noise: fresh}}
guidance: {{gradient: none, tv_scale: "100 + 10 * sin(t)"}}
output: {{upscale: none}}
shots:
{shots}
"""


@dataclass(frozen=True, slots=True)
class Saved:
    """What it took to save a frame."""

    seconds: float
    """CPU seconds."""
    resident: int
    """Bytes of memory of this process afterwards; 0 where the system does not tell."""


def long_plan(folder: Path, frames: int = FRAMES) -> tuple[Plan, Mapping[str, Fingerprints]]:
    """The plan of a scene that is written to `folder`, and the fingerprints of its networks."""
    ends = [f"until: {frames * (shot + 1) // SHOTS}, " for shot in range(SHOTS - 1)] + [""]
    shots = (f"  - {{name: s{shot:02d}, {end}prompts: red}}\n" for shot, end in enumerate(ends))
    scene = folder / "long.yaml"
    scene.write_text(SCENE.format(frames=frames, shots="".join(shots)), encoding="utf-8")
    plan, store = make_plan(load_scene(scene)), find_store()
    located = locate_all(plan, store)
    return plan, {name: fingerprints(one, store) for name, one in located.items()}


def save_flat(run: Run, plan: Plan, without: int = 0) -> Iterator[Saved]:
    """Save flat pictures for the frames of `plan`, but for the last ones."""
    memory = {"kept": np.zeros(16, np.float32)}
    for number, spec in enumerate(plan.frames[: len(plan) - without]):
        pixels = np.full((16, 16, 3), number % 256, np.uint8)
        started = process_time()
        run.save(spec, pixels, 0.01, memory)
        yield Saved(process_time() - started, _resident())


def _resident() -> int:
    pages = Path("/proc/self/statm")
    return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if pages.exists() else 0


def _told(label: str, work: Callable[[], object], times: int = 5) -> None:
    """Print the least wall and CPU seconds of a work."""
    took = []
    for _ in range(times):
        wall, cpu = perf_counter(), process_time()
        work()
        took.append((perf_counter() - wall, process_time() - cpu))
    wall, cpu = (min(column) for column in zip(*took, strict=True))
    print(f"{label:<22} {wall:.2f} s ({cpu:.2f} s of computing)", flush=True)


def main(frames: int = FRAMES) -> None:
    """Measure, and print."""
    gc.disable()  # as the program does
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _told("reading and planning", lambda: long_plan(folder, frames))
        plan, prints = long_plan(folder, frames)
        with Run.open(folder / "out", plan, prints) as run:
            saved = list(save_flat(run, plan))
        some = len(saved) // 10
        early, late = (
            median(one.seconds for one in part) for part in (saved[:some], saved[-some:])
        )
        grown = (saved[-1].resident - saved[some].resident) / 1e6
        print(f"saving a frame         {1000 * early:.2f} ms of computing at the beginning")
        print(f"                       {1000 * late:.2f} ms at the end, {grown:.0f} MB more memory")
        _told("opening", lambda: Run.open(folder / "out", plan, prints).close())
        _told("status", lambda: read_status(folder / "out"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

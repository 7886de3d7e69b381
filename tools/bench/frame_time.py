"""Where the seconds of a frame go: `python -m tools.bench.frame_time SCENE [--frames N]`.

Renders the first frames of a scene into a temporary folder and prints the share of each step of the
frame loop, and of one frame the operators that take the most time.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import torch

from pipeline.catalogue.locate import locate_all
from pipeline.catalogue.network_digests import UPSCALER
from pipeline.catalogue.network_fingerprints import fingerprints
from pipeline.catalogue.store import find_store
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.files.pictures import read_picture
from pipeline.networks.bundle import Networks
from pipeline.networks.load import load_networks
from pipeline.networks.upscaler import SCALE, load_upscaler
from pipeline.output.enlargement import Enlargement
from pipeline.plan.make import make_plan
from pipeline.render.camera_step import move
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.render.loop import embed_prompts
from pipeline.render.sampling import sample
from pipeline.render.start import Start
from pipeline.run.run import Run
from pipeline.scene.load import load_scene
from pipeline.spec.frame import MAIN, FrameSpec
from pipeline.spec.plan import Plan

WARM_UP = 2
"""Frames that are rendered before the clock counts."""


class Stopwatch:
    """Seconds by name."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """Add the body's seconds to `name`."""
        started = perf_counter()
        yield
        self.seconds[name] += perf_counter() - started


def render_timed(spec: FrameSpec, run: Run, networks: Networks, watch: Stopwatch) -> None:
    """One frame of a chain, as `pipeline.render` does it, with a clock at each step."""
    init = None
    if spec.grows:
        with watch.measure("read and warp"):
            saved = to_tensor(run.frames.pixels(*spec.earlier))
            depth = networks.depth_for(spec.camera.projection)
            init = move(saved, spec.motions, spec.camera, depth)
    space = networks.denoiser.space
    with watch.measure("sample"):
        canvas = Start(init).within(space)
        denoiser = guided_denoiser(networks, spec, canvas)
        *_, last = sample(canvas.x, spec, denoiser, networks.device, space=space)
        with torch.no_grad():
            picture = space.decode(last.x)
    with watch.measure("save"):
        run.save(spec, to_pixels(picture), 0.0)


def enlarge_timed(run: Run, plan: Plan, folder: Path, watch: Stopwatch) -> None:
    """Every finished frame eight times as large, on the disk."""
    upscaler = load_upscaler(UPSCALER, torch.device("cpu"))
    frames = run.footage(plan).frames
    height, width, _ = read_picture(frames[0]).shape
    size = SCALE * width, SCALE * height
    larger = Enlargement(frames, folder, size, fingerprint="", root=frames[0].parent)
    list(larger.make(frames[:WARM_UP], upscaler.enlarge))
    with watch.measure("upscale"):
        list(larger.make(frames[WARM_UP:], upscaler.enlarge))


def measure(plan: Plan, networks: Networks, folder: Path) -> tuple[Stopwatch, list[Any]]:
    """The steps' seconds over all frames but the warm-up, and the operators' of one more pass."""
    watch, store = Stopwatch(), find_store()
    embed_prompts(plan, {MAIN: networks})
    prints = {name: fingerprints(one, store) for name, one in locate_all(plan, store).items()}
    with Run.open(folder, plan, prints) as run:
        for spec in plan:
            if spec.frame == WARM_UP:
                watch.seconds.clear()
            render_timed(spec, run, networks, watch)
        enlarge_timed(run, plan, folder / "upscaled", watch)
        with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
            render_timed(plan[len(plan) - 1], run, networks, Stopwatch())
    return watch, list(profile.key_averages())


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scene", type=Path)
    parser.add_argument("--frames", type=int, default=12)
    options = parser.parse_args()
    plan = make_plan(load_scene(options.scene))
    plan = replace(plan, frames=plan.frames[: options.frames])
    located = locate_all(plan, find_store())[MAIN]
    networks = load_networks(located, torch.device("cpu"))
    with tempfile.TemporaryDirectory() as folder:
        watch, operators = measure(plan, networks, Path(folder) / "run")
    count = len(plan) - WARM_UP
    total = sum(watch.seconds.values())
    print(f"{total / count:.3f} s a frame over {count} frames, {torch.get_num_threads()} threads")
    for name, seconds in watch.seconds.items():
        print(f"  {name:<16} {seconds / count:.3f} s  {seconds / total:4.0%}")
    everything = sum(item.self_cpu_time_total for item in operators)
    print("operators of one frame, by their own time")
    for item in sorted(operators, key=lambda item: -item.self_cpu_time_total)[:12]:
        print(f"  {item.key:<44} {item.self_cpu_time_total / everything:4.0%}")


if __name__ == "__main__":
    main()

"""Renders whose frames were painted, not computed: for what the commands do with frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from pipeline.catalogue.locate import locate_all
from pipeline.catalogue.network_fingerprints import fingerprints
from pipeline.catalogue.store import find_store
from pipeline.cli.app import app
from pipeline.plan.make import make_plan
from pipeline.run.run import Run
from pipeline.scene.composing.choice import AS_WRITTEN, Choice
from pipeline.scene.load import read_scene

SCENE = """\
video: {size: [96, 96], fps: 8, duration: 6}
prompts: a lighthouse
output: {upscale: none}
"""


def write_scene(folder: Path) -> Path:
    """A scene of six frames that are not enlarged."""
    path = folder / "sea.yaml"
    path.write_text(SCENE, encoding="utf-8")
    return path


def paint(scene: Path, out: Path, count: int, choice: Choice = AS_WRITTEN) -> None:
    """The first `count` frames of a render of `scene`, as the starter would leave them."""
    plan, store = make_plan(read_scene(scene, choice=choice).scene), find_store()
    located = locate_all(plan, store)
    prints = {name: fingerprints(one, store) for name, one in located.items()}
    with Run.open(out, plan, prints) as run:
        for spec in plan.frames[:count]:
            pixels = np.full((*spec.size[::-1], 3), 40 * spec.frame % 256, dtype=np.uint8)
            run.save(spec, pixels, seconds=1.0)


def say(*arguments: str | Path) -> tuple[str, str]:
    """Standard output and standard error of a command that succeeds."""
    done = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return done.stdout, done.stderr

"""Renders what the gates look at: scenes on the starter, at the preset's own settings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import torch
import yaml
from rich.console import Console

from pipeline.load import load_scene
from pipeline.models.bundle import Models, load_models
from pipeline.models.locate import fingerprints, locate, networks_of
from pipeline.models.sources import ModelsSpec
from pipeline.models.store import find_store
from pipeline.plan import make_plan
from pipeline.progress import progress
from pipeline.render import render
from pipeline.run import Run
from pipeline.spec import Plan


@cache
def starter() -> Models:
    """The starter's networks, loaded once."""
    return load_models(locate(ModelsSpec(), find_store()), torch.device("cpu"))


def render_scene(scene: Mapping[str, object], folder: Path) -> tuple[Plan, list[Path]]:
    """The plan of `scene` and the files of its frames, in the run that `folder` becomes.

    Goes on where it was interrupted; frames that no longer hold are rendered again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "scene.yaml"
    file.write_text(yaml.safe_dump(dict(scene), sort_keys=False, width=200))
    plan = make_plan(load_scene(file))
    store = find_store()
    networks = fingerprints(networks_of(plan, store), store)
    console = Console(stderr=True)
    with Run.open(folder / "run", plan, networks, replace_stale=True) as run:
        with progress(console, total=len(plan), done=run.finished) as report:
            for frame in render(plan, run, starter()):
                report(frame.spec.frame, frame.seconds)
        return plan, run.frame_files()

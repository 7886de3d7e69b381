"""What the gates look at: scenes rendered on the starter at the preset's settings, and sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import cv2
import torch
import yaml
from rich.console import Console

from pipeline.catalogue.locate import locate, locate_all
from pipeline.catalogue.network_digests import UPSCALER
from pipeline.catalogue.network_fingerprints import fingerprints
from pipeline.catalogue.store import find_store
from pipeline.cli.progress import progress
from pipeline.files.png import Pixels
from pipeline.networks.bundle import Networks
from pipeline.networks.load import load_networks
from pipeline.networks.upscaler import load_upscaler
from pipeline.output.contact_sheet import contact_sheet
from pipeline.plan.make import make_plan
from pipeline.render.loop import render
from pipeline.run.run import Run
from pipeline.scene.load import load_scene
from pipeline.spec.frame import MAIN
from pipeline.spec.plan import Plan
from pipeline.spec.sources import NetworkSet


@cache
def starter() -> Networks:
    """The starter's networks, loaded once."""
    return load_networks(locate(NetworkSet(), find_store()), torch.device("cpu"))


def render_scene(scene: Mapping[str, object], folder: Path) -> tuple[Plan, list[Path]]:
    """The plan of `scene` and the files of its frames, in the run that `folder` becomes.

    Goes on where it was interrupted; frames that no longer hold are rendered again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "scene.yaml"
    file.write_text(yaml.safe_dump(dict(scene), sort_keys=False, width=200))
    plan = make_plan(load_scene(file))
    store = find_store()
    located = locate_all(plan, store)
    prints = {name: fingerprints(one, store) for name, one in located.items()}
    console = Console(stderr=True)
    with Run.open(folder / "run", plan, prints, replace_stale=True) as run:
        with progress(console, total=len(plan), done=run.finished) as report:
            for frame in render(plan, run, {MAIN: starter()}):
                report(frame.spec.frame, frame.seconds)
        return plan, list(run.footage(plan).frames)


def write_sheet(cells: Sequence[tuple[Pixels, str]], file: Path, *, columns: int) -> None:
    """A contact sheet of pictures with their captions, enlarged as the starter's videos are."""
    upscaler = load_upscaler(UPSCALER, torch.device("cpu"))
    pictures = [upscaler.enlarge(picture) for picture, _ in cells]
    captions = [caption for _, caption in cells]
    sheet = contact_sheet(pictures, columns=columns, width=1600, captions=captions)
    cv2.imwrite(str(file), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 85])

"""What the gates look at: scenes rendered on the starter at the preset's settings, and sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import torch
import yaml
from rich.console import Console

from pipeline.catalogue.locate import locate, locate_all
from pipeline.catalogue.located import DepthFiles, LocatedNetworks, NetworkFiles
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
from pipeline.spec.sources import STARTER, NetworkSet


@cache
def starter(trained: Path | None = None) -> Networks:
    """The starter's networks, or those in a folder (`trained_in`), loaded once."""
    located = locate(NetworkSet(), find_store())
    return load_networks(trained_in(trained, located), torch.device("cpu"))


def trained_in(folder: Path | None, located: LocatedNetworks) -> LocatedNetworks:
    """`located`, with the networks in `folder` for those of the same names that ship.

    These are the folders `denoiser`, `clip` and `depth`; one that is not there stays the starter's.
    """
    if folder is None:
        return located
    denoiser, clip, depth = (
        NetworkFiles(folder / name) if (folder / name).is_dir() else None
        for name in ("denoiser", "clip", "depth")
    )
    return replace(
        located,
        denoiser=denoiser or located.denoiser,
        prompt_encoder=clip or located.prompt_encoder,
        encoders=dict.fromkeys(located.encoders, clip) if clip else located.encoders,
        depth=(DepthFiles(STARTER, depth),) if depth and located.depth else located.depth,
    )


def render_scene(
    scene: Mapping[str, object], folder: Path, trained: Path | None = None
) -> tuple[Plan, list[Path]]:
    """The plan of `scene` and the files of its frames, in the run that `folder` becomes.

    Goes on where it was interrupted; frames that no longer hold are rendered again. Networks in the
    folder `trained` take the place of the starter's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "scene.yaml"
    file.write_text(yaml.safe_dump(dict(scene), sort_keys=False, width=200))
    plan = make_plan(load_scene(file))
    store = find_store()
    located = {name: trained_in(trained, one) for name, one in locate_all(plan, store).items()}
    prints = {name: fingerprints(one, store) for name, one in located.items()}
    console = Console(stderr=True)
    with Run.open(folder / "run", plan, prints, replace_stale=True) as run:
        with progress(console, total=len(plan), done=run.finished) as report:
            for frame in render(plan, run, {MAIN: starter(trained)}):
                report(frame.spec.frame, frame.seconds)
        return plan, list(run.footage(plan).frames)


def write_sheet(
    cells: Sequence[tuple[Pixels, str]],
    file: Path,
    *,
    columns: int,
    trained: Path | None = None,
) -> None:
    """A contact sheet of pictures with their captions, `enlarged` as the starter's videos are."""
    pictures = enlarged([picture for picture, _ in cells], trained)
    captions = [caption for _, caption in cells]
    save_sheet(list(zip(pictures, captions, strict=True)), file, columns=columns)


def enlarged(pictures: Sequence[Pixels], trained: Path | None = None) -> list[Pixels]:
    """Pictures made larger by the upscaler in the folder `trained`, or by the one that ships."""
    own = trained / "upscaler" if trained else UPSCALER
    upscaler = load_upscaler(own if own.is_dir() else UPSCALER, torch.device("cpu"))
    return [upscaler.enlarge(picture) for picture in pictures]


def save_sheet(cells: Sequence[tuple[Pixels, str]], file: Path, *, columns: int) -> None:
    """A contact sheet of pictures as they are, with their captions, as a JPEG file."""
    pictures, captions = zip(*cells, strict=True)
    sheet = contact_sheet(pictures, columns=columns, width=1600, captions=captions)
    cv2.imwrite(str(file), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 85])

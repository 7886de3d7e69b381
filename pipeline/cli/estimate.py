"""`discoreel estimate`: how long a render takes, and how much room, before it is begun."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keyframes.quoting import quoted_path
from keyframes.time_words import clock_time, counted
from pipeline.cli.disk_room import render_folder
from pipeline.cli.models import ModelsDir
from pipeline.cli.options import (
    Device,
    OnDevice,
    ProfileName,
    RenderFolder,
    SceneFile,
    SetSettings,
    choice_of,
)
from pipeline.cli.outline import size_of
from pipeline.cli.problems import tell_warnings
from pipeline.cli.terminal import say, tell
from pipeline.cli.threads import Threads, settle_threads
from pipeline.errors import ModelError

if TYPE_CHECKING:
    from pipeline.catalogue.located import LocatedNetworks
    from pipeline.run.digest import Fingerprints
    from pipeline.run.disk_use import DiskUse
    from pipeline.run.pace import Kind, Pace
    from pipeline.spec.plan import Plan

Probe = Annotated[
    bool, typer.Option("--probe", help="Render three frames to find out, kept beside the renders.")
]


def estimate(
    scene: SceneFile,
    probe: Probe = False,
    out: RenderFolder = None,
    device: OnDevice = Device.AUTO,
    threads: Threads = None,
    models_dir: ModelsDir = None,
    profile: ProfileName = None,
    settings: SetSettings = None,
) -> None:
    """Say what a render takes here: time, disk and memory."""
    from pipeline.plan.extent import extent
    from pipeline.plan.make import make_plan
    from pipeline.scene.load import read_scene

    settle_threads(threads)
    read = read_scene(scene, choice=choice_of(profile, settings))
    made = make_plan(read.scene)
    tell_warnings(read, scene)
    networks = _located(made, models_dir)
    folder = _called(render_folder(scene, out, profile))
    probed = _probe_folder(folder)
    if probe:
        _probe(made, networks, probed, device)
    measured = _measured(made, networks, [probed] if probe else _renders(folder))
    say("\n".join((size_of(extent(read.scene)), *_lines(made, measured, probed))))


@dataclass(frozen=True, slots=True)
class _Networks:
    """The files of the plan's sets of networks, and their fingerprints, by name of the set."""

    located: Mapping[str, LocatedNetworks]
    prints: Mapping[str, Fingerprints]


def _located(plan: Plan, models_dir: Path | None) -> _Networks | ModelError:
    """The networks of a plan, or why they are not there."""
    from pipeline.catalogue.locate import locate_all
    from pipeline.catalogue.network_fingerprints import fingerprints
    from pipeline.catalogue.store import find_store

    store = find_store(models_dir)
    try:
        located = locate_all(plan, store)
        return _Networks(located, {name: fingerprints(one, store) for name, one in located.items()})
    except ModelError as error:
        return error


def _called(folder: Path) -> Path:
    """A folder by a name of its own, which `.` and `..` are not."""
    return folder if folder.name not in ("", "..") else Path(os.path.abspath(folder))


def _probe_folder(folder: Path) -> Path:
    from pipeline.cli.probe import PROBES

    return folder.parent / PROBES / folder.name


def _probe(plan: Plan, networks: _Networks | ModelError, folder: Path, device: Device) -> None:
    from pipeline.cli.probe import probe

    if isinstance(networks, ModelError):
        raise networks
    probe(plan, networks.located, networks.prints, folder, device)


def _renders(folder: Path) -> list[Path]:
    """The render in `folder`, and those beside it, the newest first."""
    from pipeline.run.pace import renders_in

    return [folder, *(one for one in renders_in(folder.parent) if one != folder)]


def _measured(plan: Plan, networks: _Networks | ModelError, renders: Iterable[Path]) -> Pace | None:
    """The pace of the first of `renders` whose frames are as large as the plan's, or of another."""
    from pipeline.plan.passes import frame_passes
    from pipeline.run.pace import pace_of

    kind = _kind(plan, networks)
    if kind is None:
        return None
    paces = [
        pace
        for one in renders
        if (pace := pace_of(one, kind, lambda specs: frame_passes(specs, plan.networks)))
    ]
    as_large = [pace for pace in paces if pace.size == kind.size]
    return next(iter(as_large or paces), None)


def _kind(plan: Plan, networks: _Networks | ModelError) -> Kind | None:
    """The kind of the frames of a plan, by the first that is painted."""
    from pipeline.run.pace import kind_of

    if isinstance(networks, ModelError):
        tell(str(networks))
        return None
    painted = next((spec for spec in plan if spec.denoise is not None), None)
    return None if painted is None else kind_of(painted, networks.prints[painted.networks])


def _lines(plan: Plan, pace: Pace | None, probed: Path) -> Iterator[str]:
    from pipeline.cli.probe import peak_of
    from pipeline.plan.passes import frame_passes

    passes = frame_passes(plan, plan.networks)
    moved = passes.count(0)
    only = f", {moved} only moved" if moved else ""
    work = f"{sum(passes):,} passes through the denoiser"
    yield f"  frames   {len(passes) - moved} painted{only}; {work}"
    yield from _time_lines(plan, passes, pace)
    yield from _disk_lines(plan, pace)
    peak = peak_of(probed)
    yield "  memory   " + (
        "not known here; --probe finds out"
        if peak is None
        else f"{_bytes(peak)} at the peak, as {quoted_path(probed)} took on this machine"
    )


def _time_lines(plan: Plan, passes: list[int], pace: Pace | None) -> Iterator[str]:
    if pace is None:
        yield "  time     not known here: no render like it lies beside it; --probe finds out"
        return
    width, height = plan[0].size
    here = pace.at(width * height)
    seconds = here.seconds(passes)
    each = f"{seconds / len(passes):.3g} s a frame"
    yield f"  time     {each}, {clock_time(seconds)} in all, without enlarging and encoding"
    size = f"{pace.size[0]} x {pace.size[1]} pixels"
    scaled = "" if pace.size == (width, height) else f", scaled from {size}"
    measured = f"{counted(pace.frames, 'frame')} of {quoted_path(pace.folder)}"
    yield f"           as {measured} took{scaled}"


def _disk_lines(plan: Plan, pace: Pace | None) -> Iterator[str]:
    from pipeline.run.disk_use import measured_use, rough_use

    same = pace is not None and pace.size == plan[0].size
    measured = measured_use(pace.folder, plan) if pace is not None and same else None
    use = measured or rough_use(plan)
    parts = ", ".join(f"{name} {_bytes(size)}" for name, size in _parts(use) if size)
    roughly = "" if measured else "roughly "
    yield f"  disk     {roughly}{_bytes(use.total)}: {parts}"


def _parts(use: DiskUse) -> Iterator[tuple[str, float]]:
    yield "frames", use.frames
    yield "what they leave for the next", use.memory
    yield "enlarged frames", use.enlarged
    yield "videos", use.videos
    yield "frames of the clip", use.clips


def _bytes(size: float) -> str:
    """A size in words: `1.2 GB`, `34 MB`, `0.5 MB`."""
    if size >= 1e9:
        return f"{size / 1e9:.1f} GB"
    return f"{size / 1e6:.0f} MB" if size >= 1e7 else f"{size / 1e6:.1f} MB"

"""A short render to find out how long frames take, and how much memory: kept beside the renders."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.options import Device
from pipeline.cli.terminal import tell

if TYPE_CHECKING:
    from pipeline.catalogue.located import LocatedNetworks
    from pipeline.run.digest import Fingerprints
    from pipeline.spec.plan import Plan

PROBES = ".probe"
"""Folder of the probes, beside the renders."""
FRAMES = 3
"""Frames of a probe: the first warms the networks up, the others grow from it."""
_PEAK = "peak.json"


def probe(
    plan: Plan,
    located: Mapping[str, LocatedNetworks],
    prints: Mapping[str, Fingerprints],
    folder: Path,
    device: Device,
) -> None:
    """Render the first frames of `plan` into `folder`, in the place of an earlier probe.

    Raises:
        Error: the networks cannot be loaded, or the disk refuses.
    """
    from pipeline.networks.devices import pick_device, pick_dtype
    from pipeline.networks.load import load_networks
    from pipeline.render.loop import render
    from pipeline.run.run import Run

    # In this order what a frame grows from comes before it.
    short = replace(plan, frames=tuple(islice(plan.as_they_grow, FRAMES)))
    shutil.rmtree(folder, ignore_errors=True)
    tell(f"rendering {len(short)} frames to see how long they take")
    where = pick_device(device)
    networks = {
        name: load_networks(one, where, pick_dtype(one.precision, where))
        for name, one in located.items()
    }
    with Run.open(folder, short, prints) as run:
        for _ in render(short, run, networks):
            pass
    if (peak := _peak()) is not None:
        (folder / _PEAK).write_text(json.dumps({"bytes": peak}), encoding="utf-8")


def _peak() -> int | None:
    """The most bytes of main memory that this program took so far; None if nothing counts them."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    # Linux counts it in units of 1024 bytes, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def peak_of(folder: Path) -> float | None:
    """The most bytes of main memory that the probe in `folder` took; None if there is none."""
    try:
        return float(json.loads((folder / _PEAK).read_text(encoding="utf-8"))["bytes"])
    except (OSError, ValueError, KeyError):
        return None

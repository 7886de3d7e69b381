"""Renders by networks in closed form, in real run directories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from pipeline.files.png import Pixels, decode_png
from pipeline.networks.bundle import Networks
from pipeline.render.loop import render
from pipeline.run.run import Run
from pipeline.spec.frame import FrameSpec
from pipeline.spec.plan import Plan
from tests.pipeline.plans import NETWORKS
from tests.pipeline.toy_networks import toy_networks, toy_plan

PLAN = toy_plan(4)


def open_run(folder: Path, plan: Plan) -> Run:
    """The run directory of the plan in a folder."""
    return Run.open(folder, plan, NETWORKS)


def rendered(folder: Path, plan: Plan, models: Networks | None = None) -> list[Pixels]:
    """The pixels of what was missing, in one go."""
    with open_run(folder, plan) as run:
        return [frame.pixels for frame in render(plan, run, {"main": models or toy_networks()})]


def saved(folder: Path) -> list[Pixels]:
    """The finished frames in their order."""
    return [decode_png(path.read_bytes()) for path in sorted((folder / "frames").glob("*.png"))]


def with_each(plan: Plan, change: Callable[[FrameSpec], FrameSpec]) -> Plan:
    """The plan with a change to each of its frames."""
    return replace(plan, frames=tuple(map(change, plan)))


def same(some: Sequence[Pixels], others: Sequence[Pixels]) -> bool:
    """Whether two renders agree in every pixel."""
    return len(some) == len(others) and all(map(np.array_equal, some, others))

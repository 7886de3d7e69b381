"""Seven minutes of film, 10,000 frames: a long render is opened, told of and gone on with at once.

The bounds are those of a slow machine in the middle of other tests, some four times what it takes;
what grew with the square of the number of frames would break them many times over.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

import pytest

from pipeline.render.loop import render
from pipeline.run.run import Run
from pipeline.run.status import read_status
from pipeline.spec.frame import FrameId
from tests.pipeline.toy_networks import toy_networks
from tools.bench.long_render import long_plan, save_flat

LEFT = 20
"""Frames that the render still lacks."""
SECONDS = 4.0
"""CPU time that is allowed for what takes about a second on an idle machine."""
MEMORY = 100_000_000
"""Bytes by which a render may grow over 9,000 frames: what it knows of each takes 4,000."""


def cpu_seconds(work: Callable[[], object], times: int = 3) -> float:
    """The least time that a work takes."""
    took = []
    for _ in range(times):
        started = process_time()
        work()
        took.append(process_time() - started)
    return min(took)


@pytest.mark.slow
def test_a_long_render_is_opened_told_of_and_gone_on_with_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, prints = long_plan(tmp_path)
    out = tmp_path / "out"
    with monkeypatch.context() as patch, Run.open(out, plan, prints) as run:
        patch.setattr(os, "fsync", lambda descriptor: None)  # minutes, of the disk's own
        saved = list(save_flat(run, plan, LEFT))
    early, late = (median(one.seconds for one in part) for part in (saved[:1000], saved[-1000:]))
    assert late < 2 * early
    assert saved[-1].resident - saved[1000].resident < MEMORY

    assert cpu_seconds(lambda: Run.open(out, plan, prints).close()) < SECONDS
    assert cpu_seconds(lambda: read_status(out)) < SECONDS
    status = read_status(out)
    assert (status.saved, status.following) == (10_000 - LEFT, FrameId(480, "s19"))

    began: list[float] = []
    started = process_time()
    with Run.open(out, plan, prints) as run:
        networks = {name: toy_networks() for name in prints}
        made = list(render(plan, run, networks, begin=lambda _: began.append(process_time())))
        assert (len(made), run.finished) == (LEFT, 10_000)
    assert began[0] - started < SECONDS

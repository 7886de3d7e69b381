"""Frames rendered once more, and compared with the saved ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipeline.render.again import compared
from pipeline.run.sampling import sample
from tests.pipeline.plans import NETWORKS
from tests.pipeline.render.rendered import PLAN, rendered, saved
from tests.pipeline.runs import contents
from tests.pipeline.toy_networks import PaintNetwork, toy_networks

TOYS = {"main": toy_networks()}


def test_the_same_networks_give_the_same_pixels_and_nothing_is_saved(tmp_path: Path) -> None:
    rendered(tmp_path, PLAN)
    before = contents(tmp_path)
    chosen = sample(tmp_path, PLAN, NETWORKS, 3)
    found = list(compared(chosen, TOYS))
    assert [(one.frame.frame, one.most, one.mean, one.share) for one in found] == [
        (frame, 0, 0.0, 0.0) for frame in (0, 2, 3)
    ]
    assert contents(tmp_path) == before


def test_other_networks_are_told_by_how_far_pixels_are_off(tmp_path: Path) -> None:
    rendered(tmp_path / "here", PLAN)
    others = toy_networks(denoiser=PaintNetwork(brightness=0.3))
    rendered(tmp_path / "there", PLAN, others)
    chosen = sample(tmp_path / "here", PLAN, NETWORKS, 1)
    (found,) = compared(chosen, {"main": others})
    here, there = (saved(tmp_path / name)[0].astype(int) for name in ("here", "there"))
    off = np.abs(here - there)
    assert found.most == off.max() > 0
    assert (found.mean, found.share) == (off.mean(), off.any(axis=2).mean())

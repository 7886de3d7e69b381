"""Frames whose edges meet, painted and carried round by the networks that ship."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.catalogue.locate import locate_all
from pipeline.catalogue.store import find_store
from pipeline.files.png import Pixels
from pipeline.networks.load import load_networks
from pipeline.plan.make import make_plan
from pipeline.render.frame import render_frame
from pipeline.render.memory import NOTHING
from pipeline.run.digest import pixel_json
from pipeline.spec.frame import FrameSpec
from tests.pipeline.scene_files import load

SCENE = """\
video: {size: [96, 48], duration: COUNT}
seed: 5
prompts: "a beautiful painting of a castle by the sea at sunset, orange color scheme"
camera: {mode: 2d, translate_x: -7}
sampler: {seamless: SEAMLESS, steps: 12}
"""


def frames(folder: Path, seamless: str, count: int) -> tuple[list[FrameSpec], list[Pixels]]:
    text = SCENE.replace("SEAMLESS", seamless).replace("COUNT", str(count))
    plan = make_plan(load(folder, text))
    located = locate_all(plan, find_store())["main"]
    networks = load_networks(located, torch.device("cpu"))
    made: list[Pixels] = []
    memory = NOTHING
    for spec in plan:
        inputs = made[-1:] if spec.inputs else []
        pixels, memory = render_frame(spec, inputs, networks, lambda step: None, memory)
        made.append(pixels)
    return list(plan), made


def seam(pixels: Pixels) -> float:
    """How far the two edges are apart, over what neighbours in the middle of the columns are."""
    around = np.concatenate((pixels, pixels[:, :1]), axis=1).astype(float)
    steps = np.abs(np.diff(around, axis=1)).mean(axis=(0, 2))
    return float(steps[-1] / np.median(steps))


@pytest.mark.slow
def test_no_seam_is_seen_while_the_picture_goes_round(tmp_path: Path) -> None:
    """Edges differ no more than neighbours do, in both frames; without it by far more."""
    (first, _), around = frames(tmp_path, "true", 2)
    (other,), (flat,) = frames(tmp_path, "false", 1)
    assert max(map(seam, around)) < 2
    assert seam(flat) > 4
    assert pixel_json(first) != pixel_json(other)

"""Pictures of two pixels on a side: no good, and no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from pipeline.catalogue.locate import locate
from pipeline.catalogue.store import find_store
from pipeline.files.png import Pixels
from pipeline.networks.load import load_networks
from pipeline.plan.make import make_plan
from pipeline.render.frame import render_frame
from pipeline.render.memory import NOTHING
from pipeline.spec.sources import NetworkSet
from tests.pipeline.scene_files import load

SCENE = """\
video: {size: SIZE, duration: 3}
prompts: a castle
camera: {mode: 2d, translate_x: 1, translate_y: 1, zoom: 1.05, padding: zeros}
sampler: {steps: 3, skip_steps: {first: 0, then: 1}}
guidance: {repaint: {holes: 1, stretch: 0.5}, keep_sharpness: 1}
"""


@pytest.mark.parametrize("size", ["[48, 2]", "[2, 48]", "[4, 4]"])
def test_the_narrowest_pictures_are_painted(tmp_path: Path, size: str) -> None:
    plan = make_plan(load(tmp_path, SCENE.replace("SIZE", size)))
    networks = load_networks(locate(NetworkSet(), find_store()), torch.device("cpu"))
    made: list[Pixels] = []
    memory = NOTHING
    for spec in plan:
        inputs = made[-1:] if spec.inputs else []
        pixels, memory = render_frame(spec, inputs, networks, lambda step: None, memory)
        made.append(pixels)
    assert [one.shape[1::-1] for one in made] == [spec.size for spec in plan]

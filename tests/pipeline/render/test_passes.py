"""The plan's passes are the pictures that the network which ships is really shown."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import torch
from torch import Tensor

from pipeline.catalogue.locate import locate
from pipeline.catalogue.store import find_store
from pipeline.files.png import Pixels
from pipeline.networks.bundle import Networks
from pipeline.networks.denoisers.unet_folder import UNetDenoiser
from pipeline.networks.load import load_networks
from pipeline.plan.make import make_plan
from pipeline.plan.passes import Passes
from pipeline.render.frame import render_frame
from pipeline.render.memory import NOTHING
from pipeline.spec.sources import NetworkSet
from tests.pipeline.scene_files import load

SCENE = """\
video: {size: [48, 48], duration: 4}
prompts: PROMPTS
camera: {mode: 2d, translate_x: 1}
sampler: {steps: 4, skip_steps: {first: 0, then: 2}}
guidance: {clip_guidance_scale: 0, repaint: off, discover: 0, CFG}
"""
TWO = '["a lighthouse across a sea of red", {text: yellow color scheme, weight: 0.5}]'
MEETING = "{0: a castle, 2: a tree, blend: 2}"


@cache
def starter() -> Networks:
    return load_networks(locate(NetworkSet(), find_store()), torch.device("cpu"))


@pytest.mark.parametrize("prompts", ["a castle", TWO, MEETING])
@pytest.mark.parametrize(
    "guidance",
    ["cfg_scale: 0", "cfg_scale: 1", "cfg_scale: 2.5", "cfg_scale: [1 for 50%, 3]"],
)
@pytest.mark.parametrize("sampler", ["", "cross_fade: open, ", "seamless: true, name: heun, "])
def test_the_plan_counts_what_the_network_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prompts: str, guidance: str, sampler: str
) -> None:
    seen = 0
    denoise = UNetDenoiser.denoise

    def counting(self: UNetDenoiser, x: Tensor, t: Tensor, embedding: Tensor | None) -> Tensor:
        nonlocal seen
        seen += len(x)
        return denoise(self, x, t, embedding)

    monkeypatch.setattr(UNetDenoiser, "denoise", counting)
    text = SCENE.replace("PROMPTS", prompts).replace("CFG", guidance)
    plan = make_plan(load(tmp_path, text.replace("{steps", f"{{{sampler}steps")))
    made: list[Pixels] = []
    counts, memory = Passes(plan.networks), NOTHING
    for spec in plan:
        seen = 0
        pixels, memory = render_frame(
            spec, made[-1:] if spec.inputs else [], starter(), lambda step: None, memory
        )
        made.append(pixels)
        assert seen == counts.of(spec), spec.frame

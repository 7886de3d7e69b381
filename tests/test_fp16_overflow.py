"""The starter in bf16, in which a number once becomes infinite: that frame is one of float32."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from pipeline.catalogue.locate import locate_all
from pipeline.catalogue.network_fingerprints import fingerprints
from pipeline.catalogue.store import ModelStore
from pipeline.networks.bundle import Networks
from pipeline.networks.denoisers.prompted import EncoderPrompted
from pipeline.networks.load import load_networks
from pipeline.plan.make import make_plan
from pipeline.render.loop import render
from pipeline.run.run import Run
from pipeline.scene.load import load_scene
from tests.pipeline.render.rendered import same, saved

SCENE = """\
video: {size: [64, 48], fps: 8, duration: 3}
prompts: a lighthouse
sampler: {steps: 6, skip_steps: 3}
models: {precision: bf16}
"""
CPU = torch.device("cpu")


def overflowing(networks: Networks) -> Networks:
    """The networks, in whose denoiser a number becomes infinite at its first call."""
    assert isinstance(networks.denoiser, EncoderPrompted)
    calls = 0

    def spoil(module: nn.Module, given: object, output: Tensor) -> Tensor:
        nonlocal calls
        calls += 1
        assert output.dtype == torch.bfloat16
        return output * torch.inf if calls == 1 else output

    networks.denoiser.module.conv_in.register_forward_hook(spoil)
    return networks


@pytest.mark.slow
def test_a_frame_that_overflows_is_that_of_float32(tmp_path: Path) -> None:
    file = tmp_path / "scene.yaml"
    file.write_text(SCENE, encoding="utf-8")
    plan, store = make_plan(load_scene(file)), ModelStore(tmp_path / "empty")
    located = locate_all(plan, store)["main"]
    prints = {"main": fingerprints(located, store)}

    def render_by(out: Path, networks: Networks) -> None:
        with Run.open(out, plan, prints) as run:
            for _ in render(plan, run, {"main": networks}):
                pass

    low = load_networks(located, CPU, torch.bfloat16)
    render_by(tmp_path / "low", low)
    render_by(tmp_path / "out", overflowing(load_networks(located, CPU, torch.bfloat16)))
    render_by(tmp_path / "exact", load_networks(located, CPU, low_memory=True))
    out, exact, halves = (saved(tmp_path / name) for name in ("out", "exact", "low"))
    assert same(out[:1], exact[:1]) and not same(halves[:1], exact[:1])
    assert len(out) == 3 and not same(out[1:], exact[1:])
    lines = (tmp_path / "out" / "journal.jsonl").read_text().splitlines()
    assert [json.loads(line).get("precision") for line in lines] == ["fp32", None, None]
    with Run.open(tmp_path / "out", plan, prints) as run:
        assert not run.missing(plan)

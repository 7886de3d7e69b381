"""A scene that says nothing of what came later is rendered as it was before that."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.functional import normalize

from keyframes.prompts import Prompt
from pipeline.catalogue.locate import locate
from pipeline.catalogue.store import ModelStore
from pipeline.diffusion.conditions import ClipTarget, clip_loss, make_cond_fn, weighted
from pipeline.diffusion.cut_schedule import CutSchedule
from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.guidance import classifier_free, guide
from pipeline.diffusion.image import to_pixels
from pipeline.diffusion.losses import range_loss
from pipeline.diffusion.schedule import add_noise
from pipeline.files.png import Pixels
from pipeline.networks.bundle import Networks
from pipeline.networks.load import load_networks
from pipeline.plan.make import make_plan
from pipeline.render.frame import render_frame
from pipeline.render.randomness import generator_for
from pipeline.scene.load import load_scene
from pipeline.spec.frame import FrameSpec
from pipeline.spec.plan import Plan
from pipeline.spec.samplers import respaced
from pipeline.spec.sources import NetworkSet
from pipeline.spec.step_schedule import StepSchedule

SCENE = "video: {size: [64, 48], n_batches: 2}\nprompts: a lighthouse\n"
LATER = """\
sampler: {symmetry: {horizontal: [], vertical: []}}
guidance:
  {gradient: denoiser, skip_augs: false, init_scale: 0, perceptual: pyramid, fuzzy_prompt: 0,
   rand_mag: 0.11, cfg_scale: {0%: 2.5}, clip_guidance_scale: "[300]*1000", tv_scale: [0 for 100%],
   range_scale: {0%: 150}, sat_scale: [0 for 100%], clamp_max: "[0.05]*1000", cut_overview: {0%: 2},
   cut_innercut: "[2]*1000", cut_ic_pow: {0%: 1}, cut_icgray_p: "[0.2]*400+[0]*600"}
output: {intermediate_saves: 0}
"""


def plan(folder: Path, text: str) -> Plan:
    path = folder / "scene.yaml"
    path.write_text(text, encoding="utf-8")
    return make_plan(load_scene(path))


def test_every_later_setting_is_off_by_default(tmp_path: Path) -> None:
    assert plan(tmp_path, SCENE + LATER) == plan(tmp_path, SCENE)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Networks:
    store = ModelStore(tmp_path_factory.mktemp("empty"))
    return load_networks(locate(NetworkSet(), store, with_depth=False), torch.device("cpu"))


@pytest.mark.slow
def test_the_starters_frames_are_the_ones_that_they_were(tmp_path: Path, models: Networks) -> None:
    made = plan(tmp_path, SCENE + "sampler: {steps: 4, spacing: none, clip_denoised: false}\n")
    rendered, _ = render_frame(made[1], [], models, lambda step: None)
    vector = models.encoders["starter"](Prompt("a lighthouse"))
    assert np.array_equal(rendered, by_hand(made[1], models, vector))


def by_hand(spec: FrameSpec, models: Networks, vector: torch.Tensor) -> Pixels:
    """The first release's frame: even timesteps, unclamped, with the starter's numbers."""
    told = normalize(vector, dim=0)
    bound = models.denoiser.bind(told, None)
    prompted = classifier_free(bound, 2.5)
    icgray = StepSchedule(((0.0, 0.2), (0.4, 0.0)))
    cutouts = CutSchedule(*map(StepSchedule.constant, (2.0, 2.0, 1.0)), icgray)
    clip = clip_loss(
        models.encoders["starter"].encoder,
        ClipTarget(vector[None], torch.ones(1)),
        cutouts,
        weight=300.0,
        generator=generator_for(spec, "cutouts", "starter"),
    )
    cond_fn = make_cond_fn(
        prompted.schedule, blend_losses=[clip], denoised_losses=[weighted(range_loss, 150.0)]
    )
    timesteps = respaced(len(prompted.schedule), 4)
    noise = torch.randn(1, 3, 48, 64, generator=generator_for(spec, "start"))
    *_, last = sample_ddim(
        guide(prompted, cond_fn, clamp_max=0.05),
        add_noise(prompted.schedule, torch.zeros_like(noise), noise, timesteps[0]),
        timesteps,
        eta=0.8,
        generator=generator_for(spec, "sampler"),
    )
    return to_pixels(last.x)

"""The names that Stable Diffusion's users give samplers, as an imported scene has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from pipeline.scene.importers.notes import Severity
from pipeline.scene.load import read_scene
from pipeline.spec.samplers import SAMPLER_FACTS
from tests.pipeline.scene.importers.files import settings_of, told

FILM = {"prompts": {"0": "a castle"}, "strength_schedule": "0: (0.65)"}


@pytest.mark.parametrize(
    ("written", "levels", "name", "eta", "spacing"),
    [
        ("Euler", None, "euler", None, None),
        ("Euler a", None, "euler_a", None, None),
        ("euler_ancestral", "Automatic", "euler_a", None, None),
        ("Heun", None, "heun", None, None),
        ("UniPC", None, "unipc", None, None),
        ("LCM", None, "lcm", None, None),
        ("PLMS", None, "plms", None, None),
        ("DPM++ 2M", None, "dpmpp_2m", None, None),
        ("DPM++ 2M Karras", None, "dpmpp_2m", None, "karras"),
        ("DPM++ 2M SDE Karras", None, "dpmpp_2m_sde", None, "karras"),
        ("Euler", "Karras", "euler", None, "karras"),
        ("DDIM", None, "ddim", 0.25, None),
    ],
)
def test_a_sampler_keeps_its_name(
    tmp_path: Path, written: str, levels: str | None, name: str, eta: float | None,
    spacing: str | None,
) -> None:  # fmt: skip
    settings = {"animation_mode": "3D", "max_frames": 24, "sampler": written, "ddim_eta": 0.25}
    if levels is not None:
        settings["scheduler"] = levels
    made = settings_of(json.dumps({**settings, **FILM}), tmp_path)
    (tmp_path / "scene.yaml").write_text(made.text, encoding="utf-8")
    made_scene = read_scene(tmp_path / "scene.yaml").scene
    sampler = made_scene.sampler
    assert (sampler.name, sampler.spacing) == (name, spacing)
    wanted = SAMPLER_FACTS[sampler.name].eta if eta is None else eta
    assert {spec.painting.sampler.eta for spec in make_plan(made_scene)} == {wanted}
    assert "sampler" not in told(made, Severity.SLIGHT)


@pytest.mark.parametrize(("written", "name"), [("LMS", "ddim"), ("DPM2 a Karras", "euler_a")])
def test_what_is_none_of_ours_is_told(tmp_path: Path, written: str, name: str) -> None:
    settings = {"animation_mode": "2D", "max_frames": 24, "sampler": written, "W": 512, "H": 512}
    made = settings_of(json.dumps({**settings, **FILM}), tmp_path)
    message = f'"{written.lower()}" is not among the samplers: {name} is nearest'
    assert told(made, Severity.SLIGHT)["sampler"] == message

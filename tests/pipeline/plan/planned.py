"""Plans of small scenes."""

from __future__ import annotations

from pathlib import Path

from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene
from pipeline.spec.plan import Plan
from pipeline.spec.step_schedule import StepSchedule

VIDEO = "video: {size: [96, 64], duration: 4s, fps: 12}\n"
BASE = VIDEO + "prompts: a castle\n"


def plan(folder: Path, text: str) -> Plan:
    """The plan of a scene of this text."""
    path = folder / "scene.yaml"
    path.write_text(text, encoding="utf-8")
    return make_plan(load_scene(path))


def init_scales(folder: Path, scene: str) -> list[StepSchedule]:
    """How strictly the first three frames keep to what they start from."""
    return [spec.painting.guidance.init_scale for spec in plan(folder, scene)][:3]

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


EARLIER = """\
video: {size: [96, 64], duration: 6, fps: 12}
prompts: {0: a castle, 2: a ship, blend: 3}
sampler: {skip_steps: 40%, noise: warped, fresh_noise: "frame / 10", cross_fade: open}
guidance:
  init_hold: 0.5
  detail_hold: 0.5
  repaint: {holes: "frame / 5", stretch: "frame / 5", prompts: 0.5}
  discover: "frame / 10"
  keep_colour: {of: first, share: "frame / 5"}
  keep_sharpness: "frame / 5"
"""
"""A scene in which all moves that says what frames do with what was there before."""

EARLIER_NAMES = {
    "sampler.fresh_noise",
    *(f"guidance.repaint.{name}" for name in ("holes", "stretch", "prompts")),
    *(f"guidance.{name}" for name in ("discover", "keep_colour", "keep_sharpness")),
}
"""The settings that move in it."""

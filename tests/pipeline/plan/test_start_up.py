"""Checking and planning a scene answers at once: no torch, and long scenes in little time."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

import pytest

from pipeline.plan.describe import describe
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene
from tests import child

TEN_MINUTES = """\
video: {size: [96, 64], fps: 24, duration: 10:00}
music: {bpm: 120}
prompts:
  0s: a castle
  1:30: [{text: the sea, weight: 2}, {text: fog, weight: -0.5}]
  bar 100: a ship
  blend: 4 bars
camera:
  translate_z: {0s: 2, bar 5: {value: 10, ease: in_out}, bar 200: {value: 4, ease: monotone}}
  roll: 0.3 * sin(2*pi*beat/8)
  zoom: 1 + 0.04 * noise(t)
  rotate_y: "0: (0), 4800: (0.5), 9600: (-0.5)"
sampler: {eta: 0.5 + 0.4 * sin(t)}
guidance: {clip_guidance_scale: {0: 1000, 5:00: 5000}, tv_scale: 20 * progress}
"""

SCRIPT = """
import sys
from pathlib import Path
from pipeline.plan.describe import describe
from pipeline.scene.load import load_scene
from pipeline.plan.make import make_plan, plan_to_json
plan = make_plan(load_scene(Path(sys.argv[1])))
describe(plan), plan_to_json(plan)
slow = {"torch", "scipy", "cv2", "diffusers", "open_clip", "timm"} & set(sys.modules)
print(len(plan), sorted(slow))
"""


@pytest.mark.slow
def test_a_plan_of_ten_minutes_is_made_in_a_moment(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(TEN_MINUTES, encoding="utf-8")
    started = perf_counter()
    plan = make_plan(load_scene(path))
    describe(plan)
    seconds = perf_counter() - started
    assert len(plan) == 14_400
    # On an idle core this takes a tenth of the bound.
    assert seconds < 4


@pytest.mark.slow
def test_no_network_library_is_imported(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(TEN_MINUTES, encoding="utf-8")
    argv = [sys.executable, "-c", SCRIPT, str(path)]
    done = child.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout == "14400 []\n"

"""Specs and plans survive JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from pipeline.spec.frame import FrameSpec, Plan
from tests import child
from tests.pipeline.plans import chain_plan, frame_spec, with_init_image


def test_a_spec_survives_json_text_exactly() -> None:
    spec = frame_spec(3)
    assert FrameSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec


def test_a_plan_survives_json_text_exactly() -> None:
    plan = with_init_image(chain_plan(3), "/pictures/start.png")
    read = Plan.from_json(json.loads(json.dumps(plan.to_json())))
    assert read == plan
    assert read.fps == Fraction(30000, 1001)


def test_json_holds_sections_and_plain_values_only() -> None:
    data = frame_spec(1).to_json()
    assert data["prompts"][1] == {"text": "fog", "weight": -0.3, "image": False}
    assert data["camera"]["translation"] == [0.0, -1.5, 0.30000000000000004]
    assert data["guidance"]["cut_overview"] == [[0.0, 12.0], [0.4, 4.0]]
    assert data["previous"] == 0
    assert json.loads(json.dumps(data)) == data


def test_equal_specs_have_one_text() -> None:
    spec = frame_spec(1)
    camera = replace(spec.camera, zoom=1.0, translation=(0.0, 2.0, -3.0))
    whole = replace(spec.camera, zoom=1, translation=(0, np.float64(2), -3))
    texts = {json.dumps(replace(spec, camera=c).to_json()) for c in (camera, whole)}
    assert len(texts) == 1
    assert '"translation": [0.0, 2.0, -3.0]' in texts.pop()


def test_a_plan_is_a_sequence_of_its_frames() -> None:
    plan = chain_plan(3)
    assert (len(plan), plan[2], [spec.frame for spec in plan]) == (3, frame_spec(2), [0, 1, 2])


def test_from_json_names_the_place_that_does_not_fit() -> None:
    data = frame_spec(1).to_json()
    data["camera"]["zoom"] = "big"
    with pytest.raises(
        ValueError, match=r"^camera\.zoom: expected a valid number, .*, found \"big\"$"
    ):
        FrameSpec.from_json(data)


def test_specs_are_shared_values() -> None:
    assert frame_spec(1) == frame_spec(1)
    assert hash(frame_spec(1)) == hash(frame_spec(1))
    assert replace(frame_spec(1), seed=8) != frame_spec(1)


def test_the_disk_side_starts_without_torch() -> None:
    code = (
        "import sys, pipeline.run.run, pipeline.output.ffmpeg, pipeline.spec.frame;"
        "sys.exit(int('torch' in sys.modules))"
    )
    assert child.run([sys.executable, "-c", code], check=False).returncode == 0

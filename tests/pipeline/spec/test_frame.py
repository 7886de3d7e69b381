"""Specs and plans survive JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from pipeline.spec.camera import CameraMotion
from pipeline.spec.frame import FrameSpec, PictureFile, without_names
from pipeline.spec.json_form import from_json_data, to_json_data
from pipeline.spec.plan import Plan
from tests import child
from tests.pipeline.plans import chain_plan, frame_spec, with_init_image


def test_a_spec_survives_json_text_exactly() -> None:
    spec = frame_spec(3)
    for full in (False, True):
        assert (
            from_json_data(FrameSpec, json.loads(json.dumps(to_json_data(spec, full=full)))) == spec
        )


def test_a_plan_survives_json_text_exactly() -> None:
    plan = with_init_image(chain_plan(3), "/pictures/start.png")
    read = Plan.from_json(json.loads(json.dumps(plan.to_json())))
    assert read == plan
    assert read.fps == Fraction(30000, 1001)


def test_json_has_the_scenes_own_names_and_leaves_defaults_out() -> None:
    data = to_json_data(frame_spec(1))
    assert data["inputs"] == [{"frame": 0}]
    motion = {"translate_y": -1.5, "translate_z": 0.30000000000000004, "roll": 1e-7, "zoom": 1.02}
    assert data["motions"] == [motion]
    assert data["denoise"]["prompts"][1] == {"text": "fog", "weight": -0.3}
    assert data["denoise"]["guidance"]["cut_overview"] == [[0.0, 12.0], [0.4, 4.0]]
    assert data["denoise"]["guidance"]["cfg_scale"] == 5.0
    assert json.loads(json.dumps(data)) == data


def test_a_resting_camera_is_a_motion_that_says_nothing() -> None:
    data = to_json_data(replace(frame_spec(1), motions=(CameraMotion(),)))
    assert data["motions"] == [{}]
    assert from_json_data(FrameSpec, data).motions == (CameraMotion(),)


def test_equal_specs_have_one_text() -> None:
    spec = frame_spec(1)
    motion = CameraMotion(0.0, 2.0, -3.0, zoom=1.5)
    whole = CameraMotion(0, np.float64(2), -3, zoom=np.float64(1.5))
    texts = {json.dumps(to_json_data(replace(spec, motions=(m,)))) for m in (motion, whole)}
    assert len(texts) == 1
    assert '{"translate_y": 2.0, "translate_z": -3.0, "zoom": 1.5}' in texts.pop()


def test_a_plan_is_a_sequence_of_its_frames() -> None:
    plan = chain_plan(3)
    assert (len(plan), plan[2], [spec.frame for spec in plan]) == (3, frame_spec(2), [0, 1, 2])


def test_reading_names_the_place_that_does_not_fit() -> None:
    data = to_json_data(frame_spec(1))
    data["motions"][0]["zoom"] = "big"
    with pytest.raises(
        ValueError, match=r"^motions\[0\]\.zoom: expected a valid number, .*, found \"big\"$"
    ):
        from_json_data(FrameSpec, data)


def test_names_that_could_be_others_are_not_what_pixels_depend_on() -> None:
    spec = replace(frame_spec(1), inputs=(PictureFile("/a.png"),), networks="city")
    shown = replace(spec, display_rate=3, intermediate_saves=(2,))
    moved = replace(spec, inputs=(PictureFile("/b.png"),), networks="main")
    assert without_names(spec) == without_names(shown) == without_names(moved)
    assert without_names(spec) != without_names(replace(spec, seed=8))


def test_specs_are_shared_values() -> None:
    assert frame_spec(1) == frame_spec(1)
    assert hash(frame_spec(1)) == hash(frame_spec(1))
    assert replace(frame_spec(1), seed=8) != frame_spec(1)


@pytest.mark.slow
def test_the_disk_side_starts_without_torch() -> None:
    code = (
        "import sys, pipeline.run.run, pipeline.output.ffmpeg, pipeline.spec.plan;"
        "sys.exit(int('torch' in sys.modules))"
    )
    assert child.run([sys.executable, "-c", code], check=False).returncode == 0

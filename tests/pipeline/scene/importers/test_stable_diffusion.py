"""What Deforum and Parseq paint with Stable Diffusion, an imported scene paints with it too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from pipeline.scene.importers.kinds import Imported
from pipeline.scene.importers.notes import Severity
from pipeline.scene.load import read_scene
from pipeline.scene.schema import Scene
from pipeline.spec.sources import NamedSource
from tests.pipeline.scene.importers.files import settings_of, told


def imported(folder: Path, **settings: object) -> Imported:
    """A flight of Deforum's with these settings."""
    film = {"animation_mode": "3D", "max_frames": 24, "strength_schedule": "0: (0.65)"}
    return settings_of(json.dumps({"prompts": {"0": "a castle"}, **film, **settings}), folder)


def scene_of(folder: Path, **settings: object) -> Scene:
    (folder / "scene.yaml").write_text(imported(folder, **settings).text, encoding="utf-8")
    return read_scene(folder / "scene.yaml").scene


@pytest.mark.parametrize(
    ("checkpoint", "preset"),
    [
        (None, "sd15"),
        ("v1-5-pruned-emaonly.safetensors [6ce0161689]", "sd15"),
        ("sd15.safetensors", "sd15"),
        ("sd_xl_base_1.0.safetensors", "sdxl"),
    ],
)
def test_published_checkpoints_paint_themselves(
    tmp_path: Path, checkpoint: str | None, preset: str
) -> None:
    scene = scene_of(tmp_path, sd_model_name=checkpoint)
    assert scene.models.preset == preset
    assert scene.models.denoiser == NamedSource(preset)
    notes = imported(tmp_path, sd_model_name=checkpoint).notes
    assert not any(note.severity <= Severity.DIFFERS and "paints" in str(note) for note in notes)


@pytest.mark.parametrize(("checkpoint", "preset"), [("dreamshaper_8", "sd15"), ("myXL", "sdxl")])
def test_a_checkpoint_of_ones_own_is_named_by_hand(
    tmp_path: Path, checkpoint: str, preset: str
) -> None:
    made = imported(tmp_path, sd_model_name=checkpoint)
    assert f"  preset: {preset} " in made.text
    assert told(made, Severity.DIFFERS)["sd_model_name"] == (
        f'"{checkpoint}" is a file of its own, and {preset} paints; denoiser: FILE below models '
        "names it"
    )


def test_guidance_moves_as_there(tmp_path: Path) -> None:
    scene = scene_of(tmp_path, cfg_scale_schedule="0: (5), 10: (9)")
    scales = [spec.painting.guidance.cfg_scale(0.5) for spec in make_plan(scene)]
    assert scales[:11] == pytest.approx([5 + 0.4 * t for t in range(11)])
    assert set(scales[11:]) == {9.0}
    (only,) = {spec.painting.guidance.cfg_scale for spec in make_plan(scene_of(tmp_path))}
    assert only(0) == 7.0


def test_sides_are_multiples_of_8(tmp_path: Path) -> None:
    made = imported(tmp_path, W=964, H=544)
    assert "  size: [960, 544]\n" in made.text
    message = "964 x 544 becomes 960 x 544, by 8"
    assert told(made, Severity.SLIGHT)["width"] == message


def test_stresses_stay_in_the_text_and_what_is_avoided_is_a_negative_prompt(
    tmp_path: Path,
) -> None:
    text = "a ((red)) castle, (fog:1.3) <lora:ink:0.7> --neg people, [cars]"
    made = imported(tmp_path, prompts={"0": text})
    (tmp_path / "scene.yaml").write_text(made.text, encoding="utf-8")
    (first, *_) = make_plan(read_scene(tmp_path / "scene.yaml").scene)
    prompts = {prompt.text: round(prompt.weight, 6) for prompt in first.painting.prompts}
    wanted, avoided = "a (red:1.21) castle, (fog:1.3)", "people, (cars:0.91)"
    assert prompts.keys() == {wanted, avoided}
    assert prompts[avoided] / prompts[wanted] == pytest.approx(-0.9)
    lost = told(made, Severity.LOST)["prompts"]
    assert lost == "<lora:ink:0.7> is left out; loras: {FILE: 0.8} names one for all frames"


def test_a_long_prompt_is_read_to_its_end(tmp_path: Path) -> None:
    scene = scene_of(tmp_path, prompts={"0": "a castle, " * 200})
    assert not scene.models.truncate_prompts


def test_controlnets_are_told_where_they_are_named(tmp_path: Path) -> None:
    made = imported(tmp_path, cn_1_enabled=True, cn_1_weight="0:(1)")
    assert "controls of a scene names ControlNets" in told(made, Severity.LOST)["cn_1_enabled"]


def test_parseq_fades_between_prompts_and_moves_guidance(tmp_path: Path) -> None:
    frames = [
        {
            "frame": t,
            "scale": 5 + t,
            "deforum_prompt": f"(a sea:{1 - t / 4}), (a [red] desert:{t / 4}) --neg fog",
        }
        for t in range(1, 4)
    ]
    made = settings_of(json.dumps({"rendered_frames": frames}), tmp_path, "own.json")
    (tmp_path / "scene.yaml").write_text(made.text, encoding="utf-8")
    plan = list(make_plan(read_scene(tmp_path / "scene.yaml").scene))
    assert [spec.painting.guidance.cfg_scale(0) for spec in plan] == [6.0, 6.0, 7.0, 8.0]
    shares = [{prompt.text: prompt.weight for prompt in spec.painting.prompts} for spec in plan[1:]]
    for t, share in enumerate(shares, start=1):
        assert share["a (red:0.91) desert"] / share["a sea"] == pytest.approx((t / 4) / (1 - t / 4))
        assert share["fog"] / (share["a sea"] + share["a (red:0.91) desert"]) == pytest.approx(-0.9)

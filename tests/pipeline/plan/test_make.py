"""Plans: every number of every frame, sections shared, and no surprises for digests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import copysign
from pathlib import Path
from typing import get_args

import pytest

from keyframes.prompts import Prompt
from pipeline.catalogue.presets import PRESETS
from pipeline.plan.make import AT_REST, make_plan, plan_to_json
from pipeline.scene.load import load_scene
from pipeline.spec.camera import CameraMotion
from pipeline.spec.denoise import SymmetrySpec
from pipeline.spec.frame import PictureFile, SavedFrame
from pipeline.spec.plan import Plan
from pipeline.spec.samplers import SamplerName
from pipeline.spec.sources import NetworkSet
from pipeline.spec.step_schedule import StepSchedule
from tests.media import write_silence
from tests.pipeline.scene_files import write_picture


def plan(folder: Path, text: str) -> Plan:
    path = folder / "scene.yaml"
    path.write_text(text, encoding="utf-8")
    return make_plan(load_scene(path))


VIDEO = "video: {size: [96, 64], duration: 4s, fps: 12}\n"
BASE = VIDEO + "prompts: a castle\n"


def test_frames_grow_from_one_another(tmp_path: Path) -> None:
    made = plan(tmp_path, BASE + "seed: 5\n")
    assert len(made) == 48
    assert [spec.frame for spec in made] == list(range(48))
    assert [spec.inputs for spec in made] == [(), *((SavedFrame(k),) for k in range(47))]
    assert {spec.seed for spec in made} == {5}
    assert {spec.shot for spec in made} == {"main"}
    assert made[0].size == (96, 64)
    assert (made.fps, made.title, made.networks["main"]) == (Fraction(12), "scene", NetworkSet())


def test_stills_grow_from_nothing(tmp_path: Path) -> None:
    write_picture(tmp_path / "start.png")
    made = plan(
        tmp_path,
        "video: {size: [64, 64], n_batches: 3}\nprompts: a castle\n"
        "sampler: {init_image: start.png, steps: 20, skip_steps: {first: 5}}\n",
    )
    assert {(spec.motions, spec.camera) for spec in made} == {AT_REST}
    image = PictureFile(str((tmp_path / "start.png").resolve()))
    assert {spec.inputs for spec in made} == {(image,)}
    assert {spec.painting.sampler.skip_steps for spec in made} == {5}


def test_curves_are_resolved_on_every_frame(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        BASE + "camera:\n"
        "  fov: {0s: 40, 4f: 80}\n"
        "  translate_x: frame\n  translate_y: 2 * frame\n  translate_z: 3\n"
        "  rotate_x: 4\n  rotate_y: 5\n  roll: -frame\n"
        "  zoom: '0: (1.0), 10: (2.0)'\n"
        "  padding: reflection\n  sampling: nearest\n  projection: disco\n",
    )
    camera = made[2].camera
    assert camera.mode == "3d"
    zoom = pytest.approx(1.2)
    assert made[2].motions == (CameraMotion(2.0, 4.0, 3.0, 4.0, 5.0, -2.0, zoom=1.2),)
    assert made[2].motions[0].zoom == zoom
    assert camera.fov == 60.0
    assert (camera.padding, camera.sampling, camera.projection) == (
        "reflection",
        "nearest",
        "disco",
    )


@pytest.mark.parametrize(("mode", "padding"), [("2d", "wrap"), ("3d", "border")])
def test_edges_by_the_camera(tmp_path: Path, mode: str, padding: str) -> None:
    made = plan(tmp_path, BASE + f"camera: {{mode: {mode}}}\n")
    assert (made[1].camera.mode, made[1].camera.padding) == (mode, padding)


def test_the_first_frame_does_not_depend_on_the_camera(tmp_path: Path) -> None:
    still = plan(tmp_path, BASE)
    moving = plan(tmp_path, BASE + "camera: {mode: 2d, zoom: 2}\n")
    assert still[0] == moving[0]
    assert still[1] != moving[1]


def test_skip_steps_first_and_then(tmp_path: Path) -> None:
    made = plan(tmp_path, BASE + "sampler: {steps: 100, skip_steps: {first: 7, then: 58%}}\n")
    assert [spec.painting.sampler.skip_steps for spec in made][:3] == [7, 58, 58]


def test_noise_turns_over_the_frames_of_a_video_and_is_each_still_s_own(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(BASE + "sampler: {noise_period: 9}\n", encoding="utf-8")
    first, *grown = make_plan(load_scene(path)).frames
    assert (
        first.painting.sampler.noise_period,
        {spec.painting.sampler.noise_period for spec in grown},
    ) == (1, {9})
    path.write_text(
        "video: {size: [64, 64], n_batches: 3}\nprompts: a tree\nsampler: {noise_period: 9}\n"
    )
    assert {spec.painting.sampler.noise_period for spec in make_plan(load_scene(path))} == {1}


def test_the_skip_of_frames_that_grow_moves_over_the_video(tmp_path: Path) -> None:
    sampler = "{steps: 20, skip_steps: {first: 1, then: {0: 50%, 2: 10%, 4: {value: 14}}}}"
    made = plan(tmp_path, BASE + f"sampler: {sampler}\n")
    assert [spec.painting.sampler.skip_steps for spec in made][:6] == [1, 6, 2, 8, 14, 14]


FADING = "prompts: {0: a tree, 8: a castle, blend: 8}\n"
FADING_BASE = "video: {size: [64, 64], fps: 24, duration: 48}\n" + FADING


def test_in_the_middle_of_a_fade_of_prompts_frames_have_settings_of_their_own(
    tmp_path: Path,
) -> None:
    sampler = "sampler: {steps: 20, skip_steps: {then: 50%, fade: 2}}\n"
    guidance = "guidance: {init_hold: {then: 0.8, fade: 0}, init_scale: {then: 9}}\n"
    made = plan(tmp_path, FADING_BASE + sampler + guidance)
    skips = [spec.painting.sampler.skip_steps for spec in made]
    assert skips[6:18] == [10, 10, 10, 8, 6, 4, 2, 2, 2, 2, 2, 10]
    held = [spec.painting.guidance.init_hold.values[0] for spec in made]
    assert held[8:18] == pytest.approx([0.8, 0.6, 0.4, 0.2, 0, 0, 0, 0, 0, 0.8])
    assert {spec.painting.guidance.init_scale for spec in made.frames[1:]} == {
        StepSchedule.constant(9)
    }


def test_a_fade_lies_between_schedules_over_the_denoising(tmp_path: Path) -> None:
    guidance = "guidance: {init_hold: {then: [0.8 for 50%, 0.4], fade: {0%: 0.4, 75%: 0}}}\n"
    made = plan(tmp_path, FADING_BASE + guidance)
    assert made[12].painting.guidance.init_hold.steps == ((0, 0.4), (0.5, 0.4), (0.75, 0))
    assert made[8].painting.guidance.init_hold.steps == ((0, 0.8), (0.5, 0.4))


@dataclass(frozen=True)
class NoisyPreset:
    """A set of models that is at its best with a little noise."""

    size_multiple: int = 1
    defaults: Mapping[str, Mapping[str, object]] = field(
        default_factory=lambda: {"sampler": {"eta": 0.3}}
    )


@dataclass(frozen=True)
class SilentPreset(NoisyPreset):
    """A set of models that leaves the noise to the sampler."""

    defaults: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("sampler", "noisy", "silent"),
    [
        ("", 0.3, 0.8),
        ("sampler: {name: ddim}", 0.3, 0.8),
        ("sampler: {name: ddim, eta: 0.5}", 0.5, 0.5),
        ("sampler: {name: plms}", 0, 0),
        ("sampler: {name: plms, eta: 0}", 0, 0),
        ("sampler: {name: dpmpp_2m}", 0, 0),
        ("sampler: {name: dpmpp_2m, eta: 0.5}", 0.5, 0.5),
    ],
)
def test_the_noise_is_the_authors_or_the_samplers_and_only_ddim_asks_the_preset(
    tmp_path: Path, sampler: str, noisy: float, silent: float
) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(BASE + "models: {preset: toy}\n" + sampler + "\n", encoding="utf-8")
    for preset, eta in ((NoisyPreset(), noisy), (SilentPreset(), silent)):
        made = make_plan(load_scene(path, {"toy": preset}))
        assert {spec.painting.sampler.eta for spec in made} == {eta}


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("name", get_args(SamplerName))
def test_every_preset_goes_with_every_sampler(tmp_path: Path, name: str, preset: str) -> None:
    settings = f"models: {{preset: {preset}}}\nsampler: {{name: {name}}}\n"
    made = plan(tmp_path, "video: {size: [512, 512], duration: 3}\nprompts: a castle\n" + settings)
    assert {spec.painting.sampler.name for spec in made} == {name}


def test_one_skip_for_all_needs_a_picture_to_start_from(tmp_path: Path) -> None:
    write_picture(tmp_path / "start.png")
    text = BASE + "sampler: {steps: 10, skip_steps: 60%"
    without = plan(tmp_path, text + "}\n")
    with_picture = plan(tmp_path, text + ", init_image: start.png}\n")
    assert [spec.painting.sampler.skip_steps for spec in without][:2] == [0, 6]
    assert [spec.painting.sampler.skip_steps for spec in with_picture][:2] == [6, 6]
    image = PictureFile(str((tmp_path / "start.png").resolve()))
    assert [spec.inputs for spec in with_picture][:2] == [(image,), (SavedFrame(0),)]


def test_guidance(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        BASE + "guidance:\n"
        "  cfg_scale: 3\n  clip_guidance_scale: 100 * t\n  tv_scale: 1\n  range_scale: 2\n"
        "  sat_scale: 4\n  clamp_max: 0.1\n  cutn_batches: {0: 1, 3: 4}\n"
        "  cut_overview: 6\n  cut_innercut: {0.5: 3, 0: 1}\n  cut_ic_pow: 2\n  cut_icgray_p: 0.5\n",
    )
    guidance = made[6].painting.guidance
    assert guidance.cfg_scale == StepSchedule.constant(3)
    assert guidance.clip_guidance_scale.values == (pytest.approx(50),)
    assert (guidance.tv_scale, guidance.range_scale) == (
        StepSchedule.constant(1),
        StepSchedule.constant(2),
    )
    assert (guidance.sat_scale, guidance.clamp_max) == (
        StepSchedule.constant(4),
        StepSchedule.constant(0.1),
    )
    assert [spec.painting.guidance.cutn_batches for spec in made][:5] == [1, 2, 3, 4, 4]
    assert guidance.cut_overview == StepSchedule.constant(6.0)
    assert guidance.cut_innercut.steps == ((0.0, 1.0), (0.5, 3.0))
    assert guidance.cut_ic_pow == StepSchedule.constant(2.0)
    assert guidance.cut_icgray_p == StepSchedule.constant(0.5)


def init_scales(folder: Path, scene: str) -> list[StepSchedule]:
    return [spec.painting.guidance.init_scale for spec in plan(folder, scene)][:3]


def test_the_init_scale_of_the_first_frame_and_of_the_others(tmp_path: Path) -> None:
    write_picture(tmp_path / "start.png")
    start = "sampler: {init_image: start.png}\n"
    both = BASE + "guidance: {init_scale: {first: 1000, then: {0f: 0, 2f: 20}}}\n"
    off, first = StepSchedule.constant(0), StepSchedule.constant(1000)
    assert init_scales(tmp_path, BASE + start) == [off, off, off]
    assert init_scales(tmp_path, both + start) == [
        first,
        StepSchedule.constant(10),
        StepSchedule.constant(20),
    ]
    # There is nothing to keep to where a frame starts from noise.
    assert init_scales(tmp_path, both) == [
        off,
        StepSchedule.constant(10),
        StepSchedule.constant(20),
    ]
    one = BASE + start + "guidance: {init_scale: [5 for 50%, 0]}\n"
    assert init_scales(tmp_path, one) == [StepSchedule(((0.0, 5.0), (0.5, 0.0)))] * 3


def test_the_perceptual_distance_is_named_where_there_is_one(tmp_path: Path) -> None:
    """So that LPIPS need not be pulled for frames that keep to nothing."""
    made = plan(tmp_path, BASE + "guidance: {init_scale: 5, perceptual: lpips}\n")
    assert [spec.painting.guidance.perceptual for spec in made][:2] == ["pyramid", "lpips"]


@pytest.mark.parametrize(
    ("written", "first", "then"),
    [("0", (), ()), ("3", (5, 10, 15), (3, 6, 9)), ("[15, 5, 5, 12]", (5, 12, 15), (5, 12))],
)
def test_steps_that_leave_a_picture(
    tmp_path: Path, written: str, first: tuple[int, ...], then: tuple[int, ...]
) -> None:
    """The first frame takes all 20 steps, the others 12 of them."""
    sampler = "sampler: {steps: 20, skip_steps: {first: 0, then: 40%}}\n"
    made = plan(tmp_path, BASE + sampler + f"output: {{intermediate_saves: {written}}}\n")
    assert [spec.intermediate_saves for spec in made][:3] == [first, then, then]


def test_more_pictures_than_steps_are_one_each(tmp_path: Path) -> None:
    text = BASE + "sampler: {steps: 4}\noutput: {intermediate_saves: 100}\n"
    assert plan(tmp_path, text)[0].intermediate_saves == (1, 2, 3)


def test_the_rest_of_guidance(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        BASE + "guidance:\n"
        "  gradient: none\n  skip_augs: true\n  fuzzy_prompt: {0: 1, 3: 25}\n"
        "  rand_mag: 0.1 * frame\n",
    )
    guidance = made[2].painting.guidance
    assert (guidance.gradient, guidance.skip_augs) == ("none", True)
    assert (guidance.fuzzy_prompt, guidance.rand_mag) == (17, pytest.approx(0.2))


def test_a_threshold_moves_over_the_video(tmp_path: Path) -> None:
    made = plan(tmp_path, BASE + "sampler: {dynamic_threshold: {0: 0.5, 40: 0.9}}\n")
    thresholds = [spec.painting.sampler.dynamic_threshold for spec in made]
    assert thresholds[20] == pytest.approx(0.7) and thresholds[0] == 0.5
    assert {spec.painting.sampler.dynamic_threshold for spec in plan(tmp_path, BASE)} == {None}


def test_clouds_are_for_frames_that_start_from_nothing(tmp_path: Path) -> None:
    clouds = BASE + "sampler: {steps: 10, skip_steps: 60%, perlin_init: mixed}\n"
    made = plan(tmp_path, clouds)
    assert [spec.painting.sampler.perlin_init for spec in made][:3] == ["mixed", None, None]
    # They are a picture to start from, so that the first frame skips steps too.
    assert [spec.painting.sampler.skip_steps for spec in made][:3] == [6, 6, 6]
    # And to keep to, as any other.
    kept = clouds + "guidance: {init_scale: {first: 7, then: 9}, perceptual: lpips}\n"
    assert init_scales(tmp_path, kept) == [
        StepSchedule.constant(7),
        StepSchedule.constant(9),
        StepSchedule.constant(9),
    ]
    assert plan(tmp_path, kept)[0].painting.guidance.perceptual == "lpips"
    held = plan(tmp_path, clouds + "guidance: {init_hold: {first: 0.5}}\n")
    assert held[0].painting.guidance.init_hold == StepSchedule.constant(0.5)


@pytest.mark.parametrize(
    ("written", "spec"),
    [
        ("{horizontal: [0.09]}", SymmetrySpec((0.09,), ())),
        ("{vertical: 50%}", SymmetrySpec((), (0.5,))),
        ("{horizontal: [9%, 1, 0, 0.09], vertical: 0}", SymmetrySpec((0.0, 0.09, 1.0), (0.0,))),
    ],
)
def test_symmetry(tmp_path: Path, written: str, spec: SymmetrySpec) -> None:
    made = plan(tmp_path, BASE + f"sampler: {{symmetry: {written}}}\n")
    assert {each.painting.sampler.symmetry for each in made} == {spec}


def test_prompts_cross_fade(tmp_path: Path) -> None:
    made = plan(tmp_path, VIDEO + "prompts: {0s: a castle, 1s: the sea, blend: 4 frames}\n")
    assert made[11].painting.prompts == (Prompt("a castle", 1.0),)
    assert made[13].painting.prompts == (Prompt("a castle", 0.75), Prompt("the sea", 0.25))
    assert made[16].painting.prompts == (Prompt("the sea", 1.0),)


def test_equal_sections_are_one_object(tmp_path: Path) -> None:
    made = plan(tmp_path, BASE + "camera: {zoom: {0: 1, 10: 1, 11: 2}}\n")
    assert made[1].camera is made[10].camera
    assert made[11].camera is made[47].camera
    assert made[1].camera is not made[11].camera
    assert len({id(spec.painting.sampler) for spec in made}) == 2
    assert len({id(spec.painting.guidance) for spec in made}) == 2


def test_no_negative_zero(tmp_path: Path) -> None:
    made = plan(tmp_path, BASE + "camera: {roll: -0.0, translate_x: -(frame - 3)}\n")
    assert copysign(1, made[1].motions[0].roll) == 1
    assert copysign(1, made[3].motions[0].translate_x) == 1


def test_json_reads_back_to_the_same_plan(tmp_path: Path) -> None:
    write_silence(tmp_path / "song.wav", 0.1)
    text = BASE + "music: {file: song.wav, bpm: 97.3}\ncamera: {roll: sin(beat) / 3}\n"
    made = plan(tmp_path, text)
    assert Plan.from_json(json.loads(plan_to_json(made))) == made
    assert made.output.soundtrack == str((tmp_path / "song.wav").resolve())

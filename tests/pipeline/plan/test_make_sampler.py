"""The sampler of every frame: its steps, its noise, and what it starts from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import pytest

from pipeline.catalogue.presets import PRESETS
from pipeline.errors import SceneError
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene
from pipeline.spec.denoise import SymmetrySpec
from pipeline.spec.frame import PictureFile, SavedFrame
from pipeline.spec.samplers import SamplerName
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plan.planned import BASE, init_scales, plan
from tests.pipeline.scene_files import write_picture


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


def test_noise_that_moves_with_the_picture_has_a_fresh_share_that_moves(tmp_path: Path) -> None:
    text = "sampler: {noise: warped, fresh_noise: {0: 0, 4: 1}}\n"
    samplers = [spec.painting.sampler for spec in plan(tmp_path, BASE + text)]
    assert [one.fresh_noise for one in samplers][:6] == [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    assert [one.noise_period for one in samplers][:3] == [1, 12, 12]
    by_default = plan(tmp_path, BASE + "sampler: {noise: warped}\n")
    assert {spec.painting.sampler.fresh_noise for spec in by_default} == {0.2}


@pytest.mark.parametrize(
    ("sampler", "period"),
    [
        ("{noise_period: 9}", 9),
        ("{noise: slow}", 12),
        ("{noise: fresh}", 1),
        ("{noise_period: 1}", 1),
    ],
)
def test_noise_is_slow_by_the_period_or_by_name(tmp_path: Path, sampler: str, period: int) -> None:
    made = plan(tmp_path, BASE + f"sampler: {sampler}\n")[1].painting.sampler
    assert (made.noise_period, made.fresh_noise) == (period, 1.0)


@pytest.mark.parametrize(
    ("sampler", "message"),
    [
        (
            "{noise: fresh, noise_period: 9}",
            "noise_period has effect with noise: slow or warped alone, and "
            "noise is fresh; remove noise_period or write noise: slow",
        ),
        (
            "{noise: slow, fresh_noise: 0.1}",
            "fresh_noise has effect with noise: warped alone, and "
            "noise is slow; remove fresh_noise or write noise: warped",
        ),
        (
            "{noise_period: 9, fresh_noise: 0.1}",
            "noise is not written; remove fresh_noise or write noise: warped",
        ),
    ],
)
def test_numbers_of_another_noise_are_refused(tmp_path: Path, sampler: str, message: str) -> None:
    with pytest.raises(SceneError, match=re.escape(message)):
        plan(tmp_path, BASE + f"sampler: {sampler}\n")


def test_the_noise_of_stills_moves_with_nothing(tmp_path: Path) -> None:
    stills = "video: {size: [64, 64], n_batches: 3}\nprompts: a tree\nsampler: {noise: warped}\n"
    with pytest.raises(SceneError, match="n_batches makes stills"):
        plan(tmp_path, stills)


def test_the_skip_of_frames_that_grow_moves_over_the_video(tmp_path: Path) -> None:
    sampler = "{steps: 20, skip_steps: {first: 1, then: {0: 50%, 2: 10%, 4: {value: 14}}}}"
    made = plan(tmp_path, BASE + f"sampler: {sampler}\n")
    assert [spec.painting.sampler.skip_steps for spec in made][:6] == [1, 6, 2, 8, 14, 14]


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
        ("sampler: {name: dpmpp_2m_sde}", 1, 1),
        ("sampler: {name: euler_a}", 1, 1),
        ("sampler: {name: euler_a, eta: 0.4}", 0.4, 0.4),
        ("sampler: {name: lcm}", 1, 1),
        ("sampler: {name: euler}", 0, 0),
        ("sampler: {name: heun}", 0, 0),
        ("sampler: {name: unipc}", 0, 0),
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


def test_frames_on_the_way_to_an_end_leave_pictures_of_the_steps_that_they_take(
    tmp_path: Path,
) -> None:
    picture = write_picture(tmp_path / "last.png")
    text = (
        "sampler: {steps: 20, skip_steps: {first: 0, then: 40%}}\n"
        f"shots: [{{name: a, end: {{picture: {picture.name}, over: 4f}}}}]\n"
        "output: {intermediate_saves: 2}\n"
    )
    *_, before, three, two, one, last = plan(tmp_path, BASE + text)
    assert [spec.intermediate_saves for spec in (before, three, two, one)] == [
        (4, 8), (3, 6), (2, 4), (1, 2),
    ]  # fmt: skip
    assert last.denoise is None and last.intermediate_saves == ()


def test_more_pictures_than_steps_are_one_each(tmp_path: Path) -> None:
    text = BASE + "sampler: {steps: 4}\noutput: {intermediate_saves: 100}\n"
    assert plan(tmp_path, text)[0].intermediate_saves == (1, 2, 3)


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

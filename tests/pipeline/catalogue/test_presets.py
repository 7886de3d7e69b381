"""Presets, and the digests of what lies in a network's folder."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest
import torch

from pipeline.catalogue.facts import SECONDARY_MULTIPLE, size_multiple
from pipeline.catalogue.locate import locate_all
from pipeline.catalogue.network_digests import network_digests
from pipeline.catalogue.presets import PRESETS
from pipeline.catalogue.published import needed_by
from pipeline.catalogue.store import ModelStore
from pipeline.errors import ModelError, SceneError
from pipeline.networks.denoisers.secondary import SecondaryNetwork
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene
from pipeline.spec.fingerprints import asks
from pipeline.spec.plan import Plan
from pipeline.spec.sources import STARTER, NamedSource
from pipeline.spec.step_schedule import StepSchedule
from tests import child

SCRIPT = """
import sys
from pipeline.catalogue.presets import PRESETS
slow = {"torch", "diffusers", "open_clip", "timm", "safetensors"} & set(sys.modules)
print(sorted(PRESETS), sorted(slow))
"""


def test_presets_are_known_without_any_network_library() -> None:
    argv = [sys.executable, "-c", SCRIPT]
    done = child.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout == f"{sorted(PRESETS)} []\n"


def test_presets_go_by_their_names() -> None:
    assert {name: preset.name for name, preset in PRESETS.items()} == {n: n for n in PRESETS}


def planned(folder: Path, preset: str, models: str = "", more: str = "") -> Plan:
    scene = folder / "scene.yaml"
    scene.write_text(
        "video: {size: [64, 64], duration: 2}\nprompts: a castle\n"
        f"models: {{preset: {preset}{models}}}\n{more}"
    )
    return make_plan(load_scene(scene))


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_names_the_networks_that_are_fetched_for_it(tmp_path: Path, preset: str) -> None:
    plan = planned(tmp_path, preset)
    models = plan.networks["main"]
    # An encoder that no frame asks stands by for scenes that do.
    guiding = {
        source
        for name, source in models.encoders.items()
        if any(asks(spec, "encoder", name) for spec in plan)
    }
    sources = {models.denoiser, models.secondary, *guiding}
    sources |= {one.source for one in models.depth}
    named = {source.name for source in sources if isinstance(source, NamedSource)}
    assert named - {STARTER} == {entry.name for entry in needed_by(preset)}
    assert PRESETS[preset].size_multiple % size_multiple(models.denoiser) == 0


def test_the_starters_size_multiple_is_its_denoisers() -> None:
    assert PRESETS[STARTER].size_multiple == size_multiple(NamedSource(STARTER))


def test_the_secondary_models_size_multiple_is_its_networks() -> None:
    with torch.device("meta"):
        assert SecondaryNetwork().size_multiple == SECONDARY_MULTIPLE


@pytest.mark.parametrize("preset", ["disco", "disco-256", "pixelart", "watercolor"])
def test_discos_presets_have_its_settings(tmp_path: Path, preset: str) -> None:
    first, then = planned(tmp_path, preset)
    sampler, guidance = first.painting.sampler, first.painting.guidance
    assert (sampler.steps, sampler.skip_steps, sampler.eta) == (250, 10, 0.8)
    assert then.painting.sampler.skip_steps == 150
    assert guidance.gradient == "secondary"
    assert guidance.clip_guidance_scale == StepSchedule.constant(5000)
    assert guidance.range_scale == StepSchedule.constant(150)
    assert guidance.tv_scale == guidance.sat_scale == StepSchedule.constant(0)
    assert guidance.clamp_max == StepSchedule.constant(0.05)
    assert guidance.cutn_batches == 4


@pytest.mark.parametrize(
    ("preset", "sampler", "steps", "cfg_scale"),
    [
        ("sd15", "dpmpp_2m", 25, 7.5),
        ("sdxl", "dpmpp_2m", 25, 7.0),
        ("sd-turbo", "euler_a", 4, 1.0),
        ("lcm", "lcm", 8, 1.0),
    ],
)
def test_text_to_image_presets_guide_by_prompts_alone(
    tmp_path: Path, preset: str, sampler: str, steps: int, cfg_scale: float
) -> None:
    first, then = planned(tmp_path, preset)
    assert (first.painting.sampler.name, first.painting.sampler.steps) == (sampler, steps)
    assert first.painting.sampler.skip_steps == 0
    assert then.painting.sampler.skip_steps == steps // 2
    guidance = first.painting.guidance
    assert guidance.cfg_scale == StepSchedule.constant(cfg_scale)
    assert guidance.clip_guidance_scale.is_zero and guidance.range_scale.is_zero


def test_an_encoder_of_a_preset_is_asked_for_once_a_scene_guides_by_clip(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "store")
    with pytest.raises(ModelError, match="pull --preset sd15") as caught:
        locate_all(planned(tmp_path, "sd15"), store)
    assert "ViT-B-16" not in str(caught.value)
    guided = planned(tmp_path, "sd15", more="guidance: {clip_guidance_scale: 500}\n")
    with pytest.raises(ModelError, match=r"pull sd15 ViT-B-16/openai"):
        locate_all(guided, store)


def test_a_gradient_through_the_denoiser_needs_no_secondary_model(tmp_path: Path) -> None:
    """Whether the author asks for the one or does without the other."""
    store = ModelStore(tmp_path / "store")
    for models, more in (
        ("", "guidance: {gradient: denoiser}\n"),
        (", secondary: none", ""),
        (", secondary: none", "guidance: {gradient: none}\n"),
    ):
        plan = planned(tmp_path, "disco", models, more)
        assert plan[0].painting.guidance.gradient == (
            "none" if "gradient: none" in more else "denoiser"
        )
        with pytest.raises(ModelError, match="dpt_large") as caught:
            locate_all(plan, store)
        assert "secondary" not in str(caught.value)
    with pytest.raises(ModelError, match=r"\n  secondary \("):
        locate_all(planned(tmp_path, "disco"), store)


def test_a_gradient_that_is_asked_for_is_not_given_up(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match=r"4:22: guidance.gradient: there is no secondary model"):
        planned(tmp_path, "disco", ", secondary: none", "guidance: {gradient: secondary}\n")


@pytest.mark.parametrize(
    ("preset", "overview", "innercut", "power", "grey"),
    [
        ("disco", (12, 4, 4), (4, 12, 12), (1, 1, 1), (0.2, 0, 0)),
        ("pixelart", (15, 4, 0), (1, 8, 10), (12, 10, 10), (0.87, 0.19, 0)),
        ("watercolor", (14, 4, 0), (2, 12, 12), (12, 10, 10), (0.7, 0, 0)),
    ],
)
def test_cutouts_of_a_preset_at_the_beginning_the_middle_and_the_end(
    tmp_path: Path, preset: str, overview: object, innercut: object, power: object, grey: object
) -> None:
    guidance = planned(tmp_path, preset)[0].painting.guidance

    def at_three(steps: StepSchedule) -> tuple[float, ...]:
        return tuple(map(steps, (0, 0.5, 0.99)))

    assert at_three(guidance.cut_overview) == overview
    assert at_three(guidance.cut_innercut) == innercut
    assert at_three(guidance.cut_ic_pow) == power
    assert at_three(guidance.cut_icgray_p) == grey


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files that nobody loads here."""
    (tmp_path / "net" / "unet").mkdir(parents=True)
    (tmp_path / "net" / "unet" / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "net" / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "net" / "README.md").write_text("words", encoding="utf-8")
    return tmp_path / "net"


def test_every_network_file_has_its_digest_under_its_name(folder: Path) -> None:
    digests = network_digests(folder, "")
    assert list(digests) == ["config.json", "unet/model.safetensors"]
    assert digests["unet/model.safetensors"] == hashlib.sha256(b"weights").hexdigest()


@pytest.mark.parametrize("empty", [False, True])
def test_a_network_that_is_not_there_is_named(tmp_path: Path, empty: bool) -> None:
    folder = tmp_path / "nothing"
    if empty:
        folder.mkdir()
    with pytest.raises(ModelError) as caught:
        network_digests(folder, "mend it")
    assert str(caught.value) == f"{folder}: there is no network here; mend it"


def test_a_file_that_cannot_be_read_is_named(folder: Path) -> None:
    path = folder / "broken.json"
    path.symlink_to("nowhere.json")
    with pytest.raises(ModelError) as caught:
        network_digests(folder, "mend it")
    assert str(caught.value) == f"{path}: cannot be read (No such file or directory); mend it"

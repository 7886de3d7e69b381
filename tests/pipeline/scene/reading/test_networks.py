"""The section `models`: what its settings mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.catalogue.guided_config import CONFIGURATIONS
from pipeline.catalogue.guided_shapes import guided_shapes
from pipeline.catalogue.outlines import RAFT, SECONDARY
from pipeline.errors import SceneError
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene
from pipeline.scene.settings import Models
from pipeline.spec.denoise import EncoderSpec
from pipeline.spec.sources import CheckpointSource, DepthSource, FolderSource, NamedSource
from tests.pipeline.networks.published import TINY, save_shapes, save_tiny
from tests.pipeline.networks.tiny import EXTRAS, save_denoiser, save_depth, unet, write_json
from tests.pipeline.scene.reading.written_models import PICTURES, models
from tests.pipeline.scene_files import load, write


def test_the_starter_is_what_there_is_unless_written(tmp_path: Path) -> None:
    assert models(tmp_path, "{}") == Models()


def test_a_network_overrides_the_presets(tmp_path: Path) -> None:
    mixed = models(tmp_path, "{preset: disco, denoiser: starter, depth: midas_v21}")
    assert mixed.denoiser == NamedSource("starter")
    assert mixed.depth == (DepthSource("midas_v21", NamedSource("midas_v21")),)
    assert mixed.secondary == NamedSource("secondary")
    assert [encoder.name for encoder in mixed.encoders] == [
        "ViT-B-32/openai",
        "ViT-B-16/openai",
        "RN50/openai",
    ]
    assert models(tmp_path, "{preset: disco, secondary: none}").secondary is None


def test_depth_estimators_have_weights(tmp_path: Path) -> None:
    save_depth(tmp_path / "mine")
    found = models(tmp_path, "{depth: [dpt_large, {name: starter, weight: 0.5}, mine]}")
    assert found.depth == (
        DepthSource("dpt_large", NamedSource("dpt_large"), 0.4),
        DepthSource("starter", NamedSource("starter"), 0.2),
        DepthSource("mine", FolderSource(str((tmp_path / "mine").resolve())), 0.4),
    )
    one = models(tmp_path, "{depth: {name: dpt_large, weight: 7}}")
    assert one == models(tmp_path, "{depth: dpt_large}")
    assert one == models(tmp_path, "{depth: [dpt_large]}")


def test_flow_is_opencvs_or_a_network(tmp_path: Path) -> None:
    save_shapes(tmp_path / "mine.pth", RAFT["raft_small"])
    assert models(tmp_path, "{flow: dis}") == models(tmp_path, "{}")
    assert models(tmp_path, "{flow: raft_large}").flow == NamedSource("raft_large")
    mine = CheckpointSource(str(tmp_path.resolve() / "mine.pth"), None)
    assert models(tmp_path, "{flow: mine.pth}").flow == mine


def test_a_depth_network_may_be_a_file(tmp_path: Path) -> None:
    save_shapes(tmp_path / "mine.pt", SECONDARY)
    mine = CheckpointSource(str(tmp_path.resolve() / "mine.pt"), "dpt_hybrid")
    written = "{file: mine.pt, config: dpt_hybrid"
    assert models(tmp_path, f"{{depth: {written}}}}}").depth == (DepthSource("mine.pt", mine),)
    assert models(tmp_path, f"{{depth: [starter, {written}, weight: 3}}]}}").depth == (
        DepthSource("starter", NamedSource("starter"), 0.25),
        DepthSource("mine.pt", mine, 0.75),
    )


def test_ones_own_networks(tmp_path: Path) -> None:
    save_denoiser(tmp_path / "net", unet())
    save_depth(tmp_path / "depth")
    save_shapes(tmp_path / "small.pth", SECONDARY)
    found = models(tmp_path, "{denoiser: net, depth: depth, secondary: small.pth}")
    here = tmp_path.resolve()
    assert found.denoiser == FolderSource(str(here / "net"))
    assert found.depth == (DepthSource("depth", FolderSource(str(here / "depth"))),)
    assert found.secondary == CheckpointSource(str(here / "small.pth"), None)


@pytest.mark.parametrize(
    ("written", "config"),
    [
        ("{file: my.pt, config: flags.json}", "flags.json"),
        ("{file: my.pt}", "my.json"),
        ("my.pt", "my.json"),
        ("{file: my.pt, config: pixelart}", None),
    ],
)
def test_a_checkpoint_of_ones_own(tmp_path: Path, written: str, config: str | None) -> None:
    fits = TINY if config else CONFIGURATIONS["pixelart"]
    save_shapes(tmp_path / "my.pt", guided_shapes(fits))
    for name in ("flags.json", "my.json"):
        write_json(tmp_path / name, json.loads(TINY.model_dump_json()))
    here = tmp_path.resolve()
    expected = "pixelart" if config is None else str(here / config)
    source = models(tmp_path, f"{{denoiser: {written}}}").denoiser
    assert source == CheckpointSource(str(here / "my.pt"), expected)


@pytest.mark.parametrize(
    ("written", "multiple"),
    [
        ("{}", 2),
        ("{secondary: secondary}", 32),
        ("{preset: disco}", 64),
        ("{preset: disco, denoiser: starter}", 32),
        ("{preset: disco, denoiser: starter, secondary: none}", 2),
        ("{denoiser: pixelartdiffusion4k}", 32),
        ("{denoiser: 512x512_diffusion_uncond_finetune_008100}", 64),
        ("{denoiser: net}", 2),
        ("{denoiser: lapped}", 2),
        ("{denoiser: my.pt}", 2),
    ],
)
def test_the_networks_say_which_sizes_fit(tmp_path: Path, written: str, multiple: int) -> None:
    save_denoiser(tmp_path / "net", unet())
    save_denoiser(tmp_path / "lapped", unet(12, class_embed_type="identity"), extras=EXTRAS)
    save_tiny(tmp_path / "my.pt")
    write_json(tmp_path / "my.json", json.loads(TINY.model_dump_json()))
    for width in (64 + multiple, 64 + multiple // 2):
        text = PICTURES.replace("[64,", f"[{width},") + f"models: {written}\n"
        path = write(tmp_path, text)
        if width == 64 + multiple:
            load_scene(path)
        else:
            with pytest.raises(SceneError, match=f"multiples of {multiple},"):
                load_scene(path)


def test_the_plan_carries_what_was_written(tmp_path: Path) -> None:
    plan = make_plan(
        load(
            tmp_path,
            f"{PICTURES}models: {{precision: bf16, truncate_prompts: true, depth: dpt_large, "
            "denoiser: pixelartdiffusion4k, secondary: secondary, "
            "encoders: {name: RN50/openai, weight: 2, from: 0.25, until: 0.5}}\n",
        )
    )
    assert {spec.painting.encoders for spec in plan} == {
        (EncoderSpec("RN50/openai", 2.0, 0.25, 0.5),)
    }
    assert plan.networks["main"].denoiser == NamedSource("pixelartdiffusion4k")
    assert plan.networks["main"].secondary == NamedSource("secondary")
    assert plan.networks["main"].encoders == {"RN50/openai": NamedSource("RN50/openai")}
    assert plan.networks["main"].depth == (DepthSource("dpt_large", NamedSource("dpt_large")),)
    assert (plan.networks["main"].precision, plan.networks["main"].truncate_prompts) == (
        "bf16",
        True,
    )

"""The section `models`: what its settings mean, and what is said about mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.catalogue.guided_config import CONFIGURATIONS
from pipeline.catalogue.guided_shapes import guided_shapes
from pipeline.catalogue.outlines import SECONDARY
from pipeline.errors import SceneError
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene
from pipeline.scene.schema import Models
from pipeline.spec.denoise import EncoderSpec
from pipeline.spec.sources import CheckpointSource, DepthSource, FolderSource, NamedSource
from tests.pipeline.networks.published import TINY, save_shapes, save_tiny
from tests.pipeline.networks.tiny import (
    EXTRAS,
    save_denoiser,
    save_depth,
    unet,
    write_json,
)
from tests.pipeline.scene_files import complaints, load, write, write_picture

PICTURES = "video: {size: [64, 64], duration: 4}\nprompts: a castle\n"


def models(folder: Path, written: str) -> Models:
    return load(folder, f"{PICTURES}models: {written}\n").models


def told(folder: Path, written: str) -> list[str]:
    """What is wrong with a `models`, as `path: message`."""
    lines = complaints(folder, f"{PICTURES}models: {written}\n")
    return [line.split(": models.", 1)[-1].split(" models.", 1)[-1] for line in lines]


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
        ("{}", 16),
        ("{secondary: secondary}", 32),
        ("{preset: disco}", 64),
        ("{preset: disco, denoiser: starter}", 32),
        ("{preset: disco, denoiser: starter, secondary: none}", 16),
        ("{denoiser: pixelartdiffusion4k}", 32),
        ("{denoiser: 512x512_diffusion_uncond_finetune_008100}", 64),
        ("{denoiser: net}", 2),
        ("{denoiser: lapped}", 4),
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


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (
            "{depth: dpt_larg}",
            'depth: there is no depth estimator "dpt_larg" (did you mean "dpt_large"?); known: '
            "dpt_hybrid, dpt_large, dpt_swin2_tiny_256, midas_v21, midas_v21_small, starter; or a "
            "folder, or {file: my.pt, config: dpt_large}, relative to the scene file",
        ),
        ("{depth: []}", "depth: an empty list; name at least one depth estimator, such as starter"),
        (
            "{depth: [starter, {name: starter, weight: 2}]}",
            'depth.1: "starter" stands here twice; keep one of them',
        ),
        (
            "{depth: [starter, {name: dpt_large, weight: 0}]}",
            "depth.1.weight: expected a number above 0 and up to 1000, found 0",
        ),
        (
            "{depth: [starter, {name: dpt_large, weight: much}]}",
            'depth.1.weight: expected a number above 0 and up to 1000, found "much"',
        ),
        (
            "{depth: [starter, {name: dpt_large, from: 0.5}]}",
            "depth.1.from: unknown key; allowed: name, weight",
        ),
        (
            "{depth: [starter, {weight: 0.5}]}",
            "depth.1.name: expected a name or a folder, or {file: my.pt, config: dpt_large}; found "
            "nothing",
        ),
        (
            "{secondary: no}",
            'secondary: there is no secondary model "no"; known: secondary; or none, or a .pth '
            "file, relative to the scene file",
        ),
        (
            "{denoiser: 3}",
            "denoiser: expected a name or a diffusers folder, or {file: my.pt, "
            "config: my.json}; found 3",
        ),
        (
            "{precision: fp8}",
            'precision: expected auto, fp32, bf16 or fp16, found "fp8"',
        ),
        (
            "{truncate_prompts: yes}",
            'truncate_prompts: expected true or false, found "yes"; write true',
        ),
        (
            "{encoders: []}",
            "encoders: an empty list; name at least one encoder, such as ViT-B-32/openai",
        ),
        (
            "{encoders: [starter, {name: starter}]}",
            'encoders.1: "starter" stands here twice; keep one of them',
        ),
        (
            "{encoders: {name: starter, weight: -1}}",
            "encoders.weight: expected a number from 0 to 1000, found -1",
        ),
        (
            "{encoders: {name: starter, from: 2}}",
            "encoders.from: expected a number from 0 to 1, found 2",
        ),
        (
            "{encoders: {name: starter, from: 0.5, until: 0.5}}",
            "encoders.until: found 0.5; it is above `from`, which is 0.5",
        ),
        (
            "{encoders: {name: starter, form: 0}}",
            'encoders.form: unknown key (did you mean "from"?); allowed: name, weight, from, until',
        ),
        (
            "{denoiser: {file: gone.pt, config: pixelart}}",
            'denoiser.file: "{here}/gone.pt" is no file; names are relative to the scene file',
        ),
        (
            "{denoiser: {confg: x, file: scene.yaml}}",
            'denoiser.confg: unknown key (did you mean "config"?); allowed: file, config',
        ),
    ],
)
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, written: str, problem: str) -> None:
    first, *_ = told(tmp_path, written)
    assert first == problem.replace("{here}", str(tmp_path.resolve()))


def test_a_checkpoint_without_its_configuration_asks_for_it(tmp_path: Path) -> None:
    (tmp_path / "my.pt").touch()
    (problem,) = told(tmp_path, "{denoiser: my.pt}")
    assert problem.startswith(f"denoiser: {tmp_path.resolve()}/my.json: no configuration beside")


def test_a_folder_that_is_no_denoiser_is_named(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (problem, *_) = told(tmp_path, "{denoiser: net}")
    assert problem.startswith(f"denoiser: {tmp_path.resolve()}/net/unet/config.json: cannot be")


def test_the_picture_of_a_prompt_is_relative_to_the_scene(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png")
    scene = load(tmp_path, PICTURES.replace("a castle", "[fog, {image: a.png}]"))
    assert scene.prompts(0)[1].text == str((tmp_path / "a.png").resolve())
    assert complaints(tmp_path, PICTURES.replace("a castle", "{image: gone.png}")) == [
        f'2:18: prompts.image: "{tmp_path.resolve()}/gone.png" does not exist; '
        "names are relative to the scene file"
    ]

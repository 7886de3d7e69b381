"""Files and folders of networks that a scene names: each has to be of its kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from diffusers import DDIMScheduler

from pipeline.networks.denoisers.unet_folder import load_denoiser
from tests.pipeline.networks.published import TINY, save_tiny
from tests.pipeline.networks.tiny import CPU, EXTRAS, save_denoiser, unet, write_json
from tests.pipeline.scene.reading.written_models import PICTURES, models, told
from tests.pipeline.scene_files import complaints, load

T = torch.tensor([5])


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (
            "{denoiser: {file: my.onnx, config: pixelart}}",
            'denoiser.file: "{here}/my.onnx" is no file of weights by its name, which ends in one '
            "of: .pt, .pth, .ckpt, .bin, .safetensors",
        ),
        (
            "{secondary: my.onnx}",
            'secondary: "{here}/my.onnx" is no file of weights by its name, which ends in one '
            "of: .pt, .pth, .ckpt, .bin, .safetensors",
        ),
        (
            "{denoiser: {file: MY.PT, config: 256-uncod}}",
            'denoiser.config: there is no configuration "256-uncod" (did you mean "256-uncond"?); '
            "known: 512-finetune, 256-uncond, portrait, pixelart, sd15, sd21-base, sd21, sdxl, "
            "sdxl-refiner; or a JSON file, relative to the scene file",
        ),
        (
            "{denoiser: {file: MY.PT, config: 3}}",
            "denoiser.config: there is no configuration 3; known: 512-finetune, 256-uncond, "
            "portrait, pixelart, sd15, sd21-base, sd21, sdxl, sdxl-refiner; or a JSON file, "
            "relative to the scene file",
        ),
        (
            "{depth: MY.PT}",
            'depth: "{here}/MY.PT" is a file; say what it is a network of: '
            "{file: MY.PT, config: dpt_large}, or another of midas_v21_small, midas_v21, "
            "dpt_large, dpt_hybrid, dpt_swin2_tiny_256",
        ),
        (
            "{depth: {file: MY.PT, config: dpt_larg}}",
            'depth.config: there is no depth network "dpt_larg" (did you mean "dpt_large"?); write '
            "the network that the file was trained as: midas_v21_small, midas_v21, dpt_large, "
            "dpt_hybrid, dpt_swin2_tiny_256",
        ),
        (
            "{depth: {file: MY.PT}}",
            "depth: config is missing; write the network that the file was trained as: "
            "midas_v21_small, midas_v21, dpt_large, dpt_hybrid, dpt_swin2_tiny_256",
        ),
        (
            "{depth: [starter, {file: my.onnx, config: dpt_large}]}",
            'depth.1.file: "{here}/my.onnx" is no file of weights by its name, which ends in one '
            "of: .pt, .pth, .ckpt, .bin, .safetensors",
        ),
        (
            "{encoders: depth}",
            'encoders: "{here}/depth" is no open_clip folder: there is no open_clip_config.json '
            "in it",
        ),
    ],
)
def test_what_is_there_has_to_be_of_its_kind(tmp_path: Path, written: str, problem: str) -> None:
    for name in ("my.onnx", "MY.PT"):
        (tmp_path / name).touch()
    (tmp_path / "depth").mkdir()
    assert told(tmp_path, written) == [problem.replace("{here}", str(tmp_path.resolve()))]


def test_a_name_that_is_longer_than_a_file_can_have_is_a_mistake(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, f"{{denoiser: {{file: {'a' * 300}.pt, config: {'b' * 300}}}}}")[:1]
    assert problem.endswith("is no file; names are relative to the scene file")


def test_no_more_steps_than_the_denoiser_knows_timesteps(tmp_path: Path) -> None:
    save_denoiser(tmp_path / "net", unet(), DDIMScheduler(num_train_timesteps=20))
    save_tiny(tmp_path / "my.pt")
    save_tiny(tmp_path / "any.pt")
    mine = json.loads(TINY.model_dump_json())
    write_json(tmp_path / "my.json", {**mine, "diffusion_steps": 100})
    write_json(tmp_path / "any.json", {**mine, "diffusion_steps": 100, "rescale_timesteps": True})
    for most, denoiser in ((20, "net"), (100, "my.pt")):
        scene = f"{PICTURES}models: {{denoiser: {denoiser}}}\nsampler: {{steps: "
        load(tmp_path, f"{scene}{most}}}\n")
        assert complaints(tmp_path, f"{scene}{most + 1}}}\n") == [
            f"4:18: sampler.steps: found {most + 1}; the denoiser knows {most} timesteps, so it is "
            f"at most {most}"
        ]
    load(tmp_path, PICTURES + "models: {denoiser: any.pt}\nsampler: {steps: 250}\n")
    # The starter's own number of steps is a mistake too, where it does not fit.
    (problem,) = complaints(tmp_path, PICTURES + "models: {denoiser: net}\n")
    assert "sampler.steps: found 25; the denoiser knows 20" in problem


@pytest.mark.parametrize(
    ("denoiser", "sampler", "problem"),
    [
        (
            "sd15",
            "{name: lcm, steps: 51}",
            "4:29: sampler.steps: found 51; the denoiser knows 50 timesteps for lcm, so it is at "
            "most 50",
        ),
        (
            "sd15",
            "{name: unipc, spacing: linspace, steps: 1000}",
            "4:50: sampler.steps: found 1000; linspace spacing has 999 timesteps for unipc, so it "
            "is at most 999",
        ),
        (
            "sd3",
            "{name: euler, spacing: leading}",
            "4:33: sampler.spacing: found leading; the denoiser was trained by flow matching and "
            "begins at pure noise, so it is trailing, linspace or karras",
        ),
    ],
)
def test_a_sampler_asks_where_the_denoiser_answers(
    tmp_path: Path, denoiser: str, sampler: str, problem: str
) -> None:
    scene = f"{PICTURES}models: {{denoiser: {denoiser}}}\nsampler: {sampler}\n"
    assert complaints(tmp_path, scene) == [problem]
    other = sampler.replace("51", "50").replace("1000", "999").replace("leading", "trailing")
    load(tmp_path, scene.replace(sampler, other))


def test_a_stretch_may_be_in_percent(tmp_path: Path) -> None:
    written = "{encoders: {name: starter, from: 12.5%, until: 60 %}}"
    (choice,) = models(tmp_path, written).encoders
    assert (choice.start, choice.until) == (0.125, 0.6)
    first, *_ = told(tmp_path, "{encoders: {name: starter, from: 120%}}")
    assert first == "encoders.from: expected a number from 0 to 1, found 1.2"


def sized(folder: Path, width: int, height: int, denoiser: str) -> str:
    picture = f"video: {{size: [{width}, {height}], duration: 4}}\nprompts: a castle\n"
    return f"{picture}models: {{denoiser: {denoiser}}}\n"


def test_a_frame_of_which_the_network_would_see_a_single_number(tmp_path: Path) -> None:
    """Two levels of 32 channels in 32 groups: the second one halves a frame of 2x2 to a pixel."""
    fine = unet(block_out_channels=(32, 64), norm_num_groups=32)
    save_denoiser(tmp_path / "narrow", fine)
    save_denoiser(tmp_path / "wide", unet(block_out_channels=(64, 64), norm_num_groups=32))
    assert complaints(tmp_path, sized(tmp_path, 2, 2, "narrow")) == [
        "1:15: video.size: found [2, 2]; the denoiser needs 8 pixels at least, and [4, 2] fits"
    ]
    lapped = unet(12, block_out_channels=(32, 64), norm_num_groups=32)
    save_denoiser(tmp_path / "lapped", lapped, extras={"lapped": EXTRAS["lapped"]})
    assert complaints(tmp_path, sized(tmp_path, 4, 4, "lapped")) == [
        "1:15: video.size: found [4, 4]; the denoiser needs 32 pixels at least, and [8, 4] fits"
    ]
    load(tmp_path, sized(tmp_path, 6, 6, "lapped"))
    load(tmp_path, sized(tmp_path, 4, 2, "narrow"))
    load(tmp_path, sized(tmp_path, 2, 2, "wide"))
    # So it is with the networks themselves.
    for name, h, w in (("narrow", 2, 4), ("wide", 2, 2), ("lapped", 6, 6)):
        load_denoiser(tmp_path / name, CPU).bind(None)(torch.zeros(1, 3, h, w), T)
    with pytest.raises(ValueError, match="more than 1"):
        load_denoiser(tmp_path / "narrow", CPU).bind(None)(torch.zeros(1, 3, 2, 2), T)


def test_a_checkpoints_frame_may_be_too_small_too(tmp_path: Path) -> None:
    save_tiny(tmp_path / "my.pt")
    write_json(tmp_path / "my.json", json.loads(TINY.model_dump_json()))
    multiple = TINY.size_multiple
    assert min(TINY.widths[-2:]) == 32
    (said,) = complaints(tmp_path, sized(tmp_path, multiple, multiple, "my.pt"))
    assert f"the denoiser needs {2 * multiple**2} pixels at least" in said

"""Scenes that add LoRAs, ControlNets and pictures to Stable Diffusion, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.files.png import decode_png, encode_png
from tests.command_line import frames, run
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.text_to_image.adapters.test_controls import control_net
from tests.pipeline.networks.text_to_image.tiny_image_adapter import save_adapter
from tests.pipeline.networks.text_to_image.tiny_loras import (
    OF_TEXTS,
    OF_UNET,
    halves,
    save_kohya,
)
from tests.pipeline.plans import picture

pytestmark = pytest.mark.slow

SCENE = """\
video: {{size: [64, 48], fps: 8, duration: 4}}
prompts: [a castle at dawn, {{image: dawn.png, weight: 0.5}}]
models: {{denoiser: own, image_prompts: adapter}}
loras: {{ink.safetensors: {lora}}}
controls: {control}
camera: {{mode: 2d, zoom: 1.03}}
sampler: {{steps: 4, skip_steps: {{first: 0, then: 50%}}}}
guidance: {{cfg_scale: 4, clip_guidance_scale: 0}}
output: {{upscale: none, preset: ultrafast}}
"""
MOVES = "{0: 0, 2: 0.8}"
CONTROL = "{network: net, hint: depth, weight: 0.8, until: 90%}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Stable Diffusion of one's own, and something of each kind to add to it."""
    here = tmp_path_factory.mktemp("scene")
    pipeline = tiny_pipelines.sd_pipeline(here / "own")
    tiny_pipelines.save_pipeline(here / "own", pipeline)
    parts = {
        "unet": halves(pipeline.unet, OF_UNET),
        "te": halves(pipeline.text_encoder, OF_TEXTS),
    }
    save_kohya(here / "ink.safetensors", parts)
    control_net(pipeline.unet, 1).save_pretrained(here / "net")
    save_adapter(here / "adapter", pipeline.unet)
    (here / "dawn.png").write_bytes(encode_png(picture(3, 32, 32)))
    return here


def rendered(
    folder: Path, name: str, *options: str, lora: str = MOVES, control: str = CONTROL
) -> dict[str, bytes]:
    """The frames of the scene with these additions, by name."""
    scene = folder / f"{name}.yaml"
    scene.write_text(SCENE.format(lora=lora, control=control), encoding="utf-8")
    checked = run("check", scene, cwd=folder)
    assert checked.returncode == 0, checked.stderr
    done = run("render", scene, "--out", name, *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    return frames(folder / name)


def test_each_reaches_the_frames_that_ask_it(folder: Path) -> None:
    whole, without_lora, uncontrolled = (
        {name: decode_png(data).tobytes() for name, data in made.items()}
        for made in (
            rendered(folder, "whole"),
            rendered(folder, "plain", lora="0"),
            rendered(folder, "free", control="[]"),
        )
    )
    names = sorted(whole)
    assert len(names) == 4
    # The LoRA begins to count behind the first frame, which no ControlNet is shown anything of.
    assert whole[names[0]] == without_lora[names[0]] == uncontrolled[names[0]]
    for name in names[1:]:
        assert whole[name] != without_lora[name]
        assert whole[name] != uncontrolled[name]


def test_a_part_of_a_render_goes_on_to_the_same_bytes(folder: Path) -> None:
    whole = rendered(folder, "again")
    assert rendered(folder, "part", "--frames", "0:2") == dict(sorted(whole.items())[:2])
    assert rendered(folder, "part") == whole


def test_another_weight_makes_its_frames_anew(folder: Path) -> None:
    rendered(folder, "edited")
    scene = folder / "edited.yaml"
    scene.write_text(SCENE.format(lora="{0: 0, 2: 0.9}", control=CONTROL), encoding="utf-8")
    refused = run("render", scene, "--out", "edited", cwd=folder)
    assert refused.returncode == 1
    assert "frame 1 would change" in refused.stderr

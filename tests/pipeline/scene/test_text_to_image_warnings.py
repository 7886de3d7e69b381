"""A text-to-image network in the starter's place: what the starter's preset still has is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import warnings

SCENE = (
    "video: {size: [512, 512], duration: 4s}\nprompts: a castle\ncamera: {mode: 2d, zoom: 1.1}\n"
)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "models: {denoiser: sd15}\n",
            "with a cfg_scale of 2.5 and a clip_guidance_scale of 300, which are for the starter; "
            "write preset: sd15 in its place",
        ),
        (
            "models: {denoiser: sd21}\nguidance: {cfg_scale: 7.5}\n",
            "with a clip_guidance_scale of 300, which are for the starter; write guidance: "
            "{cfg_scale: 7, clip_guidance_scale: 0}, or what suits it",
        ),
    ],
)
def test_the_starter_s_guidance_is_told(tmp_path: Path, written: str, told: str) -> None:
    (found,) = (one for one in warnings(tmp_path, SCENE + written) if "starter" in one)
    assert "4:20: models.denoiser: " in found
    assert found.endswith(told)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "models: {preset: sd15}\n",
        "models: {preset: sd15, denoiser: sd21}\n",
        "models: {denoiser: sd21}\nguidance: {cfg_scale: 7.5, clip_guidance_scale: 0}\n",
        "models: {denoiser: pixelartdiffusion4k}\n",
    ],
)
def test_what_is_chosen_is_not(tmp_path: Path, written: str) -> None:
    assert not [one for one in warnings(tmp_path, SCENE + written) if "the starter's preset" in one]


def test_a_picture_of_the_starter_s_size_is_too_small_for_latents(tmp_path: Path) -> None:
    small = SCENE.replace("[512, 512]", "[144, 96]")
    (found,) = warnings(tmp_path, f"{small}models: {{preset: sd15}}\n")
    assert "1:15: video.size: " in found
    assert found.endswith(
        "was trained on pictures of 512 x 512 pixels or more, and one of 144 x 96 shows little of "
        "what is asked; write size: [512, 512] or more"
    )
    assert not warnings(tmp_path, f"{SCENE}models: {{preset: sd15}}\n")

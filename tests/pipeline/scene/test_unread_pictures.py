"""A picture among the prompts that nothing would see is warned of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import VIDEO, warnings, write_picture

UNREAD = (
    "2:10: prompts: this denoiser reads texts only and clip_guidance_scale is 0, so nothing sees"
    " the picture among them; write models: {image_prompts: ...}, or a scale above 0, or describe"
    " it"
)
OFF = "guidance: {clip_guidance_scale: 0, cfg_scale: 3}\n"


def told(folder: Path, models: str, guidance: str = OFF) -> list[str]:
    """What a scene with a picture among its prompts is warned of in `prompts`."""
    write_picture(folder / "dawn.png")
    prompts = "prompts: [a castle, {image: dawn.png, weight: 0.5}]\n"
    video = VIDEO.replace("[96, 96]", "[128, 128]")  # of which 64 is a divisor
    said = warnings(folder, f"{video}{prompts}models: {models}\n{guidance}")
    return [one for one in said if ": prompts" in one]


def test_a_picture_that_nothing_sees(tmp_path: Path) -> None:
    assert told(tmp_path, "{denoiser: sd15}") == [UNREAD]


@pytest.mark.parametrize(
    ("models", "guidance"),
    [
        ("{denoiser: sd15, image_prompts: ip-adapter-sd15}", OFF),
        ("{denoiser: kandinsky22}", OFF),
        ("{denoiser: sd15}", "guidance: {clip_guidance_scale: 100}\n"),
        ("{denoiser: sd15}", "guidance: {clip_guidance_scale: {0: 0, 1s: 100}}\n"),
    ],
)
def test_a_picture_that_something_sees(tmp_path: Path, models: str, guidance: str) -> None:
    assert told(tmp_path, models, guidance) == []

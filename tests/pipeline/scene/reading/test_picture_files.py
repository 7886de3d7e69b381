"""Pictures that a scene names: what a render could not read is told before it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.pipeline.files.headers import png_that_claims
from tests.pipeline.scene_files import BASE, VIDEO, complaints, load, write_picture


def test_clouds_are_no_start_beside_a_picture(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png")
    assert complaints(tmp_path, BASE + "sampler: {init_image: a.png, perlin_init: gray}\n") == [
        "3:43: sampler.perlin_init: init_image already settles this; remove init_image or"
        " perlin_init"
    ]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("prompts: fog\nsampler: {init_image: a.png}", "sampler.init_image"),
        ("prompts: [fog, {image: a.png}]", "prompts.1.image"),
    ],
)
@pytest.mark.parametrize("content", [b"", b"words", b"RIFF1234WAVE"])
def test_a_file_that_is_no_picture_is_found_before_the_render(
    tmp_path: Path, written: str, place: str, content: bytes
) -> None:
    (tmp_path / "a.png").write_bytes(content)
    (problem,) = complaints(tmp_path, f"{VIDEO}{written}\n")
    assert problem.split(": ", 1)[1] == (
        f'{place}: "{tmp_path.resolve()}/a.png" is not a picture; allowed are PNG, JPEG, WebP, '
        "BMP and TIFF files: export it as PNG"
    )


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".bmp", ".tiff"])
def test_every_kind_of_picture_is_known_by_its_beginning(tmp_path: Path, suffix: str) -> None:
    _, encoded = cv2.imencode(suffix, np.zeros((2, 2, 3), np.uint8))
    # The name is of no account.
    (tmp_path / "a.dat").write_bytes(encoded.tobytes())
    assert load(tmp_path, BASE + "sampler: {init_image: a.dat}\n").sampler.init_image is not None


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_a_picture_that_is_cut_short_is_found_before_the_render(
    tmp_path: Path, suffix: str
) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    _, encoded = cv2.imencode(suffix, noise)
    whole = encoded.tobytes()
    (tmp_path / "a.png").write_bytes(whole[: len(whole) // 2])
    (problem,) = complaints(tmp_path, f"{VIDEO}prompts: {{0: fog, 20: {{image: a.png}}}}\n")
    assert problem.startswith("2:31: prompts.20.image: ")
    assert "a.png is not a picture that can be read" in problem


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("prompts: fog\nsampler: {init_image: a.png}", "3:23: sampler.init_image"),
        ("prompts: [fog, {image: a.png}]", "2:24: prompts.1.image"),
        ("prompts: fog\ncamera: {depth: a.png}", "3:17: camera.depth"),
    ],
)
def test_a_picture_that_claims_too_many_pixels_is_found_before_the_render(
    tmp_path: Path, written: str, place: str
) -> None:
    (tmp_path / "a.png").write_bytes(png_that_claims(60_000, 60_000))
    assert complaints(tmp_path, f"{VIDEO}{written}\n") == [
        f"{place}: {tmp_path.resolve()}/a.png has more than the 100,000,000 pixels that a picture "
        "may have; export it smaller"
    ]


def test_the_picture_of_a_prompt_is_relative_to_the_scene(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png")
    scene = load(tmp_path, f"{VIDEO}prompts: [fog, {{image: a.png}}]\n")
    assert scene.prompts(0)[1].text == str((tmp_path / "a.png").resolve())
    assert complaints(tmp_path, f"{VIDEO}prompts: {{image: gone.png}}\n") == [
        f'2:18: prompts.image: "{tmp_path.resolve()}/gone.png" does not exist; '
        "names are relative to the scene file"
    ]

"""A film that Disco or Deforum painted over is the clip of the scene, if it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.scene.importers.notes import Severity
from pipeline.scene.load import load_scene
from pipeline.scene.schema import Scene
from tests.media import drifting, write_clip
from tests.pipeline.scene.importers.files import settings_of, told

DISCO = (
    "{'text_prompts': {'0': ['a forest']}, 'animation_mode': 'Video Input', 'video_init_path': "
    "'dance.mkv', 'width': 64, 'height': 64, 'diffusion_model': '512x512_diffusion_uncond_finetune_"
    "008100', 'clip_guidance_scale': 1000, 'perlin_init': True, %s}"
)
DEFORUM = (
    '{"animation_prompts": {"0": "a forest"}, "animation_mode": "Video Input", "W": 64, "H": 64, '
    '"video_init_path": "dance.mkv", "strength_schedule": "0: (0.6)", "diffusion_cadence": 3, %s}'
)


def scene(folder: Path, text: str) -> Scene:
    made = settings_of(text, folder)
    path = folder / "scene.yaml"
    path.write_text(made.text, encoding="utf-8")
    return load_scene(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_clip(tmp_path / "dance.mkv", drifting(12, 64, 32), "24")
    return tmp_path


def test_a_film_of_discos_is_the_clip(folder: Path) -> None:
    made = scene(
        folder,
        DISCO
        % (
            "'extract_nth_frame': 2, 'video_init_flow_blend': 0.95, 'video_init_steps': 80, "
            "'video_init_skip_steps': 30, 'frames_skip_steps': '70%%', 'steps': 250"
        ).replace("%%", "%"),
    )
    assert made.video.input is not None
    assert made.video.input.file == (folder / "dance.mkv").resolve()
    assert made.video.input.extract_nth == 2
    assert made.frame_count == 6
    assert float(made.clip.flow_blend(0.0)) == 0.95
    assert made.sampler.steps == 80
    skips = made.sampler.skipping
    assert (skips.first.of(80), skips.first_is_written) == (30, True)
    assert made.sampler.perlin_init is None
    assert made.guidance.perceptual == "lpips"


def test_without_flow_each_frame_is_painted_over_the_film(folder: Path) -> None:
    made = scene(folder, DISCO % "'video_init_flow_warp': False")
    assert float(made.clip.flow_blend(0.0)) == 0
    assert made.sampler.skipping.first == made.sampler.skipping.then


def test_a_film_of_deforums_is_painted_over_frame_by_frame(folder: Path) -> None:
    write_clip(folder / "dance.mkv", drifting(12, 64, 32), "24")
    made = scene(folder, DEFORUM % '"extract_nth_frame": 3')
    assert made.video.input is not None
    assert (made.video.input.extract_nth, made.frame_count) == (3, 4)
    assert float(made.clip.flow_blend(0.0)) == 0


def test_a_part_of_the_film_is_told(folder: Path) -> None:
    made = settings_of(DEFORUM % '"extract_from_frame": 5, "extract_to_frame": -1', folder)
    assert told(made, Severity.DIFFERS)["extract_from_frame"].startswith("the whole film is used")


@pytest.mark.parametrize("text", [DISCO % "'steps': 100", DEFORUM % '"seed": 1'])
def test_a_film_that_is_not_there_is_told(tmp_path: Path, text: str) -> None:
    lost = told(settings_of(text, tmp_path), Severity.LOST)
    assert lost["video_init_path"] == (
        'the video "dance.mkv" is missing: it is not there, and add it by hand'
    )
    assert lost["animation_mode"].startswith("the film that frames start from is not there")

"""Settings of Deforum and Parseq become what docs/coming-from.md says, row by row."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from pipeline.scene.importers.kinds import Kind, import_settings
from tests.media import drifting, write_clip, write_silence
from tests.pipeline.scene_files import write_picture
from tests.test_coming_from import rows

FLAT, STILLS = {"animation_mode": "2D"}, {"animation_mode": "None"}
PLAIN: Mapping[str, object] = {
    "animation_mode": "3D",
    **{"max_frames": 48, "fps": 12, "W": 512, "H": 512, "prompts": {"0": "a tree"}},
}
FADES = 'prompts: {0: "a tree", 1: "a ship", blend: 23}'
"""A second prompt that is there on frame 24, after a fade from the first frame on."""
Case = tuple[Mapping[str, object], Sequence[str]]

DEFORUM: Mapping[str, Sequence[Case]] = {
    "W": [({"W": 650, "H": 400}, ["size: [648, 400]"])],
    "max_frames": [({"max_frames": 30, "fps": 15}, ["fps: 15", "duration: 30"])],
    "animation_mode": [
        ({}, ["mode: 3d"]),
        (FLAT, ["mode: 2d"]),
        (STILLS, ["n_batches: 1"]),
        (
            {"animation_mode": "Interpolation", "prompts": {"0": "a tree", "24": "a ship"}},
            ["mode: 2d", "strength: {first: 1, then: 1}", FADES],
        ),
        (
            {"animation_mode": "Video Input", "video_init_path": "film.mkv"},
            ["input: {file: film.mkv, extract_nth: 1}", "flow_blend: 0"],
        ),
    ],
    "seed": [({"seed": 77}, ["seed: 77"]), ({"seed": -1}, ["seed: 0"])],
    "seed_behavior": [
        ({"seed_behavior": "fixed"}, ["noise: slow", "noise_period: 10000"]),
        ({"seed_behavior": "iter"}, []),
    ],
    "prompts": [
        (
            {"prompts": {"0": "a tree", "max_f/2": "a ship"}},
            ['prompts: {0: "a tree", 23: "a ship"}'],
        ),
        ({"prompts": {"0": "a (red:1.3) tree"}}, ['prompts: [{text: "a (red:1.3) tree"}]']),
        ({"prompts": {"0": "a ((red)) [tree]"}}, ['prompts: [{text: "a (red:1.21) (tree:0.91)"}]']),
        ({"prompts": {"0": "a tree AND a ship"}}, ['prompts: ["a tree", "a ship"]']),
        (
            {"prompts": {"0": "a tree --neg fog"}},
            ['prompts: ["a tree", {text: fog, weight: -0.9}]'],
        ),
    ],
    "animation_prompts_positive": [
        (
            {"animation_prompts_positive": "bright", "animation_prompts_negative": "blurry"},
            ['prompts: ["bright a tree", {text: blurry, weight: -0.9}]'],
        )
    ],
    "angle": [
        (
            {**FLAT, "angle": "0:(2)", "zoom": "0:(1.1)", "translation_x": "0:(3)"},
            ["translate_x: 3", "roll: 2", "zoom: 1.1"],
        ),
        ({**FLAT, "translation_y": "0:(4)"}, ["translate_y: 4"]),
    ],
    "transform_center_x": [
        (
            {**FLAT, "angle": "0:(2)", "transform_center_x": "0:(0.2)"},
            [r"translate_x: -?\d\S*", r"translate_y: -?\d\S*", "roll: 2"],
        )
    ],
    "translation_x": [
        (
            {"translation_x": "0:(3)", "translation_y": "0:(4)", "translation_z": "0:(5)"},
            ["translate_x: 3", "translate_y: 4", "translate_z: 5"],
        )
    ],
    "rotation_3d_x": [
        (
            {"rotation_3d_x": "0:(1)", "rotation_3d_y": "0:(2)", "rotation_3d_z": "0:(3)"},
            ["rotate_x: 1", "rotate_y: 2", "roll: 3"],
        )
    ],
    "fov_schedule": [
        ({"fov_schedule": "0:(60)"}, ["projection: disco", "fov: 60"]),
        ({"fov": 50}, ["fov: 50"]),
    ],
    "border": [
        ({**FLAT, "border": "wrap"}, ["padding: wrap"]),
        ({**FLAT, "border": "replicate"}, ["padding: border"]),
        ({"padding_mode": "reflection"}, ["padding: reflection"]),
        ({"padding_mode": "zeros"}, ["padding: zeros"]),
    ],
    "sampling_mode": [
        ({"sampling_mode": "nearest"}, ["sampling: nearest"]),
        ({**FLAT, "sampling_mode": "nearest"}, ["sampling: bilinear"]),
    ],
    "depth_algorithm": [({"depth_algorithm": "Zoe"}, ["preset: sd15"])],
    "strength_schedule": [
        ({"strength_schedule": "0:(0.6)"}, ["strength: {first: 1, then: 0.4}"]),
        (
            {"strength": 0.8, "use_init": True, "init_image": "own.png"},
            ["strength: {first: 0.2, then: 0.35}"],
        ),
    ],
    "diffusion_cadence": [
        ({"diffusion_cadence": 4}, ["every: 4"]),
        ({"diffusion_cadence": 90}, ["every: 24"]),
    ],
    "optical_flow_cadence": [
        ({"diffusion_cadence": 4, "optical_flow_cadence": "RAFT"}, ["inbetween: flow"])
    ],
    "steps": [
        ({"steps": 33, "sampler": "Euler a"}, ["name: euler_a", "steps: 33"]),
        ({"sampler": "DDIM", "ddim_eta": 0.4}, ["name: ddim", "eta: 0.4"]),
        ({"sampler": "Heun"}, ["name: heun"]),
        ({"sampler": "DPM++ 2M SDE"}, ["name: dpmpp_2m_sde"]),
        ({"sampler": "UniPC"}, ["name: unipc"]),
        ({"sampler": "LCM"}, ["name: lcm"]),
    ],
    "scheduler": [
        ({"scheduler": "Karras"}, ["spacing: karras"]),
        ({"sampler": "DPM++ 2M Karras"}, ["name: dpmpp_2m", "spacing: karras"]),
    ],
    "use_init": [({"use_init": True, "init_image": "own.png"}, ["init_image: own.png"])],
    "color_coherence": [
        ({"color_coherence": "LAB"}, ["keep_colour: {of: first, by: histogram}"]),
        (
            {"color_coherence": "Image", "color_coherence_image_path": "own.png"},
            ["keep_colour: {of: own.png, by: histogram}"],
        ),
    ],
    "add_soundtrack": [
        ({"add_soundtrack": "File", "soundtrack_path": "song.wav"}, ["file: song.wav"])
    ],
    "sd_model_name": [
        ({"sd_model_name": "sd_xl_base_1.0.safetensors"}, ["preset: sdxl"]),
        ({"sd_model_name": "dreamshaper_8"}, ["preset: sd15"]),
    ],
    "cfg_scale_schedule": [
        ({"cfg_scale_schedule": "0:(7), 20:(9)"}, ["cfg_scale: {0: 7, 20: 9}"]),
        ({"scale": 6}, ["cfg_scale: 6"]),
    ],
    "video_init_path": [
        (
            {
                "animation_mode": "Video Input",
                "video_init_path": "film.mkv",
                "extract_nth_frame": 2,
            },
            ["input: {file: film.mkv, extract_nth: 2}", "flow_blend: 0"],
        )
    ],
}
"""By the first name of a row: settings, and lines of the scene that they become."""

FRAME: Mapping[str, object] = {"deforum_prompt": "a tree", "seed": 5}
PARSEQ: Mapping[str, Sequence[Case]] = {
    "rendered_frames": [({}, ["duration: 24"])],
    "options": [({}, ["fps: 20"])],
    "angle_delta": [
        (
            {"angle_delta": 1.5, "zoom_delta": 1.01, "translation_x_delta": 2},
            ["mode: 2d", "roll: 1.5", "zoom: 1.01", "translate_x: 2"],
        ),
        ({"translation_z_delta": 3}, ["mode: 3d", "translate_z: 3"]),
        ({"translation_y": 4}, ["translate_y: 4"]),
    ],
    "fov": [({"fov": 55, "translation_z_delta": 3}, ["fov: 55"])],
    "strength": [({"strength": 0.6}, [r"strength: \{first: 1, then: 0.4\}"])],
    "scale": [({"scale": 9}, ["cfg_scale: 9"])],
    "seed": [({}, ["seed: 5", "noise: slow"])],
    "deforum_prompt": [
        ({}, ['prompts: "a tree"']),
        (
            {"deforum_prompt": "(a sea:0.3), (a desert:0.7)"},
            ["prompts: .*a sea.*0.3.*a desert.*0.7.*"],
        ),
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a picture, a film and a song that settings name."""
    write_picture(tmp_path / "own.png")
    write_clip(tmp_path / "film.mkv", drifting(12, 64, 32), "24")
    write_silence(tmp_path / "song.wav", 4.0)
    return tmp_path


def lines(folder: Path, kind: Kind, settings: object) -> list[str]:
    """The lines of the scene, without what they say behind #."""
    file = folder / "settings.txt"
    file.write_text(json.dumps(settings), encoding="utf-8")
    text = import_settings(file, folder, kind).text
    return [line.partition("  #")[0].strip() for line in text.splitlines()]


def assert_has(found: Sequence[str], wanted: Sequence[str]) -> None:
    for one in wanted:
        assert any(one == line or re.fullmatch(one, line) for line in found), (one, found)


@pytest.mark.parametrize(("chapter", "cases"), [("Deforum", DEFORUM), ("Parseq", PARSEQ)])
def test_every_row_that_becomes_a_setting_is_tried(
    chapter: str, cases: Mapping[str, object]
) -> None:
    assert {names[0] for names, settings in rows(chapter) if settings} == set(cases)


@pytest.mark.parametrize(
    "case", [case for some in DEFORUM.values() for case in some], ids=lambda case: str(case[0])
)
def test_settings_of_deforum_become_what_the_page_says(folder: Path, case: Case) -> None:
    settings, wanted = case
    assert_has(lines(folder, "deforum", {**PLAIN, **settings}), wanted)


@pytest.mark.parametrize(
    "case", [case for some in PARSEQ.values() for case in some], ids=lambda case: str(case[0])
)
def test_fields_of_parseq_become_what_the_page_says(folder: Path, case: Case) -> None:
    fields, wanted = case
    frames = [{"frame": frame, **FRAME, **fields} for frame in range(24)]
    manifest = {"rendered_frames": frames, "options": {"output_fps": 20}}
    assert_has(lines(folder, "parseq", manifest), wanted)

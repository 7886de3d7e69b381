"""Mistakes in a scene: every one is told, in plain words, with its line and column."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import BaseModel

from pipeline.errors import SceneError
from pipeline.scene.schema import Scene
from tests.pipeline.scene_files import BASE, VIDEO, complaints, load


def test_stills_have_no_camera(tmp_path: Path) -> None:
    text = "video: {size: [96, 96], n_batches: 2}\nprompts: a castle\ncamera: {zoom: 2}\n"
    assert complaints(tmp_path, text) == [
        "3:9: camera: n_batches makes stills: remove camera, or write duration for a video"
    ]


def test_missing_files(tmp_path: Path) -> None:
    text = BASE + "sampler: {init_image: start.png}\nmusic: {file: .}\n"
    folder = tmp_path.resolve()
    assert complaints(tmp_path, text) == [
        f'3:23: sampler.init_image: "{folder}/start.png" does not exist; names are relative to the'
        " scene file",
        f'4:15: music.file: "{folder}" is a folder, not a file; names are relative to the scene'
        " file",
    ]


def test_prompts_that_sum_to_nothing(tmp_path: Path) -> None:
    text = VIDEO + (
        "prompts:\n  0: a castle\n  1s: [{text: fog, weight: 1}, {text: rain, weight: -1}]\n"
    )
    assert complaints(tmp_path, text) == [
        "4:7: prompts.1s: the weights of the prompts at 1s sum to 0 (1, -1); change one, so that"
        " they do not cancel"
    ]


def test_the_end_is_a_place_for_keys(tmp_path: Path) -> None:
    prompts = "prompts: {0: a castle, 2s: the sea}\n"
    text = VIDEO + prompts + "camera: {zoom: {0: 1, 2s: 3}}\n"
    scene = load(tmp_path, text)
    assert scene.camera.zoom(24) == 2
    assert {prompt.text for prompt in scene.prompts(47)} == {"a castle"}


def test_a_fraction_of_a_frame(tmp_path: Path) -> None:
    text = "video: {size: [96, 96], fps: 12, duration: 2.5}\nprompts: {0: a, 1s: b, blend: 0.5}\n"
    rule = "and a number alone counts whole frames; write"
    assert complaints(tmp_path, text) == [
        f"1:44: video.duration: found 2.5, {rule} 2.5s for seconds, which is 30 frames, or a whole"
        " number for frames",
        f"2:31: prompts.blend: found 0.5, {rule} 0.5s for seconds, which is 6 frames, or a whole"
        " number for frames",
    ]


def test_a_formula_is_marked_at_its_column(tmp_path: Path) -> None:
    (complaint,) = complaints(tmp_path, BASE + 'camera: {roll: "2 * sinn(t)"}\n')
    assert complaint.startswith("3:21: camera.roll: ")
    assert 'did you mean "sin"?' in complaint


def test_beat_without_a_tempo(tmp_path: Path) -> None:
    (complaint,) = complaints(tmp_path, BASE + "camera:\n  roll: 3 * beat\n")
    assert complaint.startswith("4:13: camera.roll: ")
    assert "music.bpm" in complaint


def test_a_formula_that_is_not_finite(tmp_path: Path) -> None:
    (complaint,) = complaints(tmp_path, BASE + "camera: {roll: 1/(frame - 12)}\n")
    assert complaint.startswith("3:16: camera.roll: ")
    assert "is not a finite number at frame 12" in complaint


EVERYTHING_WRONG = """\
# nothing here is right
video:
  size: [60, 64]
  fps: fast
  duration: 4s
music: {bpm: auto}
models: {preset: grand}
seed: on
prompts:
  0s: [{text: fog, weight: 1}, {text: rain, weight: -1}]
camera:
  zom: 1
  roll: 2 * sinn(t)
  padding: wrapp
sampler: {steps: many, init_image: no.png}
sampler: {steps: 5}
guidance:
  cutn_batches: 0
output: !video {crf: 99}
"""


def test_all_mistakes_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    said = complaints(tmp_path, EVERYTHING_WRONG)
    assert [": ".join(line.split(": ")[:2]) for line in said] == [
        "4:8: video.fps",
        "6:14: music.bpm",
        "7:18: models.preset",
        "8:7: seed",
        "10:7: prompts.0s",
        "12:3: camera.zom",
        "13:13: camera.roll",
        "14:12: camera.padding",
        "15:18: sampler.steps",
        "15:36: sampler.init_image",
        "16:1: sampler",
        "18:17: guidance.cutn_batches",
        '19:9: tags such as "!video" are not read; write the plain value',
        "19:22: output.crf",
    ]


def test_a_mistaken_clock_makes_no_other_mistakes(tmp_path: Path) -> None:
    text = (
        "video: {size: [96, 96], duration: 16 barss}\n"
        "music: {bpm: auto}\n"
        "prompts: {bar 1: a castle, bar 300: the sea, blend: 2 beats}\n"
        "camera: {roll: beat * progress, zoom: {0: 1, 90s: 2}}\n"
    )
    (complaint,) = complaints(tmp_path, text)
    assert complaint.startswith("2:14: music.bpm: ")


def test_missing_sections(tmp_path: Path) -> None:
    assert complaints(tmp_path, "# nothing yet\nseed: 1\n") == [
        '2:1: prompts: this is missing, and a scene needs it, such as prompts: "a ship at dawn"',
        "2:1: video: this is missing, and a scene needs it, such as video: {size: [144, 96], "
        "duration: 6s}",
    ]


STRANGE = [
    *("null", "true", "-1", "0", "1e308", "-.inf", ".nan", "9" * 200, "0x" + "f" * 248),
    *("''", "'  '", "x", "1:30", "100%", "bar 5", '"\\0"', "'" + "y" * 5000 + "'", "9**9**9"),
    *("[]", "[1, 2]", "[[1, x], {}]", "[null, null]", "{}", "{0: 1}", "{x: y}", "{-1: {1: 2}}"),
    *("{.nan: 1}", "{1e308: 1, 0: true}", "{ease: 5}", "{first: null}", "{0: {value: x}}"),
]


@pytest.mark.slow
@pytest.mark.parametrize("strange", STRANGE, ids=range(len(STRANGE)))
def test_no_value_breaks_the_reading_of_any_setting(tmp_path: Path, strange: str) -> None:
    sections = {"seed": strange, "prompts": strange}
    for section, info in Scene.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            settings = [f"{name}: {strange}" for name in info.annotation.model_fields]
            sections[section] = f"{{{', '.join(settings)}}}"
    for section, written in sections.items():
        good = [line for line in BASE.splitlines() if not line.startswith(section)]
        with suppress(SceneError):
            load(tmp_path, "\n".join([*good, f"{section}: {written}\n"]))
    assert complaints(tmp_path, "\n".join(f"{key}: {value}" for key, value in sections.items()))


def test_what_cannot_be_read_as_it_is_written_is_told_once(tmp_path: Path) -> None:
    text = BASE + '"a\\0b": 1\ncamera: {mode: !flat 2d, sampling: "\\a"}\n'
    assert [line.partition("; ")[0] for line in complaints(tmp_path, text)] == [
        "3:1: the character U+0000 is not allowed in a text",
        '4:16: tags such as "!flat" are not read',
        "4:36: camera.sampling: the character U+0007 is not allowed in a text",
    ]

"""A picture to start from of which nothing would be seen is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.scene.load import read_scene
from tests.pipeline.scene_files import VIDEO, write, write_picture

BASE = VIDEO + "prompts: a castle\n"


def told(folder: Path, text: str) -> list[str]:
    write_picture(folder / "start.png")
    path = write(folder, BASE + text)
    return [one.told(path).removeprefix(f"{path}:") for one in read_scene(path).warnings]


@pytest.mark.parametrize(
    ("start", "place", "words"),
    [
        ("init_image: start.png", "3:23: sampler.init_image", "picture"),
        ("perlin_init: mixed", "3:24: sampler.perlin_init", "clouds"),
    ],
)
def test_a_first_frame_that_skips_nothing_leaves_its_start(
    tmp_path: Path, start: str, place: str, words: str
) -> None:
    assert told(tmp_path, f"sampler: {{{start}}}\n") == [
        f"{place}: nothing of the {words} is in the first frame, which skips no step and so "
        "starts from noise alone; write skip_steps: {first: 50%}, or less to keep less of it"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "sampler: {init_image: start.png, skip_steps: {first: 40%}}",
        "sampler: {init_image: start.png, strength: 0.5}",
        "sampler: {init_image: start.png}\nguidance: {init_hold: {first: 0.5}}",
        "sampler: {perlin_init: color}\nguidance: {init_scale: [0 for 50%, 9]}",
        "sampler: {steps: 20}",
        "models: {preset: disco-256}\nsampler: {perlin_init: color}",
    ],
)
def test_a_start_that_shows_is_no_reason_to_speak(tmp_path: Path, text: str) -> None:
    video = BASE.replace("[96, 96]", "[128, 64]") if "preset" in text else BASE
    write_picture(tmp_path / "start.png")
    path = write(tmp_path, f"{video}{text}\n")
    assert [one for one in read_scene(path).warnings if "sampler" in str(one)] == []


def test_a_shot_that_shares_its_sampler_does_not_repeat_it(tmp_path: Path) -> None:
    shots = "shots: [{name: a, until: 1s}, {name: b}]\n"
    assert len(told(tmp_path, "sampler: {init_image: start.png}\n" + shots)) == 1

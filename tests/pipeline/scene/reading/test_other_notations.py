"""What another tool writes, in a scene: the message holds the author's own words, ready to use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pipeline.scene_files import BASE, VIDEO, complaints, load


@pytest.mark.parametrize(
    ("prompt", "weights"),
    [
        ("fog:-2", {"fog": -1}),
        ("(a castle, at dawn:1.5)", {"a castle, at dawn": 1}),
        ("a castle:3 | the sea:1", {"a castle": 0.75, "the sea": 0.25}),
        ("no castle, it's fog --neg rain # 3", {"no castle, it's fog": 1 / 0.7}),
        ('"[stone]" walls', {'"stone" walls': 1 / 0.91}),
    ],
)
def test_what_is_proposed_can_be_written(
    tmp_path: Path, prompt: str, weights: dict[str, float]
) -> None:
    quoted = "'" + prompt.replace("'", "''") + "'"
    (said,) = complaints(tmp_path, f"{VIDEO}prompts: {{0s: {quoted}}}\n")
    found = re.search(r"would be read as words; write (.+), or \{text: ", said)
    assert found is not None
    shown = load(tmp_path, f"{VIDEO}prompts: {{0s: {found[1]}}}\n").prompts(0)
    assert {
        prompt.text: prompt.weight for prompt in shown if prompt.weight > 0 or len(shown) == 1
    } == pytest.approx(weights)


def test_a_text_can_be_kept_as_it_is(tmp_path: Path) -> None:
    (prompt,) = load(tmp_path, f'{VIDEO}prompts: {{0s: {{text: "((a)) | b:2"}}}}\n').prompts(0)
    assert prompt.text == "((a)) | b:2"


def test_every_prompt_of_the_old_notebook_is_told(tmp_path: Path) -> None:
    text = VIDEO + 'prompts:\n  0: ["a castle:2", "fog:-1"]\n  24: "a ship at 10:30"\n'
    places = [line.split(": ")[0] + line.split(": ")[1] for line in complaints(tmp_path, text)]
    assert places == ["3:7prompts.0.0", "3:21prompts.0.1"]


def test_negative_prompts_stand_in_a_list(tmp_path: Path) -> None:
    text = VIDEO + "prompts: {0s: a castle, negative_prompt: fog}\n"
    assert complaints(tmp_path, text) == [
        "2:25: prompts.negative_prompt: what to stay away from stands in the list of a time, with "
        'a negative weight: {0s: ["...", {text: fog, weight: -0.3}]}'
    ]


@pytest.mark.parametrize(
    ("prompts", "listed"),
    [
        ("\n  - a castle: 1.5\n", "{text: a castle, weight: 1.5}"),
        (
            "{a castle: 1, fog: -0.3}\n",
            "[{text: a castle, weight: 1}, {text: fog, weight: -0.3}]",
        ),
    ],
)
def test_weights_behind_texts(tmp_path: Path, prompts: str, listed: str) -> None:
    (said,) = complaints(tmp_path, f"{VIDEO}prompts: {prompts}")
    assert said.endswith(f"a text and its weight are written with their names: {listed}")


@pytest.mark.parametrize(
    ("setting", "mapping"),
    [
        ("prompts:\n  - 0s: a castle\n  - 1s: a ship\n", "{0s: a castle, 1s: a ship}"),
        ("camera: {zoom: [0s: 1, 1s: 1.2]}\n", "{0s: 1, 1s: 1.2}"),
        ("guidance: {tv_scale: [0: 1, 24: 5]}\n", "{0: 1, 24: 5}"),
        ("guidance: {cut_overview: [0%: 8, 50%: 5]}\n", "{0%: 8, 50%: 5}"),
    ],
)
def test_a_list_of_times(tmp_path: Path, setting: str, mapping: str) -> None:
    base = VIDEO if setting.startswith("prompts") else BASE
    (said,) = complaints(tmp_path, base + setting)
    assert "times make a mapping here, not a list" in said
    assert said.endswith(f": {mapping}")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("music:\n  bpm: 127,5", 'found "127,5"; write 127.5'),
        ("sampler: {steps: 1 000}", 'found "1 000"; write 1000'),
        ("sampler:\n  eta: 0,8", 'expected a number, found "0,8"; write 0.8'),
        ("camera: {zoom: 102%}", 'expected a number, found "102%"; write 1.02'),
        ("camera: {roll: {0s: 5deg}}", 'found "5deg"; write 5 alone, without a unit'),
        ("guidance:\n  cut_ic_pow: {0: '1,5'}", 'found "1,5"; write 1.5'),
        ("output: {size: 1024x576}", 'found "1024x576"; write [1024, 576]'),
        ("camera: {roll: 1\u00a0+ t}", "a no-break space (U+00A0) is not allowed; write a plain"),
        ("camera: {roll: 2 \u2212 t}", '"\u2212" is not allowed; use "-"'),
        ("camera: {zoom: {'0,5s': 1}}", 'found "0,5s"; write 0.5s'),
        ("seed: 3\u00a0", 'found "3\u00a0", which holds a no-break space (U+00A0)'),
    ],
)
def test_numbers_that_people_write(tmp_path: Path, setting: str, words: str) -> None:
    (said,) = complaints(tmp_path, f"{BASE}{setting}\n")
    assert words in said


def test_a_frame_rate_with_its_unit(tmp_path: Path) -> None:
    text = "video: {size: [64, 64], duration: 1s, fps: 24fps}\nprompts: fog\n"
    (said,) = complaints(tmp_path, text)
    assert said.endswith('found "24fps"; write 24 alone, without a unit')


def test_a_formula_at_a_frame(tmp_path: Path) -> None:
    (said,) = complaints(tmp_path, BASE + 'camera: {roll: "0: (2*sin(t/24))"}\n')
    assert said == (
        "3:21: camera.roll: write a formula alone, without frames before it: "
        '"2*sin(frame/24)"; t counts seconds here, and frame counts frames'
    )

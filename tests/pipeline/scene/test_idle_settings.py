"""Settings that change no frame are told, with what would give them something to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.scene.load import read_scene
from tests.pipeline.scene_files import VIDEO, complaints, write

BASE = VIDEO + "prompts: a castle\n"
STILLS = "video: {size: [96, 96], n_batches: 2}\nprompts: a castle\n"
DISCO = "video: {size: [128, 64], duration: 24}\nprompts: a castle\nmodels: {preset: disco-256}\n"


def told(folder: Path, text: str) -> list[str]:
    path = write(folder, text)
    return [one.told(path).removeprefix(f"{path}:") for one in read_scene(path).warnings]


@pytest.mark.parametrize("preset", [f"{BASE}guidance: {{init_hold: 0, ", f"{DISCO}guidance: {{"])
def test_a_memory_of_what_is_not_held(tmp_path: Path, preset: str) -> None:
    (message,) = told(tmp_path, preset + "hold_memory: forever}\n")
    assert message.endswith(
        "guidance.hold_memory: it says what init_hold holds to, and that is 0; write "
        "init_hold: {then: 0.8, fade: 0}"
    )


def test_slow_noise_that_is_each_frames_own(tmp_path: Path) -> None:
    expected = "sampler.noise: with a noise_period of 1 each frame's noise is its own"
    (message,) = told(tmp_path, f"{DISCO}sampler: {{noise: slow}}\n")
    assert expected in message
    (message,) = told(tmp_path, f"{BASE}sampler: {{noise: slow, noise_period: 1}}\n")
    assert expected in message


def test_the_noise_of_stills_has_no_share_that_stays(tmp_path: Path) -> None:
    assert complaints(tmp_path, f"{STILLS}sampler: {{fresh_noise: 0.5}}\n") == [
        "3:24: sampler.fresh_noise: n_batches makes stills, with which no noise moves: remove "
        "fresh_noise"
    ]


def test_stills_grow_from_nothing(tmp_path: Path) -> None:
    text = "guidance: {hold_memory: 9, keep_colour: first, keep_sharpness: 1, discover: 1,"
    messages = told(tmp_path, f"{STILLS}{text} repaint: auto}}\n")
    assert len(messages) == 5
    assert messages[0] == (
        "3:25: guidance.hold_memory: stills grow from no other frame: it changes none; remove it"
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{BASE}guidance: {{hold_memory: forever}}\n",
        f'{BASE}guidance: {{hold_memory: 9, init_hold: {{then: "0.5 * (frame > 5)"}}}}\n',
        f"{BASE}guidance: {{hold_memory: 9, init_hold: {{then: 0, fade: 0.5}}}}\n",
        f"{BASE}sampler: {{noise: slow}}\n",
        f"{STILLS}sampler: {{noise_period: 1}}\n",
        f"{BASE}guidance: {{hold_memory: 9}}\n"
        "shots: [{name: a, until: 1}, {name: b, guidance: {init_hold: 0}}]\n",
    ],
)
def test_what_has_something_to_do_is_no_reason_to_speak(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text) == []

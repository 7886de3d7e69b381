"""Prompts too near the end of a video are told, each at its time."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.scene.load import read_scene
from tests.pipeline.scene_files import VIDEO, write

EARLIER = "; write an earlier time, or a longer video.duration"


def told(folder: Path, prompts: str, video: str = VIDEO) -> list[str]:
    path = write(folder, f"{video}prompts: {prompts}\n")
    return [one.told(path).removeprefix(f"{path}:") for one in read_scene(path).warnings]


@pytest.mark.parametrize(
    "prompts",
    [
        "a castle",
        "{text: a castle}",
        "{3s: a castle}",
        "{0: a castle, 47: the sea}",
        "{0: a castle, 1s: the sea, blend: 1s}",
        "{0: a castle, 1.4s: the sea, blend: 600ms}",
    ],
)
def test_nothing_is_said_of_what_is_seen(tmp_path: Path, prompts: str) -> None:
    assert told(tmp_path, prompts) == []


def test_what_is_never_shown(tmp_path: Path) -> None:
    late = "2s: [the sea, {text: storm, weight: -0.5}]"
    assert told(tmp_path, f"{{{late}, 0: a castle, 47.5f: snow}}") == [
        "2:11: prompts.2s: this is never shown, as it begins at frame 48 (0:02) and the last "
        f"frame is 47{EARLIER}",
        "2:68: prompts.47.5f: this is never shown, as it begins at frame 47.5 (0:02) and the last "
        f"frame is 47{EARLIER}",
    ]


def test_a_fade_that_begins_with_the_last_frame_shows_nothing(tmp_path: Path) -> None:
    assert told(tmp_path, "{0: a castle, 47: the sea, blend: 4}") == [
        "2:24: prompts.47: this is never shown, as it begins to fade in at frame 47 (0:02) and "
        f"the last frame is 47{EARLIER}"
    ]


def test_a_fade_that_does_not_come_to_its_end(tmp_path: Path) -> None:
    assert told(tmp_path, "{0: a castle, 1s: the sea, blend: 2s}") == [
        "2:24: prompts.1s: this fades in over 48 frames from frame 24 (0:01) on, and the last "
        "frame comes after 23 of them: it is seen at 48%; write an earlier time, or a shorter "
        "blend"
    ]


def test_a_shot_is_told_of_its_own_end(tmp_path: Path) -> None:
    shots = "\nshots: [{name: a, until: 1s, prompts: {0: a tree, 30: a ship, blend: 4}}, {name: b}]"
    assert told(tmp_path, f"a castle{shots}") == [
        "3:51: shots.a.prompts.30: this is never shown, as it begins to fade in at frame 30 (0:01) "
        "and the last frame of shot a is 23; write an earlier time, or a later end of the shot"
    ]


def test_stills_have_no_seconds(tmp_path: Path) -> None:
    video = "video: {size: [96, 96], n_batches: 3}\n"
    assert told(tmp_path, "{0: a castle, 1: snow, 5: the sea}", video) == [
        "2:33: prompts.5: this is never shown, as it begins at frame 5 and the last frame is 2; "
        "write an earlier time, or a larger video.n_batches"
    ]


def test_prompts_of_which_the_next_are_on_the_same_frame(tmp_path: Path) -> None:
    assert told(tmp_path, "{0: a castle, 1s: the sea, 1.01s: snow}") == [
        "2:24: prompts.1s: this is never shown, as the next prompts begin at frame 24.24, on the "
        "same frame; move the two apart"
    ]
    assert told(tmp_path, "{0: a castle, 1s: the sea, 25: snow}") == []
    assert told(tmp_path, "{0: a castle, 1s: the sea, 1.01s: snow, blend: 0.2 frames}") != []


def test_the_first_prompts_may_never_be_shown_either(tmp_path: Path) -> None:
    assert told(tmp_path, "{0: a castle, 10ms: snow}") == [
        "2:11: prompts.0: this is never shown, as the next prompts begin at frame 0.24; move the "
        "two apart, or remove one"
    ]
    assert told(tmp_path, "{0: a castle, 1: snow}") == []
    assert told(tmp_path, "{5: a castle, 30: snow}") == []


def test_prompts_that_are_over_when_a_shot_begins(tmp_path: Path) -> None:
    shots = "\nshots: [{name: a, until: 1s}, {name: b, prompts: {%s: a tree, %s: a ship}}]"
    (one,) = told(tmp_path, f"a castle{shots % ('0s', '1s')}")
    assert one == (
        "3:51: shots.b.prompts.0s: this is never shown, as the next prompts begin at frame 24 and "
        "the first frame of shot b is 24; write times of the shot, such as shot 2s, or remove it"
    )
    assert told(tmp_path, f"a castle{shots % ('0s', '1.1s')}") == []
    assert told(tmp_path, f"a castle{shots % ('shot 0s', 'shot 0.5s')}") == []

"""How often a frame is painted, as a scene says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.plan.planned import plan
from tests.pipeline.scene_files import complaints

SONG = "music: {bpm: 120, first_beat: 0.1s}\n"


def scene(every: str, frames: int = 16, more: str = "", prompts: str = "a ship") -> str:
    video = f"video: {{size: [96, 64], fps: 12, duration: {frames}}}\n"
    return f"{video}prompts: {prompts}\nsampler: {{every: {every}}}\n{more}"


def painted(folder: Path, text: str) -> list[int]:
    return [spec.frame for spec in plan(folder, text) if spec.denoise is not None]


@pytest.mark.parametrize(
    ("every", "frames"),
    [
        ("1", list(range(16))),
        ("3", [0, 3, 6, 9, 12, 15]),
        ("5", [0, 5, 10, 15]),
        ("24", [0, 15]),
        ("{0: 1, 4: 4}", [0, 1, 3, 6, 10, 14, 15]),
        ('"2 + 2 * (frame > 5)"', [0, 2, 4, 6, 10, 14, 15]),
        ('"0: (2), 8: (4)"', [0, 2, 4, 7, 11, 15]),
        # A beat is 6 frames, the first of them at frame 1.2.
        ("beat", [0, 1, 7, 13, 15]),
        ("1 beat", [0, 1, 7, 13, 15]),
        ("0.5 beats", [0, 1, 4, 7, 10, 13, 15]),
        ("2 beats", [0, 1, 13, 15]),
        ("0.5s", [0, 6, 12, 15]),
        ("500ms", [0, 6, 12, 15]),
        ("1 bar - 2.5 beats", [0, 1, 10, 15]),
        ("beat + 0.5 beats", [0, 1, 10, 15]),
        ("0.25s + 250ms", [0, 6, 12, 15]),
    ],
)
def test_frames_are_painted_so_often(tmp_path: Path, every: str, frames: list[int]) -> None:
    assert painted(tmp_path, scene(every, more=SONG)) == frames


def test_no_two_painted_frames_are_further_apart_than_one_warp_goes(tmp_path: Path) -> None:
    text = scene("2 bars", 100, SONG)
    assert painted(tmp_path, text) == [0, 1, 25, 49, 73, 97, 99]


def test_beats_follow_a_tempo_that_changes(tmp_path: Path) -> None:
    text = scene("beat", 30, "music: {tempo: {bar 1: 120, bar 2: 60}, first_beat: 0}\n")
    assert painted(tmp_path, text) == [0, 6, 12, 18, 24, 29]


def test_prompts_change_on_painted_frames(tmp_path: Path) -> None:
    cut = "{0: a ship, 5: a castle, 11: a ship}"
    assert painted(tmp_path, scene("4", prompts=cut)) == [0, 4, 5, 9, 11, 15]
    fade = "{0: a ship, 5: a castle, blend: 4}"
    assert painted(tmp_path, scene("8", prompts=fade)) == [0, 5, 9, 15]


def test_each_shot_has_its_own_first_last_and_rhythm(tmp_path: Path) -> None:
    shots = "shots: [{name: a, until: 6}, {name: b, until: 14, sampler: {every: 4}}, {name: c}]\n"
    specs = plan(tmp_path, scene("5", more=shots)).frames
    chosen = [(one.shot, one.frame) for one in specs if one.denoise is not None]
    assert [frame for shot, frame in chosen if shot == "a"] == [0, 5]
    assert [frame for shot, frame in chosen if shot == "b"] == [0, 4, 7]
    assert [frame for shot, frame in chosen if shot == "c"] == [0, 1]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("0", "sampler.every: every is 0; allowed: from 1 to 24"),
        ("25", "sampler.every: every is 25; allowed: from 1 to 24"),
        ('"frame"', "sampler.every: every is 0 at frame 0 (0:00); allowed: from 1 to 24"),
        (
            "beat",
            'sampler.every: "beat" needs a tempo; set `music.bpm`, or write a number of frames',
        ),
        ("0.01s", 'sampler.every: found "0.01s", less than a frame; allowed: a frame or more'),
        ("-2s", 'sampler.every: found "-2s", less than a frame; allowed: a frame or more'),
        (
            "1 beat + 1s",
            'sampler.every: found "1 beat + 1s", which adds beats to seconds; write it in one of '
            "them, such as 1 bar + 2 beats",
        ),
    ],
)
def test_what_is_no_rhythm_is_told(tmp_path: Path, written: str, message: str) -> None:
    assert complaints(tmp_path, scene(written)) == [f"3:18: {message}"]


def test_stills_have_no_rhythm(tmp_path: Path) -> None:
    text = "video: {size: [96, 64], n_batches: 2}\nprompts: a ship\nsampler: {every: 2}\n"
    message = "n_batches makes stills, each of which is painted: remove every"
    assert complaints(tmp_path, text) == [f"3:18: sampler.every: {message}"]


def test_the_last_frame_of_a_shot_is_painted_also_where_another_comes_over_its_end(
    tmp_path: Path,
) -> None:
    shots = 'shots: [{name: a, until: "8"}, {name: b, enter: {fade: 4}}]\n'
    made = plan(tmp_path, scene("5", more=shots))
    own = [spec.frame for spec in made if spec.shot == "a" and spec.denoise is not None]
    assert own == [0, 5, 7, 11]

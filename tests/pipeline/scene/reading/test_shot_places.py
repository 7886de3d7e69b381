"""Where shots end: times of their own, times of the video, and how mistakes in them are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import complaints, load

HEAD = "video: {size: [64, 64], fps: 12, duration: 8s}\nmusic: {bpm: 120}\nprompts: a castle\n"


def scene(*shots: str) -> str:
    return HEAD + "shots:\n" + "".join(f"  - {{{shot}}}\n" for shot in shots)


def test_until_may_say_how_long_a_shot_is(tmp_path: Path) -> None:
    written = ("name: a, until: shot 1 bar", "name: b, until: shot 2s - 1 beat", "name: c")
    made = load(tmp_path, scene(*written)).shots
    assert [(one.first, one.length) for one in made] == [(0, 24), (24, 18), (42, 54)]


def test_start_and_shares_in_until_are_of_the_video(tmp_path: Path) -> None:
    written = ("name: a, until: 25%", "name: b, until: end - 2s", "name: c, until: end")
    assert [one.first for one in load(tmp_path, scene(*written)).shots] == [0, 24, 72]


MISTAKES = {
    "a beginning that counts from itself": (
        ("name: a, until: 1s", "name: b, from: shot 1s"),
        '6:21: shots.1.from: "shot 1s" counts from the beginning of the shot, which is asked here',
    ),
    "the first beginning": (
        ("name: a, from: hello, until: 1s", "name: b"),
        "5:21: shots.0.from: a time is a frame number",
    ),
    "half a frame": (
        ("name: a, until: 1.5", "name: b"),
        "5:22: shots.0.until: found 1.5, and a number alone counts whole frames; write 1.5s for",
    ),
    "an end beyond the video's, told once": (
        ("name: a, until: 9s", "name: b"),
        "5:22: shots.0.until: shot a ends at frame 108, and the video at frame 96",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_once(tmp_path: Path, case: str) -> None:
    written, told = MISTAKES[case]
    (found,) = complaints(tmp_path, scene(*written))
    assert found.startswith(told)

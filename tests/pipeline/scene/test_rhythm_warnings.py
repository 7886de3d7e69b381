"""Rhythms of painted frames that are not what is written are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import BASE, VIDEO, warnings, write_picture

IDLE = (
    "sampler.every: this has no effect: strength is 0 throughout, so that all frames behind the "
    "first are only moved; write a strength above 0, or remove it"
)
LONG = (
    "sampler.every: this length is more than 24 frames, and frames are painted at the latest each "
    "24th, so that more are painted than it says; write a shorter length, or 24"
)
REST = "camera: {mode: 2d, zoom: 1.01}\n"


@pytest.mark.parametrize("strength", ["0", "{first: 1, then: 0}", "{then: {0: 0, 40: 0}}"])
@pytest.mark.parametrize("every", ["3", "0.5s"])
def test_a_rhythm_of_nothing_is_told(tmp_path: Path, strength: str, every: str) -> None:
    sampler = f"sampler: {{every: {every}, strength: {strength}}}\n"
    assert warnings(tmp_path, BASE + REST + sampler) == [f"4:18: {IDLE}"]


def test_a_rhythm_that_has_frames_to_paint_is_not(tmp_path: Path) -> None:
    faded = "strength: {first: 1, then: 0, fade: 0.5}"
    prompts = VIDEO + "prompts: {0: a castle, 20: a tree, blend: 4}\n"
    assert warnings(tmp_path, prompts + REST + f"sampler: {{every: 3, {faded}}}\n") == []
    once = 'strength: {first: 1, then: "0.5 * (frame == 6)"}'
    assert warnings(tmp_path, BASE + REST + f"sampler: {{every: 3, {once}}}\n") == []
    write_picture(tmp_path / "end.png")
    end = "sampler: {every: 3, strength: {first: 1, then: 0}}\nshots: [{name: a, end: end.png}]\n"
    assert not any("every" in one for one in warnings(tmp_path, BASE + REST + end))


@pytest.mark.parametrize("length", ["100s", "1.5s"])
def test_a_length_beyond_the_longest_is_told(tmp_path: Path, length: str) -> None:
    found = warnings(tmp_path, BASE + REST + f"sampler: {{every: {length}}}\n")
    assert found == [f"4:18: {LONG}"]


@pytest.mark.parametrize("length", ["1s", "0.5s", "24"])
def test_a_length_within_it_is_not(tmp_path: Path, length: str) -> None:
    assert warnings(tmp_path, BASE + REST + f"sampler: {{every: {length}}}\n") == []


def test_a_video_that_is_over_before_the_longest_is_not_told(tmp_path: Path) -> None:
    short = BASE.replace("48", "20")
    assert warnings(tmp_path, short + REST + "sampler: {every: 100s}\n") == []

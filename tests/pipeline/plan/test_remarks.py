"""What nothing forbids, and its author may not have meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.plan.remarks import remarks
from tests.pipeline.scene_files import VIDEO, load


def said(folder: Path, prompts: str, video: str = VIDEO) -> list[str]:
    return list(remarks(load(folder, f"{video}prompts: {prompts}\n")))


@pytest.mark.parametrize(
    "prompts",
    ["a castle", "{3s: a castle}", "{0: a castle, 47: the sea}", "{0: a, 1s: b, blend: 1s}"],
)
def test_nothing_is_said_of_what_is_seen(tmp_path: Path, prompts: str) -> None:
    assert said(tmp_path, prompts) == []


def test_what_is_never_shown(tmp_path: Path) -> None:
    assert said(
        tmp_path, "{0: a castle, 2s: [the sea, {text: fog, weight: -0.5}], 47.5f: rain}"
    ) == [
        '"rain" at frame 47.5 (0:02) is never shown: the last frame is 47',
        '"1 the sea + -0.5 fog" at frame 48 (0:02) is never shown: the last frame is 47',
    ]


def test_a_fade_that_begins_with_the_last_frame_shows_nothing(tmp_path: Path) -> None:
    (remark,) = said(tmp_path, "{0: a castle, 47: the sea, blend: 4}")
    assert "is never shown" in remark


def test_a_fade_that_does_not_come_to_its_end(tmp_path: Path) -> None:
    assert said(tmp_path, "{0: a castle, 1s: the sea, blend: 2s}") == [
        '"the sea" at frame 24 (0:01) fades in over 48 frames, and the last frame comes after 23 '
        "of them: it is seen at 48%"
    ]


def test_stills_have_no_seconds(tmp_path: Path) -> None:
    video = "video: {size: [64, 64], n_batches: 3}\n"
    assert said(tmp_path, "{0: a castle, 1: fog, 5: the sea}", video) == [
        '"the sea" at frame 5 is never shown: the last frame is 2'
    ]

"""Where prompts are fully shown, and what lies between."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.plan.looks import Look, looks, shares
from tests.pipeline.plan.planned import plan

VIDEO = "video: {size: [96, 64], duration: 12, fps: 12}\n"


def spans(folder: Path, text: str) -> list[tuple[str, int, int, str]]:
    found = looks(plan(folder, VIDEO + text))
    return [
        (look.shot, look.first, look.last, "+".join(one.text for one in look.prompts))
        for of_shot in found.values()
        for look in of_shot
    ]


def test_a_prompt_that_stands_is_one_look(tmp_path: Path) -> None:
    assert spans(tmp_path, "prompts: a castle\n") == [("main", 0, 11, "a castle")]


def test_a_fade_lies_between_two_looks(tmp_path: Path) -> None:
    text = "prompts: {0: a castle, 4: a ship, blend: 3}\n"
    assert spans(tmp_path, text) == [("main", 0, 4, "a castle"), ("main", 7, 11, "a ship")]


@pytest.mark.parametrize(("length", "first"), [(3, 7), (2, 6)])
def test_a_fade_of_frames_that_are_not_painted_lies_between_two_looks(
    tmp_path: Path, length: int, first: int
) -> None:
    text = f"prompts: {{0: a castle, 4: a ship, blend: {length}}}\nsampler: {{every: 6}}\n"
    assert [span[1:3] for span in spans(tmp_path, text)] == [(0, 4), (first, 11)]


def test_a_hard_cut_and_a_last_frame_are_looks(tmp_path: Path) -> None:
    text = "prompts: {0: a castle, 4: a ship, 11: a tree}\n"
    assert [span[1:3] for span in spans(tmp_path, text)] == [(0, 3), (4, 10), (11, 11)]


def test_weights_alone_make_a_look(tmp_path: Path) -> None:
    text = (
        "prompts: {0: [a castle, {text: fog, weight: -0.2}], "
        "4: [a castle, {text: fog, weight: -0.6}], blend: 3}\n"
    )
    assert [span[1:3] for span in spans(tmp_path, text)] == [(0, 4), (7, 11)]


def test_each_shot_has_its_looks_counted_within_it(tmp_path: Path) -> None:
    text = "shots:\n- {name: sea, until: 4, prompts: a ship}\n- {name: land, prompts: a tree}\n"
    assert spans(tmp_path, text) == [("sea", 0, 3, "a ship"), ("land", 0, 7, "a tree")]


def test_frames_that_are_only_moved_belong_to_what_was_painted_before(tmp_path: Path) -> None:
    text = 'prompts: {0: a castle, 6: a ship}\nsampler: {strength: {then: "frame % 3 == 0"}}\n'
    assert [span[1:3] for span in spans(tmp_path, text)] == [(0, 5), (6, 11)]


def test_within_a_fade_the_share_of_the_next_look_grows_evenly() -> None:
    both = (Look("main", 0, 4, ()), Look("main", 8, 11, ()))
    assert shares(both, 3) == ((both[0], 1.0),)
    assert [share for _, share in shares(both, 5)] == pytest.approx([0.75, 0.25])
    assert shares(both, 8) == ((both[1], 1.0),)

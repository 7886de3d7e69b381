"""Curves that are rounded away are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import BASE, warnings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "guidance: {cutn_batches: {0: 1, 40: 1.4}}",
            "3:26: guidance.cutn_batches: this moves from 1 to 1.4, and is 1 on every frame, as "
            "counts are whole; write more of it, or one number",
        ),
        (
            "guidance: {cut_overview: 4 + 0.2 * sin(t)}",
            "3:26: guidance.cut_overview: this moves from 4 to 4.19",
        ),
        (
            "sampler: {steps: 25, skip_steps: {then: {0: 10, 40: 10.3}}}",
            "3:34: sampler.skip_steps: this moves, and comes to 15 steps of 25 on every frame",
        ),
        (
            "sampler: {steps: 25, strength: 0.4 + 0.01 * progress}",
            "3:32: sampler.strength: this moves, and comes to 10 steps of 25 on every frame",
        ),
        (
            "guidance: {init_hold: {then: 0.8 + 0.001 * progress}}",
            "3:23: guidance.init_hold: this moves by 0.001 over the video, which changes no level",
        ),
        ("guidance: {keep_sharpness: {0: 0.1, 40: 0.101}}", "3:28: guidance.keep_sharpness: this"),
        ("sampler: {noise: warped, fresh_noise: {0: 0.1, 40: 0.101}}", "3:39: sampler.fresh_noise"),
    ],
)
def test_what_comes_to_one_number(tmp_path: Path, text: str, expected: str) -> None:
    (told,) = warnings(tmp_path, f"{BASE}{text}\n")
    assert told.startswith(expected)


@pytest.mark.parametrize(
    "text",
    [
        "guidance: {cutn_batches: {0: 1, 40: 1.6}}",
        "guidance: {cutn_batches: {0: 1, 40: 1}}",
        "sampler: {steps: 25, skip_steps: {then: {0: 10, 40: 11}}}",
        "sampler: {steps: 25, skip_steps: {then: 10}}",
        "sampler: {steps: 25, strength: 0.4}",
        "guidance: {init_hold: {then: 0.8 + 0.1 * progress}}",
        "guidance: {init_hold: [0.8 for 50%, 0.7]}",
        "sampler: {eta: 0.5}",
    ],
)
def test_what_changes_or_does_not_move(tmp_path: Path, text: str) -> None:
    assert warnings(tmp_path, f"{BASE}{text}\n") == []


def test_a_shot_may_move_what_the_scene_shares(tmp_path: Path) -> None:
    """Over the first half the count stays 1, over the second it becomes 2."""
    shots = "shots: [{name: a, until: 24}, {name: b}]\n"
    assert warnings(tmp_path, f"{BASE}guidance: {{cutn_batches: {{0: 1, 47: 1.9}}}}\n{shots}") == []
    (told,) = warnings(tmp_path, f"{BASE}guidance: {{cutn_batches: {{0: 1, 47: 1.4}}}}\n{shots}")
    assert told.startswith("3:26: guidance.cutn_batches: this moves from 1 to 1.19")

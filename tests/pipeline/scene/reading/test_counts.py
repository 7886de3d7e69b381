"""Settings that count: whole where they stand still, rounded where they move."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from tests.pipeline.scene_files import BASE, complaints, load


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("cutn_batches: 1.5", "expected a whole number from 1 to 64, found 1.5"),
        ("fuzzy_prompt: 25.5", "expected a whole number from 0 to 256, found 25.5"),
        ("cut_overview: 12.5", "expected a whole number from 0 to 256, found 12.5"),
        ("cutn_batches: 65", "found 65; allowed: from 1 to 64"),
    ],
)
def test_a_constant_that_is_not_whole_is_a_mistake(
    tmp_path: Path, written: str, problem: str
) -> None:
    (said,) = complaints(tmp_path, BASE + f"guidance: {{{written}}}\n")
    assert said.endswith(f": guidance.{written.split(':')[0]}: {problem}")


def test_what_moves_is_rounded(tmp_path: Path) -> None:
    moves = "guidance: {cutn_batches: {0: 1, 4: 2}, fuzzy_prompt: frame * 0.6}\n"
    guidance = [spec.painting.guidance for spec in make_plan(load(tmp_path, BASE + moves))][:4]
    assert [one.cutn_batches for one in guidance] == [1, 1, 2, 2]
    assert [one.fuzzy_prompt for one in guidance] == [0, 1, 1, 2]


def test_a_whole_constant_may_have_a_point(tmp_path: Path) -> None:
    scene = load(tmp_path, BASE + "guidance: {cutn_batches: 2.0, fuzzy_prompt: 25}\n")
    assert (scene.guidance.cutn_batches(0), scene.guidance.fuzzy_prompt(0)) == (2, 25)

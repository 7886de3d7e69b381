"""Variables that nothing uses are told."""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.scene_files import BASE, warnings


def test_a_variable_that_no_formula_uses(tmp_path: Path) -> None:
    (told,) = warnings(tmp_path, BASE + "vars: {up: 2, down: 3}\ncamera: {roll: up}\n")
    assert told.startswith("3:15: ")
    assert told.endswith(
        "vars.down: no formula uses this variable; write down in one, or remove it"
    )


def test_variables_that_only_unused_ones_use(tmp_path: Path) -> None:
    told = warnings(tmp_path, BASE + "vars: {a: 2, b: a + 1, c: 3}\ncamera: {roll: c}\n")
    assert [one.split(":")[1] for one in told] == ["8", "14"]


def test_one_shot_that_uses_it_is_enough(tmp_path: Path) -> None:
    shots = "shots: [{name: a, until: 9}, {name: b, camera: {roll: up}}]\n"
    assert warnings(tmp_path, BASE + "vars: {up: 2}\n" + shots) == []


def test_a_word_of_a_prompt_is_no_use(tmp_path: Path) -> None:
    (told,) = warnings(tmp_path, BASE + "vars: {castle: 2}\n")
    assert "vars.castle" in told


def test_what_several_scenes_share_may_be_left_alone(tmp_path: Path) -> None:
    (tmp_path / "shared.yaml").write_text("vars: {up: 2, down: 3}\n", encoding="utf-8")
    scene = "include: shared.yaml\n" + BASE + "vars: {own: 1}\ncamera: {roll: up}\n"
    (told,) = warnings(tmp_path, scene)
    assert "vars.own" in told

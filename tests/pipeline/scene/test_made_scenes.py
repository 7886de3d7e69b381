"""Scenes made by chance: each is read, planned and asked about, or refused in words, at once."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from time import process_time

import pytest

from keyframes.quoting import visible
from pipeline.errors import Error, SceneError
from pipeline.plan.describe import describe
from pipeline.plan.field_names import chosen_fields
from pipeline.plan.frame_values import FIELDS
from pipeline.plan.make import make_plan
from pipeline.plan.table import plan_table
from pipeline.plan.why import why
from pipeline.scene.load import read_scene
from tests.pipeline.scene.made_scenes import made_scene, mended

SEED = 20261129
SCENES = 240
SECONDS_EACH = 2.0
"""What the slowest takes, with room for a machine that is busy with other things."""


MENDED = 4
"""How often what is wrong with a scene is taken out of it before it is given up."""


def plan_and_ask(path: Path, chance: Random) -> None:
    """Goes through what can be done with a scene before it is rendered."""
    read = read_scene(path)
    plan = make_plan(read.scene)
    describe(plan)
    number = chance.randrange(read.scene.frame_count)
    field = chance.choice(list(FIELDS))
    list(why(read, plan, number, field))
    plan_table(plan, read.scene.timebase, (number,), chosen_fields(field, FIELDS))


def written(scene: object, chance: Random) -> bytes:
    """The scene as YAML in the form of JSON."""
    text = json.dumps(scene, ensure_ascii=chance.random() < 0.5)
    text = text.replace("NaN", ".nan").replace("Infinity", ".inf")
    return text.encode("utf-8", "surrogatepass")


def outcome(path: Path, chance: Random) -> str:
    """What becomes of a made scene: `planned`, or why not; nothing is raised but an `Error`."""
    scene = made_scene(chance)
    said = ""
    for _ in range(MENDED):
        path.write_bytes(written(scene, chance))
        start = process_time()
        try:
            plan_and_ask(path, chance)
            said = "planned"
        except SceneError as error:
            said = str(error)
            if not isinstance(scene, dict):
                break
            scene = mended(scene, [problem.path for problem in error.problems])
        except Error as error:
            said = str(error)
        assert process_time() - start < SECONDS_EACH
        assert visible(said, keep="\n") == said
    return said


def check_made(count: int, seed: int, folder: Path) -> int:
    """Goes through so many made scenes; how many of them could be planned."""
    chances = [Random(f"{seed} {number}") for number in range(count)]
    return [outcome(folder / "scene.yaml", chance) for chance in chances].count("planned")


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_whatever_is_made_is_planned_or_refused_in_words(tmp_path: Path, part: int) -> None:
    planned = check_made(SCENES // 4, SEED + part, tmp_path)
    assert SCENES // 10 < planned < SCENES // 4

"""Files, profiles and settings that nobody means well with: read or refused in words, in place."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pipeline.errors import Error, SceneError
from pipeline.files.lines import lines_of
from tests.pipeline.scene.composing.composed import read, write_all
from tests.pipeline.scene.test_hostile_scenes import mutated

TEXTS = {
    "scene": """\
include: [base.yaml, sub/more.yaml]
video: {size: [64, 64], fps: 8, duration: 2s}
shots: [{name: sea, until: 1s, prompts: a ship}, {name: land, prompts: a castle}]
profiles:
  draft: {video: {fps: 4}, shots: {sea: {camera: {zoom: 1.01}}}}
""",
    "base": "include: sub/more.yaml\nsampler: {steps: 5}\nprofiles: {draft: {seed: 3}}\n",
    "sub__more": 'seed: 4\nvars: {a: "sin(t)"}\nmusic: {bpm: 120}\n',
}
ARGUMENTS = ("camera.zoom=1.1", "shots.sea.camera.zoom=1", "video.size=[64, 64]", 'vars."a"=1')
SEED = 20261129
ROUNDS = 150


@pytest.mark.slow
def test_whatever_is_laid_over_whatever_is_told_in_its_place(tmp_path: Path) -> None:
    chance, told = random.Random(SEED), 0
    for _ in range(ROUNDS):
        changed = chance.choice([*TEXTS, ""])
        texts = {
            name: mutated(text, chance) if name == changed else text for name, text in TEXTS.items()
        }
        argument = chance.choice(ARGUMENTS)
        if not changed:
            argument = mutated(argument, chance)
        path = write_all(tmp_path, **texts)
        try:
            read(path, chance.choice([None, "draft"]), argument)
        except SceneError as error:
            for problem in error.problems:
                text = problem.origin.text if problem.origin else error.source
                assert 1 <= problem.line <= len(lines_of(text)) + 1
            told += 1
        except Error as error:
            assert str(error)
            told += 1
    assert ROUNDS / 3 < told < ROUNDS

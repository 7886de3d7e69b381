"""Edits that alter no pixel render nothing anew: the digests of all frames are what they were."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.plan.make import make_plan
from pipeline.run.digest import chain, frame_fingerprints
from pipeline.scene.composing.choice import Choice
from pipeline.scene.load import read_scene
from pipeline.spec.frame import FrameId
from tests.edits.bases import write_files
from tests.edits.named_networks import fingerprints_of

SCENE = """\
video: {size: [64, 32], duration: 10, fps: 24}
seed: 7
prompts: {0: red wine, 4: a blue sky, blend: 4}
camera: {mode: 2d, zoom: {0: 1, 8: 1.04}, roll: 1}
sampler: {steps: 20, init_image: red.png, skip_steps: {first: 4, then: 14}}
guidance: {clip_guidance_scale: 300, tv_scale: 0.5}
shots:
  - {name: one, until: 5}
  - {name: two}
"""

OTHERWISE: Mapping[str, tuple[str, str]] = {
    "a comment": ("seed: 7", "# The seed of the second try.\nseed: 7  # was 6"),
    "block style": ("seed: 7\n", "seed:\n  7\n"),
    "another order of sections": (
        "seed: 7\nprompts: {0: red wine, 4: a blue sky, blend: 4}\n",
        "prompts: {0: red wine, 4: a blue sky, blend: 4}\nseed: 7\n",
    ),
    "another order of settings": ("{mode: 2d, zoom: {0: 1, 8: 1.04}", "{zoom: {0: 1, 8: 1.04}"),
    "another order of keys": ("{0: red wine, 4: a blue sky", "{4: a blue sky, 0: red wine"),
    "a whole number with a point": ("roll: 1}", "roll: 1.0}"),
    "a number with more noughts": ("tv_scale: 0.5}", "tv_scale: 0.50}"),
    "a number with an exponent": ("clip_guidance_scale: 300", "clip_guidance_scale: 3.0e+2"),
    "a text in quotes": ("red wine", '"red wine"'),
    "a text as a list of one": ("0: red wine", "0: [{text: red wine, weight: 1}]"),
    "weights in other units": ("0: red wine", "0: [{text: red wine, weight: 5}]"),
    "a default written out": ("seed: 7", "seed: 7\nmusic: {start: 0}"),
    "a default of the preset": ("{steps: 20,", "{steps: 20, eta: 0.8,"),
    "a default of guidance": ("tv_scale: 0.5", "tv_scale: 0.5, sat_scale: 0, rand_mag: 0.11"),
    "a default of models": ("seed: 7", "seed: 7\nmodels: {preset: starter, precision: auto}"),
    "a number as a curve": ("roll: 1}", "roll: {0: 1}}"),
    "a number as a formula": ("roll: 1}", "roll: 3 - 2}"),
    "a number in the old notation": ("roll: 1}", 'roll: "0: (1.0)"}'),
    "a number as a variable": ("roll: 1}", "roll: turn}\nvars: {turn: 1}"),
    "a key behind the end of a curve": ("8: 1.04}", "8: 1.04, 9: 1.04}"),
    "keys in other words": ("{0: 1, 8: 1.04}", "{0s: 1, 8: 1.04}"),
    "a number over the denoising": ("tv_scale: 0.5", "tv_scale: {0%: 0.5}"),
    "a length in seconds": ("duration: 10,", "duration: 0.416667s,"),
    "a rate as a fraction": ("fps: 24", 'fps: "24/1"'),
    "steps as a share": ("then: 14", "then: 70%"),
    "the rest of the steps": (
        "skip_steps: {first: 4, then: 14}",
        "strength: {first: 0.8, then: 0.3}",
    ),
    "another name of a setting": ("roll: 1}", "angle: 1}"),
    "a path with a dot": ("init_image: red.png", "init_image: ./red.png"),
    "another name of a picture": ("init_image: red.png", "init_image: red-too.png"),
    "a title": ("fps: 24", "fps: 24, title: The Second Try"),
    "a codec": ("seed: 7", "seed: 7\noutput: {file: b.webm, crf: 30}"),
    "marks": ("seed: 7", "seed: 7\nmusic: {marks: {drop: 3}}"),
    "a variable that nobody uses": ("seed: 7", "seed: 7\nvars: {push: 3}"),
    "a setting in each of the shots": ("{name: one,", "{name: one, seed: 7,"),
    "a shot's end by its length": ("until: 5}", 'until: "50%"}'),
    "a shot that begins where it did": ("{name: two}", "{name: two, from: 5}"),
    "line ends of another system": ("\n", "\r\n"),
    "a mark at the beginning": ("video:", "\ufeffvideo:"),
}
"""What is written otherwise, and how."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_files(tmp_path)
    shutil.copy(tmp_path / "red.png", tmp_path / "red-too.png")
    return tmp_path


def digests(path: Path, choice: Choice | None = None) -> dict[FrameId, str]:
    """The digests of all frames of the scene in a file."""
    plan = make_plan(read_scene(path, choice=choice or Choice()).scene)
    networks = {name: fingerprints_of(one) for name, one in plan.networks.items()}
    return chain(plan, frame_fingerprints(plan, networks))


def written(folder: Path, text: str, name: str = "scene.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("edit", OTHERWISE)
def test_what_is_written_otherwise_costs_nothing(folder: Path, edit: str) -> None:
    before = digests(written(folder, SCENE))
    old, new = OTHERWISE[edit]
    assert old in SCENE
    edited = SCENE.replace(old, new)
    if edit == "another order of settings":
        edited = edited.replace("roll: 1}", "roll: 1, mode: 2d}")
    assert digests(written(folder, edited)) == before


def test_another_name_and_another_folder_cost_nothing(folder: Path) -> None:
    before = digests(written(folder, SCENE))
    assert digests(written(folder, SCENE, "second.yaml")) == before
    away = folder / "away"
    away.mkdir()
    for file in ("scene.yaml", "red.png"):
        shutil.move(folder / file, away / file)
    assert digests(away / "scene.yaml") == before


def test_layers_cost_nothing(folder: Path) -> None:
    before = digests(written(folder, SCENE))
    first, *rest = SCENE.splitlines(keepends=True)
    written(folder, "".join(rest), "rest.yaml")
    assert digests(written(folder, f"include: rest.yaml\n{first}")) == before
    other = SCENE.replace("seed: 7", "seed: 1\nprofiles: {final: {seed: 7}}")
    assert digests(written(folder, other), Choice(profile="final")) == before


@pytest.mark.parametrize("shot", ["one", "two"])
def test_an_edit_of_a_shot_leaves_the_other_alone(folder: Path, shot: str) -> None:
    before = digests(written(folder, SCENE))
    after = digests(written(folder, SCENE.replace(f"name: {shot}", f"name: {shot}, seed: 8")))
    assert {one.shot for one in before if before[one] != after[one]} == {shot}
    assert all(before[one] != after[one] for one in before if one.shot == shot)

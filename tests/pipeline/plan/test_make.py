"""Plans: every number of every frame, sections shared, and no surprises for digests."""

from __future__ import annotations

import json
from fractions import Fraction
from math import copysign
from pathlib import Path

import pytest

from keyframes.prompts import Prompt
from pipeline.plan.make import plan_to_json
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.frame import PictureFile, SavedFrame
from pipeline.spec.plan import Plan
from pipeline.spec.sources import NetworkSet
from tests.media import write_silence
from tests.pipeline.plan.planned import BASE, VIDEO, plan
from tests.pipeline.scene_files import write_picture


def test_frames_grow_from_one_another(tmp_path: Path) -> None:
    made = plan(tmp_path, BASE + "seed: 5\n")
    assert len(made) == 48
    assert [spec.frame for spec in made] == list(range(48))
    assert [spec.inputs for spec in made] == [(), *((SavedFrame(k),) for k in range(47))]
    assert {spec.seed for spec in made} == {5}
    assert {spec.shot for spec in made} == {"main"}
    assert made[0].size == (96, 64)
    assert (made.fps, made.title, made.networks["main"]) == (Fraction(12), "scene", NetworkSet())


def test_stills_grow_from_nothing(tmp_path: Path) -> None:
    write_picture(tmp_path / "start.png")
    made = plan(
        tmp_path,
        "video: {size: [64, 64], n_batches: 3}\nprompts: a castle\n"
        "sampler: {init_image: start.png, steps: 20, skip_steps: {first: 5}}\n",
    )
    assert {(spec.motions, spec.camera) for spec in made} == {((), CameraSpec())}
    image = PictureFile(str((tmp_path / "start.png").resolve()))
    assert {spec.inputs for spec in made} == {(image,)}
    assert {spec.painting.sampler.skip_steps for spec in made} == {5}


def test_curves_are_resolved_on_every_frame(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        BASE + "camera:\n"
        "  fov: {0s: 40, 4f: 80}\n"
        "  translate_x: frame\n  translate_y: 2 * frame\n  translate_z: 3\n"
        "  rotate_x: 4\n  rotate_y: 5\n  roll: -frame\n"
        "  zoom: '0: (1.0), 10: (2.0)'\n"
        "  padding: reflection\n  sampling: nearest\n  projection: disco\n",
    )
    camera = made[2].camera
    assert camera.mode == "3d"
    zoom = pytest.approx(1.2)
    assert made[2].motions == (CameraMotion(2.0, 4.0, 3.0, 4.0, 5.0, -2.0, zoom=1.2),)
    assert made[2].motions[0].zoom == zoom
    assert camera.fov == 60.0
    assert (camera.padding, camera.sampling, camera.projection) == (
        "reflection",
        "nearest",
        "disco",
    )


@pytest.mark.parametrize(("mode", "padding"), [("2d", "wrap"), ("3d", "border")])
def test_edges_by_the_camera(tmp_path: Path, mode: str, padding: str) -> None:
    kept = "guidance: {repaint: off}\n"
    made = plan(tmp_path, BASE + f"camera: {{mode: {mode}}}\n" + kept)
    assert (made[1].camera.mode, made[1].camera.padding) == (mode, padding)


def test_the_first_frame_does_not_depend_on_the_camera(tmp_path: Path) -> None:
    still = plan(tmp_path, BASE)
    moving = plan(tmp_path, BASE + "camera: {mode: 2d, zoom: 2}\n")
    assert still[0] == moving[0]
    assert still[1] != moving[1]


def test_prompts_cross_fade(tmp_path: Path) -> None:
    made = plan(tmp_path, VIDEO + "prompts: {0s: a castle, 1s: the sea, blend: 4 frames}\n")
    assert made[11].painting.prompts == (Prompt("a castle", 1.0),)
    assert made[13].painting.prompts == (Prompt("a castle", 0.75), Prompt("the sea", 0.25))
    assert made[16].painting.prompts == (Prompt("the sea", 1.0),)


def test_equal_sections_are_one_object(tmp_path: Path) -> None:
    made = plan(tmp_path, BASE + "camera: {zoom: {0: 1, 10: 1, 11: 2}, fov: {30: 40, 31: 50}}\n")
    motions = [spec.motions[0] for spec in made if spec.grows]
    assert motions[0] is motions[9] is not motions[10] is motions[28]
    # What moves the camera does not change how it sees.
    assert made[1].camera is made[30].camera is not made[31].camera is made[47].camera
    assert len({id(spec.painting.sampler) for spec in made}) == 2
    assert len({id(spec.painting.guidance) for spec in made}) == 2


def test_no_negative_zero(tmp_path: Path) -> None:
    made = plan(tmp_path, BASE + "camera: {roll: -0.0, translate_x: -(frame - 3)}\n")
    assert copysign(1, made[1].motions[0].roll) == 1
    assert copysign(1, made[3].motions[0].translate_x) == 1


def test_json_reads_back_to_the_same_plan(tmp_path: Path) -> None:
    write_silence(tmp_path / "song.wav", 0.1)
    text = BASE + "music: {file: song.wav, bpm: 97.3}\ncamera: {roll: sin(beat) / 3}\n"
    made = plan(tmp_path, text)
    assert Plan.from_json(json.loads(plan_to_json(made))) == made
    assert made.output.soundtrack == str((tmp_path / "song.wav").resolve())

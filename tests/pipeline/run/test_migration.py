"""Renders of the first format are read, and their frames hold."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from keyframes.prompts import Prompt
from pipeline.run.directory import RunDirectory
from pipeline.run.footage import read_footage
from pipeline.run.run import Run
from pipeline.spec.camera import CameraMotion, CameraSpec, DepthPictureSpec
from pipeline.spec.denoise import Denoise, EncoderSpec, SamplerSpec, SymmetrySpec
from pipeline.spec.fingerprints import PRECISION, SHARE, Fingerprint
from pipeline.spec.frame import FrameId, FrameSpec, PictureFile
from pipeline.spec.plan import OutputSpec, Plan
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plans import CAMERA, GUIDANCE, frame_spec, painted, picture

FORMAT_1 = Path(__file__).with_name("format_1")
"""A render of the release before, with the pictures that it was made of."""


def digits(digit: str) -> str:
    return digit * 64


STARTER = Fingerprint("encoder", "starter", "vocabulary.json", digits("e"))
NETWORKS = {
    "main": (
        Fingerprint("denoiser", "", "unet/config.json", digits("a")),
        Fingerprint("denoiser", "", "discoreel.json", digits("b")),
        Fingerprint("denoiser", "", PRECISION, "bf16"),
        Fingerprint("prompt encoder", "", "vocabulary.json", digits("e")),
        STARTER,
        Fingerprint("encoder", "ViT-B-32/openai", "", digits("f")),
        Fingerprint("depth", "a", "depth.safetensors", digits("c")),
        Fingerprint("depth", "b", "", digits("d")),
        Fingerprint("depth", "a", SHARE, "0.25"),
        Fingerprint("depth", "b", SHARE, "0.75"),
        Fingerprint("secondary", "", "", digits("1")),
        Fingerprint("perceptual", "vgg16", "", digits("2")),
        Fingerprint("perceptual", "lpips_vgg", "", digits("3")),
    )
}
"""What its networks were, in today's words."""


def frames(given: Path) -> tuple[FrameSpec, ...]:
    """What its frames were: an init image, 3D, an author's depth, 2D, and a still of clouds."""
    encoders = EncoderSpec("starter"), EncoderSpec("ViT-B-32/openai", 0.5, 0.25, 1.0)
    start, plain, deep, flat, clouds = (painted(frame_spec(k), encoders=encoders) for k in range(5))
    depth = DepthPictureSpec(str(given / "depth.png"), "far")
    likeness = replace(
        GUIDANCE,
        gradient="secondary",
        init_scale=StepSchedule.constant(100.0),
        perceptual="lpips",
    )
    sampler = SamplerSpec(
        *("ddim", 25, 10),
        eta=0.8,
        perlin_init="mixed",
        symmetry=SymmetrySpec(horizontal=(0.25,)),
        dynamic_threshold=0.9,
    )
    prompts = Prompt("a castle", 0.5), Prompt(str(given / "like.png"), 0.5, image=True)
    return (
        replace(painted(start, skip_steps=3), inputs=(PictureFile(str(given / "start.png")),)),
        plain,
        replace(deep, camera=replace(CAMERA, depth=depth)),
        replace(flat, camera=CameraSpec(), motions=(CameraMotion(2.5, -1.0, roll=3.0, zoom=1.02),)),
        replace(
            clouds,
            **{"inputs": (), "motions": (), "camera": CameraSpec()},
            denoise=Denoise(prompts, sampler, likeness, encoders),
        ),
    )


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A copy that a test may write to."""
    return Path(shutil.copytree(FORMAT_1, tmp_path / "given"))


def plan(given: Path) -> Plan:
    output = OutputSpec(file="old.mp4", size=(16, 12), soundtrack="/music/old.ogg")
    return Plan(frames(given), Fraction(30000, 1001), "old", output=output)


def test_every_frame_of_format_1_holds(given: Path) -> None:
    with Run.open(given / "run", plan(given), NETWORKS) as run:
        assert run.finished == 5
        assert run.missing(plan(given)) == []
        assert (run.frames.pixels(FrameId(3)) == picture(3)).all()


def test_a_video_is_made_of_format_1(given: Path) -> None:
    footage = read_footage(given / "run")
    assert len(footage.frames) == footage.planned == 5
    assert footage.output == plan(given).output
    assert (footage.fps, footage.title, footage.size) == (Fraction(30000, 1001), "old", (8, 6))


def test_a_render_of_format_1_goes_on_in_todays_format(given: Path) -> None:
    journal = given / "run" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:2]))
    made = plan(given)
    with Run.open(given / "run", made, NETWORKS) as run:
        assert [spec.frame for spec in run.missing(made)] == [2, 3, 4]
        for spec in run.missing(made):
            run.save(spec, picture(spec.frame), 0.5)
    with Run.open(given / "run", made, NETWORKS) as run:
        assert run.finished == 5
    assert RunDirectory(given / "run").read_manifest().format == 2
    assert json.loads(journal.read_bytes().splitlines()[-1])["recipe"] == 4


def test_an_edit_still_reaches_frames_of_format_1(given: Path) -> None:
    made = plan(given)
    edited = replace(made, frames=(*made.frames[:3], replace(made[3], seed=9), made[4]))
    with Run.open(given / "run", edited, NETWORKS, replace_stale=True) as run:
        assert [spec.frame for spec in run.missing(edited)] == [3]


@pytest.mark.parametrize("role", ["denoiser", "depth", "encoder", "secondary"])
def test_another_file_reaches_the_frames_of_format_1_that_ask_it(given: Path, role: str) -> None:
    asking = {"denoiser": [0, 1, 2, 3, 4], "encoder": [0, 1, 2, 3, 4], "depth": [1, 2, 3]}
    asking["secondary"] = [4]
    changed = tuple(
        replace(one, value=digits("0")) if one.role == role else one for one in NETWORKS["main"]
    )
    made = plan(given)
    with Run.open(given / "run", made, {"main": changed}, replace_stale=True) as run:
        assert [spec.frame for spec in run.missing(made)] == asking[role]


def test_a_line_of_format_1_that_was_changed_is_stale(given: Path) -> None:
    journal = given / "run" / "journal.jsonl"
    journal.write_text(journal.read_text().replace('"seed":7', '"seed":8', 1))
    made = plan(given)
    with Run.open(given / "run", made, NETWORKS, replace_stale=True) as run:
        assert 0 in [spec.frame for spec in run.missing(made)]

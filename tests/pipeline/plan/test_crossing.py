"""Cross-fades that lead to a key picture: by how much on each frame, and what that picture is."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from pathlib import Path

import pytest

from pipeline.plan.crossing import key_picture
from pipeline.run.digest import chain, frame_fingerprints
from pipeline.spec.denoise import Crossing
from pipeline.spec.frame import FrameId, FrameSpec, SavedFrame
from pipeline.spec.plan import Plan
from tests.pipeline.plan.planned import VIDEO, plan
from tests.pipeline.plans import NETWORKS

KEY = "sampler: {steps: 20, skip_steps: {first: 0, then: 50%, fade: 2}, cross_fade: key}\n"
FADE = VIDEO + "prompts: {0: a tree, 8: a castle, blend: 8}\n" + KEY


def crossing(spec: FrameSpec) -> Crossing | None:
    return None if spec.denoise is None else spec.denoise.crossing


def of_frames(made: Plan) -> dict[int, Crossing]:
    return {spec.frame: one for spec in made if (one := crossing(spec)) is not None}


def test_a_cross_fade_goes_to_one_picture_by_even_steps(tmp_path: Path) -> None:
    made = of_frames(plan(tmp_path, FADE))
    assert list(made) == list(range(9, 17))
    assert {one.since for one in made.values()} == {9}
    assert {one.prompts[0].text for one in made.values()} == {"a castle"}
    left = [prod(1 - one.share for one in list(made.values())[:n]) for n in range(1, 9)]
    assert left == pytest.approx([7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, 2 / 8, 1 / 8, 0])


def test_on_the_way_nothing_is_opened_and_the_shot_is_forgotten(tmp_path: Path) -> None:
    made = plan(tmp_path, FADE + "camera: {memory: shot, zoom: 1.01}\n")
    assert {spec.painting.sampler.skip_steps for spec in made.frames[1:]} == {10}
    assert {spec.painting.keep.let_go for spec in made} == {0}
    renewal = [spec.renewal for spec in made]
    assert renewal == [0.0] * 9 + [1.0] * 8 + [0.0] * (len(renewal) - 17)


def test_a_hard_cut_opens_its_frame_and_leads_to_nothing(tmp_path: Path) -> None:
    made = plan(tmp_path, FADE.replace(", blend: 8", ""))
    assert of_frames(made) == {}
    assert [spec.painting.sampler.skip_steps for spec in made][7:10] == [10, 2, 10]


def test_cross_fades_that_follow_each_other_have_a_picture_each(tmp_path: Path) -> None:
    made = of_frames(plan(tmp_path, FADE.replace("8: a castle", "8: a castle, 16: the sea")))
    assert [one.since for one in made.values()] == [9] * 8 + [17] * 8
    assert made[16].share == made[24].share == 1
    assert made[17].share == pytest.approx(1 / 8)


def test_frames_that_are_only_moved_are_not_part_of_it_and_it_ends_on_one_that_is_painted(
    tmp_path: Path,
) -> None:
    every_third = 'strength: {first: 1, then: "0.5 * (frame % 3 < 1)"}'
    made = plan(tmp_path, FADE.replace("skip_steps: {first: 0, then: 50%, fade: 2}", every_third))
    painted = [spec.frame for spec in made if spec.denoise is not None]
    assert painted[:8] == [0, 3, 6, 9, 12, 15, 18, 21]
    shares = {frame: one.share for frame, one in of_frames(made).items()}
    assert list(shares) == [9, 12, 15, 18] and shares[18] == 1
    assert shares[12] == pytest.approx(1 - (4 / 8) / (7 / 8))


def test_a_shot_that_continues_within_a_fade_begins_its_own_picture(tmp_path: Path) -> None:
    shots = 'shots: [{name: a, until: "12"}, {name: b, enter: continue}]\n'
    made = plan(tmp_path, FADE + shots)
    ways = [(spec.shot, spec.frame, one) for spec in made if (one := crossing(spec)) is not None]
    assert [(shot, frame, one.since) for shot, frame, one in ways] == [
        *(("a", frame, 9) for frame in (9, 10, 11)),
        *(("b", frame, 0) for frame in range(5)),
    ]
    assert ways[3][2].share == pytest.approx(1 / 5) and ways[-1][2].share == 1


@pytest.mark.parametrize("fade", ["2", "0"])
def test_a_shot_that_continues_within_a_fade_grows_from_the_frame_before_it(
    tmp_path: Path, fade: str
) -> None:
    shots = 'shots: [{name: a, until: "12"}, {name: b, enter: continue}]\n'
    made = plan(tmp_path, FADE.replace("fade: 2", f"fade: {fade}") + shots)
    first = next(spec for spec in made if spec.shot == "b")
    assert first.inputs == (SavedFrame(11, "a"),)
    assert first.painting.sampler.skip_steps == 10


def test_a_shot_that_begins_after_a_fade_is_part_of_none(tmp_path: Path) -> None:
    shots = 'shots: [{name: a, until: "20"}, {name: b, enter: continue}]\n'
    assert not [
        spec for spec in plan(tmp_path, FADE + shots) if spec.shot == "b" and crossing(spec)
    ]


def test_stills_cross_nothing(tmp_path: Path) -> None:
    stills = FADE.replace("duration: 4s, fps: 12", "n_batches: 20").replace(", blend: 8", "")
    assert of_frames(plan(tmp_path, stills)) == {}


def test_by_default_frames_are_opened(tmp_path: Path) -> None:
    disco = FADE.replace("96, 64", "128, 64").replace(", cross_fade: key", "")
    assert of_frames(plan(tmp_path, disco + "models: {preset: disco-256}\n")) == {}


def test_the_key_picture_is_the_still_of_its_prompts(tmp_path: Path) -> None:
    made = plan(tmp_path, FADE.replace("cross_fade: key", "cross_fade: key, noise_period: 1"))
    spec = made[12]
    still = "video: {size: [96, 64], n_batches: 12, fps: 12}\nprompts: a castle\n"
    alone = plan(
        tmp_path, still.replace(", fps: 12", "") + "sampler: {steps: 20, noise_period: 1}\n"
    )
    one = crossing(spec)
    assert one is not None
    key = replace(made, frames=(key_picture(spec, one),))
    assert digest(key) == digest(replace(alone, frames=(alone[9],)))


def digest(made: Plan) -> str:
    return chain(made, frame_fingerprints(made, NETWORKS))[FrameId(9)]

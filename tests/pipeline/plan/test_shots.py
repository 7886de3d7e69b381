"""Shots in a plan: what each frame grows from, how the video goes through them, what they ask."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.plan.make import plan_to_json
from pipeline.run.digest import chain, frame_fingerprints
from pipeline.spec.camera import MOST_MOTIONS
from pipeline.spec.frame import FrameId, PictureFile, SavedFrame
from pipeline.spec.plan import Plan
from pipeline.spec.timeline import AT_REST, Fade, Offset, ShotSpan, shown_frames
from tests.pipeline.plan.planned import plan
from tests.pipeline.plans import NETWORKS
from tests.pipeline.scene_files import write_picture

HEAD = """\
video: {size: [96, 64], duration: 6s, fps: 12}
music: {bpm: 120}
prompts: {0s: a castle, 5s: a ship}
camera: {mode: 2d, zoom: 1.01}
"""
THREE = (
    HEAD
    + """\
shots:
  - {name: a, until: 2s}
  - {name: b, until: 4s, prompts: a tree}
  - {name: c, enter: {fade: 1 beat}}
"""
)


def digests(made: Plan) -> dict[FrameId, str]:
    prints = {name: NETWORKS["main"] for name in made.networks}
    return chain(made, frame_fingerprints(made, prints))


def test_frames_are_counted_within_their_shot(tmp_path: Path) -> None:
    made = plan(tmp_path, THREE)
    assert [spec.id for spec in made] == [
        *(FrameId(frame, "a") for frame in range(24)),
        *(FrameId(frame, "b") for frame in range(30)),
        *(FrameId(frame, "c") for frame in range(24)),
    ]
    assert {spec.grows for spec in made if spec.frame == 0} == {False}
    # The cut from the castle to the ship, at 5 s of the video, grows from nothing too.
    ship = FrameId(12, "c")
    assert made[24 + 30 + 12].id == ship and not made[24 + 30 + 12].inputs
    grown = [spec for spec in made if spec.frame and spec.id != ship]
    assert all(spec.inputs == (SavedFrame(spec.frame - 1),) for spec in grown)
    assert made.shots == (
        ShotSpan("a", 24, 0),
        ShotSpan("b", 24, 24),
        ShotSpan("c", 24, 48, Fade("b", 24, 6)),
    )


def test_a_shot_sees_the_scene_at_its_own_time(tmp_path: Path) -> None:
    texts = [spec.painting.prompts[0].text for spec in plan(tmp_path, THREE)]
    assert texts == ["a castle"] * 24 + ["a tree"] * 30 + ["a castle"] * 12 + ["a ship"] * 12


def test_the_video_goes_from_shot_to_shot(tmp_path: Path) -> None:
    shown = list(shown_frames(plan(tmp_path, THREE).shots))
    assert len(shown) == 72
    assert [[one.id for one in layers] for layers in (shown[0], shown[23], shown[24])] == [
        [FrameId(0, "a")],
        [FrameId(23, "a")],
        [FrameId(0, "b")],
    ]
    fading = shown[48:54]
    assert [[one.id for one in layers] for layers in fading] == [
        [FrameId(24 + k, "b"), FrameId(k, "c")] for k in range(6)
    ]
    assert [layers[1].weight for layers in fading] == pytest.approx([k / 7 for k in range(1, 7)])
    assert all(sum(one.weight for one in layers) == pytest.approx(1) for layers in shown)
    assert [one.id for one in shown[54]] == [FrameId(6, "c")]


def test_a_plan_of_shots_is_read_from_its_json(tmp_path: Path) -> None:
    made = plan(tmp_path, THREE)
    assert Plan.from_json(json.loads(plan_to_json(made))) == made


def test_a_shot_that_continues_grows_from_the_last_frame_before(tmp_path: Path) -> None:
    made = plan(tmp_path, HEAD + "shots: [{name: a, until: 2s}, {name: b, enter: continue}]\n")
    first = made[24]
    assert first.id == FrameId(0, "b") and first.inputs == (SavedFrame(23, "a"),)
    assert first.motions == made[25].motions and first.earlier == (FrameId(23, "a"),)
    assert first.painting.sampler.skip_steps == made[25].painting.sampler.skip_steps


def test_other_prompts_of_a_shot_that_continues_have_room_to_appear(tmp_path: Path) -> None:
    shots = "shots: [{name: a, until: 2s}, {name: b, enter: continue, prompts: a tree}]\n"
    made = plan(tmp_path, HEAD + shots)
    assert made[24].painting.sampler.skip_steps == 0 and not made[24].inputs
    assert made[25].painting.sampler.skip_steps == 17


def test_a_shot_that_continues_within_a_fade_goes_on_fading(tmp_path: Path) -> None:
    """Its first frame turns as it would have in one shot: a quarter of a fade, half its way."""
    fading = HEAD.replace("5s: a ship", "1.75s: a ship, blend: 12")
    parted = "shots: [{name: a, until: 2s}, {name: b, enter: continue}]\n"
    slow = "sampler: {cross_fade: open, noise: slow, skip_steps: {first: 0, then: 45%, fade: 0}}\n"
    whole, parts = (plan(tmp_path, fading + slow + more) for more in ("", parted))
    assert [one.denoise for one in whole] == [one.denoise for one in parts]
    assert parts[24].inputs == (SavedFrame(23, "a"),)
    assert parts[24].painting.sampler.skip_steps == 6


def test_an_edit_of_the_second_of_three_leaves_the_others(tmp_path: Path) -> None:
    cut = THREE.replace(", enter: {fade: 1 beat}", "")
    before = digests(plan(tmp_path, cut))
    after = digests(plan(tmp_path, cut.replace("a tree", "a house")))
    assert before.keys() == after.keys()
    assert {frame.shot for frame in before if before[frame] != after[frame]} == {"b"}
    assert all(before[frame] != after[frame] for frame in before if frame.shot == "b")


def test_an_edit_before_a_shot_that_continues_reaches_it(tmp_path: Path) -> None:
    on = THREE.replace("{fade: 1 beat}", "continue")
    same, other = on.replace("continue", "continue, prompts: a tree"), on
    # With other prompts the shot that continues is a cut: nothing of the shot before is in it.
    for text, changed in ((same, {"b", "c"}), (other, {"b"})):
        seeds = (text, text.replace("until: 4s,", "until: 4s, seed: 9,"))
        before, after = (digests(plan(tmp_path, one)) for one in seeds)
        assert {frame.shot for frame in before if before[frame] != after[frame]} == changed


def test_a_longer_shot_keeps_what_it_had_and_what_comes_after(tmp_path: Path) -> None:
    """Its frames are counted from its own first one, and so are those of the shot behind it."""
    cut = HEAD.replace("{0s: a castle, 5s: a ship}", "a castle") + (
        "shots: [{name: a, until: 2s}, {name: b}]\n"
    )
    before, after = digests(plan(tmp_path, cut)), digests(plan(tmp_path, cut.replace("2s", "3s")))
    same = [frame for frame in before if before[frame] == after.get(frame)]
    assert len(same) == 24 + 36


def test_a_shot_with_other_models_has_a_set_of_its_own(tmp_path: Path) -> None:
    models = "models: {precision: fp32}"
    made = plan(tmp_path, HEAD + f"shots: [{{name: a, until: 2s}}, {{name: b, {models}}}]\n")
    assert set(made.networks) == {"main", "b"}
    assert {(spec.shot, spec.networks) for spec in made} == {("a", "main"), ("b", "b")}


def test_offsets_are_of_the_video_and_not_of_the_frames(tmp_path: Path) -> None:
    punch = 'offset: {zoom: "1 + 0.2 * step(fract(beat), 0.1)", y: {0s: 0, 1s: 12}}'
    still = plan(tmp_path, HEAD)
    made = plan(tmp_path, HEAD.replace("zoom: 1.01", f"zoom: 1.01, {punch}"))
    assert made.frames == still.frames and still.shots == ()
    (span,) = made.shots
    assert span.offsets[:3] == (Offset(1.2, y=0.0), Offset(y=1.0), Offset(y=2.0))
    assert len(span.offsets) == 72 and span.offset(71) == Offset(y=12.0)
    assert digests(made) == digests(still)


def test_a_pose_at_rest_is_no_pose(tmp_path: Path) -> None:
    made = plan(tmp_path, HEAD.replace("zoom: 1.01", "zoom: 1.01, offset: {zoom: 1}"))
    assert made.shots == () and ShotSpan().offset(3) == AT_REST


def test_frames_of_strength_0_are_moved_from_the_last_painted_one(tmp_path: Path) -> None:
    strength = 'sampler: {strength: "0.6 * (fract(beat) < 0.01)"}\n'
    made = plan(tmp_path, HEAD.replace("{0s: a castle, 5s: a ship}", "a castle") + strength)
    painted = [spec.frame for spec in made if spec.denoise is not None]
    assert painted == list(range(0, 72, 6))
    for spec in made.frames[1:]:
        last = (spec.frame - 1) // 6 * 6
        assert spec.inputs == (SavedFrame(last),)
        assert len(spec.motions) == spec.frame - last
    assert {made[frame].painting.sampler.skip_steps for frame in painted[1:]} == {10}


def test_a_long_hold_is_cut_into_ways_of_bounded_length(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        HEAD.replace("{0s: a castle, 5s: a ship}", "a castle")
        + ("sampler: {strength: {then: 0}}\n"),
    )
    assert made[0].denoise is not None and {spec.denoise for spec in made.frames[1:]} == {None}
    assert max(len(spec.motions) for spec in made) == MOST_MOTIONS
    origins = [spec.earlier[0].frame for spec in made.frames[1:]]
    assert sorted(set(origins)) == [0, 24, 48]


def test_strength_is_the_share_of_steps_that_is_taken(tmp_path: Path) -> None:
    head = HEAD.replace("{0s: a castle, 5s: a ship}", "a castle")
    for written, skipped in (("0.5", 13), ("1", 0), ("{then: 0.2}", 20), ("{0s: 1, end: 1}", 0)):
        made = plan(tmp_path, head + f"sampler: {{steps: 25, strength: {written}}}\n")
        assert {spec.painting.sampler.skip_steps for spec in made.frames[1:]} == {skipped}
        assert made[0].painting.sampler.skip_steps == 0


def test_the_strength_of_a_first_frame_counts_with_a_picture(tmp_path: Path) -> None:
    write_picture(tmp_path / "one.png")
    made = plan(tmp_path, HEAD + "sampler: {steps: 10, strength: 0.3, init_image: one.png}\n")
    assert made[0].painting.sampler.skip_steps == 7
    least = plan(tmp_path, HEAD + "sampler: {steps: 10, strength: {first: 0.001}}\n")
    assert least[0].painting.sampler.skip_steps == 9


def test_a_strength_that_moves_is_that_of_each_still(tmp_path: Path) -> None:
    write_picture(tmp_path / "one.png")
    head = "video: {size: [96, 64], n_batches: 4}\nprompts: a castle\n"
    moving = "{steps: 10, init_image: one.png, strength: {0: 0.2, 3: 0.8}}"
    made = plan(tmp_path, f"{head}sampler: {moving}\n")
    assert [spec.painting.sampler.skip_steps for spec in made] == [8, 6, 4, 2]


def test_a_strength_has_values_on_the_frames_of_its_shot(tmp_path: Path) -> None:
    write_picture(tmp_path / "one.png")
    strengths = {'"0.3 + 0.2 * sqrt(shot_progress)"': 7, '"1.2 - 0.02 * frame"': 2}
    for strength, skipped in strengths.items():
        own = f"sampler: {{steps: 10, init_image: one.png, strength: {strength}}}"
        shots = f"shots: [{{name: a, until: 24f}}, {{name: b, until: 48f, {own}}}, {{name: c}}]\n"
        made = plan(tmp_path, HEAD + shots)
        assert made.frames[24].painting.sampler.skip_steps == skipped


def test_a_shot_begins_and_ends_on_pictures(tmp_path: Path) -> None:
    picture = PictureFile(str(write_picture(tmp_path / "one.png")))
    made = plan(
        tmp_path,
        HEAD + "shots: [{name: a, until: 2s, start: one.png, end: {picture: one.png, over: 4}},"
        " {name: b, enter: {fade: 2}}]\n",
    )
    first, *_ = made
    assert first.inputs == (picture,) and first.denoise is None and first.motions == ()
    assert [spec.shares for spec in made.frames[:20]] == [()] * 20
    coming = made.frames[20:23]
    assert [spec.shares[1] for spec in coming] == [1 / 4, 1 / 3, 1 / 2]
    assert all(sum(spec.shares) == 1 for spec in coming)
    assert all(spec.inputs == (SavedFrame(spec.frame - 1), picture) for spec in coming)
    taken = [
        spec.painting.sampler.steps - spec.painting.sampler.skip_steps
        for spec in made.frames[19:23]
    ]
    assert taken == [round(share * taken[0]) for share in (1, 3 / 4, 2 / 4, 1 / 4)]
    for last in made.frames[23:26]:
        assert last.inputs == (picture,) and last.denoise is None and not last.shares


@pytest.mark.parametrize("inbetween", ["warp", "blend", "flow"])
def test_the_picture_on_which_a_shot_ends_rests_under_the_fade_of_the_next(
    tmp_path: Path, inbetween: str
) -> None:
    """Also where not every frame is painted."""
    picture = PictureFile(str(write_picture(tmp_path / "one.png")))
    shots = "shots: [{name: a, until: 2s, end: {picture: one.png, over: 4}}, {name: b, enter: "
    sampler = f"sampler: {{every: 4, inbetween: {inbetween}}}\n"
    made = plan(tmp_path, f"{HEAD}{sampler}{shots}{{fade: 1s}}}}]\n")
    for last in made.frames[23:36]:
        assert last.shot == "a" and last.inputs == (picture,)
        assert last.motions == () and last.denoise is None and last.between is None


def test_the_steps_of_a_loop_are_no_larger_at_its_seam(tmp_path: Path) -> None:
    (span,) = plan(tmp_path, HEAD + "loop: {fade: 6}\n").shots
    shown = list(shown_frames((span,)))
    assert [one.id.frame for one in shown[-1]] == [71]
    assert [one.id.frame for one in shown[0]] == [72, 0] and shown[0][0].weight == 1 - 1 / 7
    weights = [sum(one.weight for one in layers if one.frame < 36) for layers in shown[:7]]
    assert max(b - a for a, b in pairwise([0.0, *weights])) == pytest.approx(1 / 7)


def test_a_shot_of_one_scene_is_painted_as_the_scene(tmp_path: Path) -> None:
    """One shot over all changes the names of frames and nothing else."""
    whole = plan(tmp_path, HEAD)
    shot = plan(tmp_path, HEAD + "shots: [{name: only}]\n")
    assert tuple(replace(spec, shot="main") for spec in shot) == whole.frames


def test_as_prompts_turn_the_shot_is_remembered_less(tmp_path: Path) -> None:
    scene = """\
video: {size: [96, 64], duration: 24, fps: 12}
prompts: {0: a castle, 10: a ship, blend: 4}
camera: {mode: 2d, memory: shot}
sampler: {cross_fade: open}
"""
    made = plan(tmp_path, scene)
    shares = [spec.renewal for spec in made]
    assert shares[0] == 0 and shares[-1] == 0
    assert sum(0 < share < 1 for share in shares) > 0
    # At the turn itself a frame starts from noise: it depends on nothing that was shown.
    assert all(spec.camera.memory == "shot" for spec in made if spec.inputs)
    assert all(spec.renewal == 0 for spec in made if not spec.inputs)
    forgetful = plan(tmp_path, scene.replace("memory: shot", "memory: frame"))
    assert {spec.renewal for spec in forgetful} == {0.0}


@pytest.mark.parametrize("start", ["", "start: one.png, "])
def test_a_picture_that_comes_over_a_whole_shot_leaves_its_first_frame(
    tmp_path: Path, start: str
) -> None:
    write_picture(tmp_path / "one.png")
    write_picture(tmp_path / "two.png")
    shot = f"{{name: a, {start}end: {{picture: two.png, over: 6s}}}}"
    made = plan(tmp_path, HEAD + f"shots: [{shot}]\n")
    first, second, *_ = made
    assert first.shares == () and len(first.inputs) == bool(start)
    assert second.shares[-1] == pytest.approx(1 / 71)
    assert made.frames[-1].denoise is None

"""From which frames of a clip the frames of a video start, and what goes along with them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from pipeline.plan.key_frames import keys_of
from pipeline.plan.make import make_plan
from pipeline.plan.table import plan_table
from pipeline.plan.why import why
from pipeline.scene.load import read_scene
from pipeline.spec.camera import CameraMotion
from pipeline.spec.clip import CarrySpec, ClipFrame
from pipeline.spec.frame import FrameSpec, PictureFile, SavedFrame
from pipeline.spec.plan import Plan
from tests.media import drifting, write_clip
from tests.pipeline.scene_files import load, write, write_picture

HEAD = "video: {size: [32, 16], fps: 8, duration: clip, input: clip.mkv}\nprompts: red\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_clip(tmp_path / "clip.mkv", drifting(8, 40, 20))
    return tmp_path


def plan_of(folder: Path, text: str) -> Plan:
    return make_plan(load(folder, text))


def numbers(plan: Plan) -> list[int]:
    return [spec.clip_frames[-1].index for spec in plan]


def skipped(spec: FrameSpec) -> int:
    assert spec.denoise is not None
    return spec.denoise.sampler.skip_steps


def test_a_frame_starts_from_the_one_before_and_from_the_clip(folder: Path) -> None:
    plan = plan_of(folder, HEAD + "clip: {flow_blend: 0.75, flow_mask: 0.5}\n")
    clip = str((folder / "clip.mkv").resolve())
    assert len(plan) == 8
    assert plan[0].inputs == (ClipFrame(clip, 0),)
    assert (plan[0].shares, plan[0].carry, plan[0].blend) == ((), None, None)
    assert plan[3].inputs == (SavedFrame(2), ClipFrame(clip, 2), ClipFrame(clip, 3))
    assert (plan[3].shares, plan[3].carry) == ((0.75, 0.0, 0.25), CarrySpec(0.5))
    assert plan[3].blend == 0.75
    assert not any(spec.motions for spec in plan)
    assert plan[3].clip_frames[0].crop is None


def test_without_a_share_of_the_frame_before_it_is_the_clip_alone(folder: Path) -> None:
    plan = plan_of(folder, HEAD + "clip: {flow_blend: {0: 0.5, 4f: 0}}\n")
    assert [spec.grows for spec in plan] == [False, True, True, True] + [False] * 4
    assert [one.blend for one in plan][3:6] == [0.125, 0.0, 0.0]
    assert {skipped(spec) for spec in plan} == {17}


def test_the_first_frame_is_painted_as_the_others_unless_it_is_written(folder: Path) -> None:
    usual = plan_of(folder, HEAD)
    assert [skipped(usual[0]), skipped(usual[1])] == [17, 17]
    written = plan_of(folder, HEAD + 'sampler: {skip_steps: {first: 5, then: "60%"}}\n')
    assert [skipped(written[0]), skipped(written[1])] == [5, 15]
    strong = plan_of(folder, HEAD + "sampler: {strength: {first: 0.8}}\n")
    assert [skipped(strong[0]), skipped(strong[1])] == [5, 17]
    whole = plan_of(folder, HEAD + "sampler: {skip_steps: {first: 0, then: 10}}\n")
    assert whole[0].inputs == ()
    assert whole[0].carry is None


def test_a_preset_that_lets_prompts_out_of_noise_does_not_do_so_over_a_clip(folder: Path) -> None:
    turning = HEAD.replace("prompts: red", "prompts: {0: red, 2f: blue, 5f: green, blend: 2}")
    plan = plan_of(folder, turning)
    assert {skipped(spec) for spec in plan} == {17}
    assert all(spec.painting.crossing is None for spec in plan)


def test_a_preset_does_not_keep_a_clip_as_sharp_as_its_first_frame(folder: Path) -> None:
    assert {spec.painting.keep.sharpness for spec in plan_of(folder, HEAD)} == {None}


@pytest.mark.parametrize(
    ("video", "shown"),
    [
        ("fps: 8, duration: 8, input: clip.mkv", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("fps: 16, duration: 8, input: clip.mkv", [0, 0, 1, 1, 2, 2, 3, 3]),
        ("fps: 4, duration: clip, input: clip.mkv", [0, 2, 4, 6]),
        ("fps: 6, duration: clip, input: clip.mkv", [0, 1, 2, 4, 5, 6]),
        ("fps: 8, duration: clip, input: {file: clip.mkv, start: 0.25s}", [2, 3, 4, 5, 6, 7]),
        ("fps: 8, duration: clip, input: {file: clip.mkv, start: 0.3s}", [2, 3, 4, 5, 6, 7]),
        ("fps: 8, duration: clip, input: {file: clip.mkv, end: 0.5s}", [0, 1, 2, 3]),
        ("fps: 8, duration: clip, input: {file: clip.mkv, extract_nth: 3}", [0, 3, 6]),
        ("fps: 24, duration: 3, input: {file: clip.mkv, extract_nth: 2}", [0, 2, 4]),
        ("fps: 8, duration: 10, input: {file: clip.mkv, at_end: hold}", [*range(8), 7, 7]),
        ("fps: 8, duration: 10, input: {file: clip.mkv, at_end: loop}", [*range(8), 0, 1]),
        (
            "fps: 8, duration: 6, input: {file: clip.mkv, end: 0.5s, at_end: loop}",
            [0, 1, 2, 3, 0, 1],
        ),
        (
            "fps: 8, duration: 5, input: {file: clip.mkv, extract_nth: 3, at_end: loop}",
            [0, 3, 6, 0, 3],
        ),
    ],
)
def test_which_frame_of_the_clip_is_shown(folder: Path, video: str, shown: list[int]) -> None:
    plan = plan_of(folder, f"video: {{size: [32, 16], {video}}}\nprompts: red\n")
    assert numbers(plan) == shown


def test_shots_go_on_in_the_clip_and_have_their_own_shares(folder: Path) -> None:
    shots = (
        "shots: [{name: a, until: 3}, {name: b, until: 6, enter: continue, "
        "clip: {flow_blend: 0.3}}, {name: c}]\n"
    )
    plan = plan_of(folder, HEAD + shots)
    assert numbers(plan) == [*range(8)]
    second, third = plan[3], plan[6]
    assert second.inputs[:2] == (SavedFrame(2, "a"), ClipFrame(second.clip_frames[0].clip, 2))
    assert (second.blend, plan[1].blend) == (0.3, 0.9)
    assert third.inputs == third.clip_frames[-1:]


def test_under_a_fade_a_clip_that_is_over_holds(folder: Path) -> None:
    plan = plan_of(folder, HEAD + "loop: {fade: 2}\n")
    assert numbers(plan) == [*range(8), 7, 7]


def test_pictures_at_the_ends_of_a_shot_stay_what_they_are(folder: Path) -> None:
    write_picture(folder / "red.png")
    shots = "shots: [{name: a, start: red.png, end: {picture: red.png, over: 3}}]\n"
    plan = plan_of(folder, HEAD + shots)
    assert plan[0].inputs == (PictureFile(str((folder / "red.png").resolve())),)
    assert plan[1].carry == CarrySpec()
    assert [len(spec.inputs) for spec in plan] == [1, 3, 3, 3, 3, 4, 4, 1]
    assert plan[5].shares == pytest.approx((0.9 * 2 / 3, 0, 0.1 * 2 / 3, 1 / 3))
    assert (plan[7].carry, plan[7].shares) == (None, ())


def test_frames_that_are_not_painted_show_what_was(folder: Path) -> None:
    plan = plan_of(folder, HEAD + "sampler: {every: 3}\nclip: {flow_blend: 0.5}\n")
    assert [spec.denoise is not None for spec in plan] == [
        *(True, False, False, True, False, False, True, True)
    ]
    last = plan[2]
    assert last.inputs[0] == SavedFrame(1)
    assert [one.index for one in last.clip_frames] == [1, 2]
    assert (last.shares, last.between) == ((1.0, 0.0, 0.0), None)
    assert plan[3].inputs[0] == SavedFrame(2)
    assert plan[3].shares == (0.5, 0.0, 0.5)


def test_a_key_frame_is_painted_over_its_frame_of_the_clip(folder: Path) -> None:
    text = HEAD.replace("prompts: red", "prompts: {0: red, 5f: blue}")
    keys = list(keys_of(plan_of(folder, text)).values())
    assert [key.inputs for key in keys] == [key.clip_frames for key in keys]
    assert [key.clip_frames[0].index for key in keys] == [0, 5]
    assert all(key.carry is None and not key.shares for key in keys)


def test_tables_tell_the_clip(folder: Path) -> None:
    scene = load(folder, HEAD + "clip: {flow_blend: {0: 0.5, 4f: 0}, flow_mask: 0.25}\n")
    table = plan_table(
        make_plan(scene),
        scene.timebase,
        (0, 1, 5),
        ("video.input", "clip.flow_blend", "clip.flow_mask"),
    )
    assert [row[-3:] for row in table.rows] == [(0, None, None), (1, 0.375, 0.25), (5, 0.0, None)]


def test_a_camera_that_moves_films_the_clip(folder: Path) -> None:
    plan = plan_of(folder, HEAD + "camera: {mode: 2d, zoom: {0: 1, 4f: 1.1}}\n")
    assert plan[0].motions == ()
    assert [spec.motions[0].zoom for spec in plan.frames[1:]] == pytest.approx(
        [1.025, 1.05, 1.075, 1.1, 1.1, 1.1, 1.1]
    )
    assert {spec.camera.mode for spec in plan.frames[1:]} == {"2d"}


def test_a_camera_that_has_moved_is_where_it_was_also_without_a_share_of_what_was(
    folder: Path,
) -> None:
    text = HEAD + "camera: {mode: 2d, zoom: {0: 1.1, 2f: 1.1, 3f: 1}}\nclip: {flow_blend: 0}\n"
    plan = plan_of(folder, text)
    assert [spec.grows for spec in plan] == [False] + [True] * 7
    assert plan[6].motions == (CameraMotion(),)
    assert plan[6].shares == (0.0, 0.0, 1.0)


def test_shots_that_go_on_from_one_with_a_camera_stay_where_that_is(folder: Path) -> None:
    shots = (
        "shots: [{name: a, until: 3, camera: {mode: 2d, zoom: 1.1}}, {name: b, until: 6, "
        "enter: continue, camera: {mode: 2d}}, {name: c, camera: {mode: 2d}}]\n"
    )
    plan = plan_of(folder, HEAD + shots)
    assert [len(spec.motions) for spec in plan] == [0, 1, 1, 1, 1, 1, 0, 0]


WHY = {
    (0, "sampler.skip_steps"): (
        *(
            "sampler.skip_steps is 17 at frame 0 (0:00)",
            "skip_steps then, of frames that grow from ",
        ),
        "",
    ),
    (0, "clip.flow_mask"): (
        *("clip.flow_mask is without effect at frame 0 (0:00)", "not written; the default is 1"),
        "the frame starts from the clip alone, so nothing comes along or is kept",
    ),
    (3, "camera.zoom"): (
        *("camera.zoom is without effect at frame 3 (0:00.38)", "not written; the default is 1"),
        "over the clip the camera rests throughout this shot",
    ),
    (3, "video.input"): ("video.input is 3 at frame 3 (0:00.38)", '"clip.mkv"', ""),
}


@pytest.mark.parametrize(("frame", "name"), WHY)
def test_why_a_frame_over_a_clip_has_its_values(folder: Path, frame: int, name: str) -> None:
    read = read_scene(write(folder, HEAD))
    (answer,) = why(read, make_plan(read.scene), frame, name)
    words, reason, note = WHY[frame, name]
    assert answer.words == words
    assert answer.reasons[0].words.startswith(reason)
    assert next(iter(answer.notes), "") == note


def test_the_plan_survives_json(folder: Path) -> None:
    plan = plan_of(folder, HEAD.replace("clip.mkv", "{file: clip.mkv, crop: [0, 0, 8, 8]}"))
    again = Plan.from_json(plan.to_json())
    assert again == plan
    assert again[2].clip_frames[0].crop == (0, 0, 8, 8)
    assert again.fps == Fraction(8)


def test_an_end_is_come_to_frame_by_frame_also_where_few_are_painted(folder: Path) -> None:
    write_picture(folder / "red.png")
    shots = "shots: [{name: a, end: {picture: red.png, over: 4}}]\n"
    plan = plan_of(folder, HEAD + "sampler: {every: 4}\n" + shots)
    assert [spec.denoise is not None for spec in plan] == [
        *(True, False, False, False, True, False, False, False)
    ]
    assert [spec.shares[-1] for spec in plan.frames[4:7]] == pytest.approx([1 / 4, 1 / 3, 1 / 2])
    assert [spec.inputs[-1] for spec in plan.frames[3:5]] == [
        plan[3].clip_frames[-1],
        PictureFile(str((folder / "red.png").resolve())),
    ]

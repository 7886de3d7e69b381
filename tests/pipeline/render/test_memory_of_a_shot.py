"""`camera.memory: shot` in the frame loop: what is seen again is what was painted there first."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from pipeline.files.arrays import decode_arrays
from pipeline.files.png import Pixels, encode_png
from pipeline.render.loop import render
from pipeline.render.points import views_in, with_homes
from pipeline.spec.camera import CameraMotion, CameraSpec, DepthPictureSpec
from pipeline.spec.frame import FrameSpec, PictureFile, SavedFrame
from pipeline.spec.keeping import KeepSpec
from pipeline.spec.plan import Plan
from tests.pipeline.plans import painted, picture
from tests.pipeline.render.rendered import open_run, rendered, same, saved
from tests.pipeline.toy_networks import HEIGHT, WIDTH, RampDepth, toy_networks, toy_plan

IN, OUT = CameraMotion(translate_z=12), CameraMotion(translate_z=-12)
THERE_AND_BACK = (*(IN,) * 5, *(OUT,) * 5)
SEEN = CameraSpec(mode="3d", padding="border", memory="shot")
FLAT = CameraSpec(mode="2d", padding="border", memory="shot")


def flight(
    motions: Sequence[CameraMotion], camera: CameraSpec = SEEN, *, painted: bool = True
) -> Plan:
    """A shot that takes these motions, one a frame."""
    first, *grown = toy_plan(len(motions) + 1)
    moving = [
        replace(spec, motions=(motion,), camera=camera, denoise=spec.denoise if painted else None)
        for spec, motion in zip(grown, motions, strict=True)
    ]
    return replace(toy_plan(1), frames=(first, *moving))


def apart(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(int) - other).mean())


def test_a_path_is_flown_into_a_wall_and_a_flight_by_hand_slows_down(tmp_path: Path) -> None:
    motions = (CameraMotion(translate_z=40),) * 8
    slowed = rendered(tmp_path / "by hand", flight(motions, painted=False))
    led = rendered(tmp_path / "led", flight(motions, replace(SEEN, led=True), painted=False))
    apart_at = [apart(one, other) for one, other in zip(slowed, led, strict=True)]
    assert apart_at[:2] == [0, 0] and apart_at[-1] > 0.5


@pytest.mark.parametrize(
    ("camera", "motions"),
    [
        (SEEN, THERE_AND_BACK),
        (FLAT, (*(CameraMotion(zoom=1.1),) * 4, *(CameraMotion(zoom=1 / 1.1),) * 4)),
        (SEEN, (CameraMotion(),) * 6),
    ],
)
def test_a_camera_that_only_moves_comes_back_to_the_first_picture(
    tmp_path: Path, camera: CameraSpec, motions: Sequence[CameraMotion]
) -> None:
    frames = rendered(tmp_path / "shot", flight(motions, camera, painted=False))
    assert np.abs(frames[-1].astype(int) - frames[0]).max() <= 1


def test_a_chain_of_copies_does_not_come_back(tmp_path: Path) -> None:
    plan = flight(THERE_AND_BACK, replace(SEEN, memory="frame"), painted=False)
    frames = rendered(tmp_path, plan)
    assert apart(frames[-1], frames[0]) > 3


def test_a_render_that_was_stopped_goes_on_exactly(tmp_path: Path) -> None:
    plan = flight(THERE_AND_BACK)
    whole = rendered(tmp_path / "whole", plan)
    for stop in (1, 4, 8):
        with open_run(tmp_path / f"{stop}", plan) as run:
            list(islice(render(plan, run, {"main": toy_networks()}), stop))
        rendered(tmp_path / f"{stop}", plan)
        assert same(saved(tmp_path / f"{stop}"), whole)


def test_a_frame_that_was_lost_is_made_again_from_the_views_of_others(tmp_path: Path) -> None:
    plan = flight(THERE_AND_BACK)
    whole = rendered(tmp_path / "out", plan)
    shutil.copytree(tmp_path / "out", tmp_path / "again")
    for lost in ("frames/000006.png", "memory/000001.npz"):
        (tmp_path / "again" / lost).unlink()
    rendered(tmp_path / "again", plan)
    assert same(saved(tmp_path / "again"), whole)


def test_a_memory_holds_what_its_frame_added_and_names_the_rest(tmp_path: Path) -> None:
    rendered(tmp_path, flight(THERE_AND_BACK))
    first, second = (
        decode_arrays((tmp_path / "memory" / f"{frame:06d}.npz").read_bytes()) for frame in (1, 2)
    )
    assert "points.picture-1" in first and first["points.homes"].tolist() == [1]
    assert "points.picture-1" not in second and 1 in second["points.homes"]


def test_of_a_memory_only_the_views_are_asked_for_by_later_frames(tmp_path: Path) -> None:
    rendered(tmp_path, flight(THERE_AND_BACK))
    first, second = (
        decode_arrays((tmp_path / "memory" / f"{frame:06d}.npz").read_bytes()) for frame in (1, 2)
    )
    views = {"points.picture-1", "points.depth-1", "points.points-1"}
    assert views_in(first).keys() == views and not views_in(second)
    whole = with_homes(second, lambda home: {1: views_in(first)}[home])
    assert whole.keys() == second.keys() | views


def test_what_is_kept_is_new_where_something_comes_back_into_sight(tmp_path: Path) -> None:
    """The form that is held went out of the picture there, and is that of what is seen again."""
    aside = CameraMotion(translate_x=3), CameraMotion(translate_x=-3)
    plan = flight(aside, FLAT)
    frames = tuple(painted(s, keep=KeepSpec(follow=0.0)) if s.grows else s for s in plan)
    rendered(tmp_path, replace(plan, frames=frames))
    form = decode_arrays((tmp_path / "memory" / "000002.npz").read_bytes())["kept.form"]
    back, first = (form[0, :, :, -3:] / 65535) * 255, saved(tmp_path)[0]
    assert np.abs(back.transpose(1, 2, 0) - first[:, -3:]).max() < 2


def test_without_the_memory_of_a_shot_nothing_is_saved(tmp_path: Path) -> None:
    rendered(tmp_path, flight(THERE_AND_BACK, replace(SEEN, memory="frame")))
    assert not (tmp_path / "memory").exists()


def renewed(plan: Plan, frame: int, share: float) -> Plan:
    """The plan, on one frame of which a share of the shot holds no longer."""
    frames = [replace(s, renewal=share) if s.frame == frame else s for s in plan]
    return replace(plan, frames=tuple(frames))


def test_where_prompts_turn_the_shot_gives_way_to_the_picture_before(tmp_path: Path) -> None:
    plan = flight(THERE_AND_BACK, painted=False)
    last = [
        rendered(tmp_path / f"{share}", renewed(plan, 6, share))[-1] for share in (0.0, 0.5, 1.0)
    ]
    first = saved(tmp_path / "0.0")[0]
    near, half, far = (apart(one, first) for one in last)
    assert near < 0.1 < half < far


def test_after_a_cut_the_shot_begins_anew(tmp_path: Path) -> None:
    plan = renewed(flight(THERE_AND_BACK), 6, 1.0)
    rendered(tmp_path, plan)
    homes = [
        decode_arrays((tmp_path / "memory" / f"{frame:06d}.npz").read_bytes())["points.homes"]
        for frame in (6, 7)
    ]
    assert homes[0].tolist() == [] and homes[1].tolist() == [7]


def test_several_motions_are_one_way(tmp_path: Path) -> None:
    """A frame that is only moved shows the last painted one from further away."""
    first, second, third = flight((IN, IN), painted=False)
    far = replace(third, inputs=(SavedFrame(0),), motions=(IN, IN))
    plan = replace(toy_plan(1), frames=(first, second, far))
    (*_, twice) = rendered(tmp_path / "twice", plan)
    once = replace(second, motions=(CameraMotion(translate_z=24),))
    (*_, other) = rendered(tmp_path / "once", replace(plan, frames=(first, once)))
    assert apart(twice, other) < 0.5


def test_the_author_s_depth_is_the_space_of_the_shot(tmp_path: Path) -> None:
    file = tmp_path / "depth.png"
    file.write_bytes(encode_png(np.full((HEIGHT, WIDTH, 3), 128, np.uint8)))
    camera = replace(SEEN, depth=DepthPictureSpec(str(file)))
    depth = RampDepth()
    plan = flight(THERE_AND_BACK, camera, painted=False)
    frames = rendered(tmp_path / "out", plan, toy_networks(depth=depth))
    assert apart(frames[-1], frames[0]) < 0.1
    assert depth.asked == 0


def test_a_picture_that_is_mixed_with_another_is_none_that_the_camera_saw(tmp_path: Path) -> None:
    file = tmp_path / "end.png"
    file.write_bytes(encode_png(picture(5, WIDTH, HEIGHT)))
    plan = flight((IN, IN))

    def mixed(spec: FrameSpec) -> FrameSpec:
        inputs = (*spec.inputs, PictureFile(str(file)))
        return replace(spec, inputs=inputs, shares=(0.5, 0.5))

    frames = (plan[0], plan[1], mixed(plan[2]))
    rendered(tmp_path / "out", replace(plan, frames=frames))
    assert not (tmp_path / "out" / "memory" / "000002.npz").exists()

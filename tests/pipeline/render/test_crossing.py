"""Frames of a cross-fade go over to the picture of its new prompts, and carry it along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.camera.maps import FlatMap
from pipeline.camera.sight import unmoved
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.files.arrays import decode_arrays, encode_arrays
from pipeline.render.crossing import KeyPicture, brought_along, going_over
from pipeline.render.frame import render_frame
from pipeline.render.loop import render
from pipeline.render.memory import Memory
from pipeline.scene.motion import matrix_2d
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.denoise import Crossing
from pipeline.spec.frame import FrameSpec
from pipeline.spec.plan import Plan
from tests.pipeline.plans import painted, picture
from tests.pipeline.render.rendered import open_run, rendered, same, saved, with_each
from tests.pipeline.toy_networks import HEIGHT, WIDTH, flat, toy_networks, toy_plan

BLUE = (Prompt("blue"),)
SINCE = 2


def crossing(frame: int, last: int = 4) -> Crossing | None:
    """Even steps from the frame `SINCE` to `last`."""
    if not SINCE <= frame <= last:
        return None
    return Crossing(BLUE, SINCE, 1 / (last + 1 - frame))


def fading(count: int = 6) -> Plan:
    """A chain whose frames 2 to 4 go over to blue."""

    def with_crossing(spec: FrameSpec) -> FrameSpec:
        return painted(spec, crossing=crossing(spec.frame))

    return with_each(toy_plan(count), with_crossing)


PLAN = fading()


def never(spec: FrameSpec) -> Tensor:
    raise AssertionError("the key picture is painted once")


def test_a_frame_starts_from_a_share_of_the_key_picture() -> None:
    asked: list[FrameSpec] = []

    def paint(spec: FrameSpec) -> Tensor:
        asked.append(spec)
        return flat("blue")

    sight = unmoved(flat("red"))
    seen, key = going_over(PLAN[SINCE], sight, None, paint)
    torch.testing.assert_close(seen.picture, flat("red") * 2 / 3 + flat("blue") / 3)
    assert key is not None and np.array_equal(key.pixels, to_pixels(flat("blue")))
    (still,) = asked
    assert (still.inputs, still.painting.prompts) == ((), BLUE)
    assert still.painting.sampler.skip_steps == 0 and still.frame == SINCE
    seen, key = going_over(PLAN[4], sight, key, never)
    torch.testing.assert_close(seen.picture, flat("blue"))
    assert key is None


def test_the_picture_of_another_cross_fade_is_not_taken_for_its_own() -> None:
    earlier = KeyPicture(SINCE - 1, to_pixels(flat("green")))
    _, key = going_over(PLAN[SINCE], unmoved(flat("red")), earlier, lambda spec: flat("blue"))
    assert key is not None and np.array_equal(key.pixels, to_pixels(flat("blue")))


def test_without_a_cross_fade_there_is_none() -> None:
    earlier = KeyPicture(SINCE, to_pixels(flat("green")))
    sight = unmoved(flat("red"))
    assert going_over(PLAN[5], sight, earlier, never) == (sight, None)


def test_it_goes_with_the_camera() -> None:
    pixels = picture(3, WIDTH, HEIGHT)
    motion = CameraMotion(translate_x=2.0)
    spec = replace(PLAN[3], motions=(motion,), camera=CameraSpec(mode="2d", padding="border"))
    way = FlatMap(matrix_2d(motion, WIDTH, HEIGHT), WIDTH, HEIGHT)
    moved = brought_along(KeyPicture(SINCE, pixels), way, spec)
    assert moved is not None and np.array_equal(moved.pixels[:, 2:], pixels[:, :-2])
    still = KeyPicture(SINCE, pixels)
    assert brought_along(still, None, spec) is still and brought_along(None, way, spec) is None


def test_the_disk_gives_it_back() -> None:
    memory = Memory(key=KeyPicture(7, picture(3, WIDTH, HEIGHT)))
    back = Memory.from_arrays(decode_arrays(encode_arrays(memory.to_arrays()))).key
    assert back is not None and back.since == 7
    assert np.array_equal(back.pixels, picture(3, WIDTH, HEIGHT))


@pytest.mark.slow
def test_it_is_kept_beside_the_frames_while_the_cross_fade_lasts(tmp_path: Path) -> None:
    rendered(tmp_path, PLAN)
    keeping = [
        "key.pixels" in decode_arrays(path.read_bytes())
        for path in sorted(tmp_path.glob("memory/*.npz"))
    ]
    assert [path.stem for path in sorted(tmp_path.glob("memory/*.npz"))] == ["000002", "000003"]
    assert keeping == [True, True]


def test_at_its_end_nothing_of_the_old_picture_is_left() -> None:
    """Two pasts, one picture: the last frame starts from what is remembered alone."""
    memory = Memory(key=KeyPicture(SINCE, to_pixels(flat("blue"))))
    pasts = (picture(1, WIDTH, HEIGHT), picture(2, WIDTH, HEIGHT))
    last = replace(painted(PLAN[4], crossing=Crossing(BLUE, SINCE, 1.0)), motions=())
    one, other = (
        render_frame(last, [past], toy_networks(), lambda step: None, memory)[0] for past in pasts
    )
    assert np.array_equal(one, other)
    assert to_tensor(one)[0, 2].mean() > to_tensor(one)[0, :2].mean()


@pytest.mark.slow
def test_killed_and_continued_it_is_as_in_one_go(tmp_path: Path) -> None:
    for _ in range(len(PLAN)):
        with open_run(tmp_path / "pieces", PLAN) as run:
            frames = render(PLAN, run, {"main": toy_networks()})
            next(frames)
            frames.close()
    assert same(rendered(tmp_path / "whole", PLAN), saved(tmp_path / "pieces"))


def test_frames_that_are_only_moved_hand_it_on() -> None:
    memory = Memory(key=KeyPicture(SINCE, picture(3, WIDTH, HEIGHT)))
    spec = replace(PLAN[3], motions=(), denoise=None)
    past = [picture(1, WIDTH, HEIGHT)]
    _, after = render_frame(spec, past, toy_networks(), lambda step: None, memory)
    assert after.key is memory.key

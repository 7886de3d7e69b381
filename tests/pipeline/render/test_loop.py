"""The frame loop, in a real run directory with models in closed form."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.diffusion.steps import Step
from pipeline.errors import RunError
from pipeline.files.png import encode_png
from pipeline.render.camera_step import move
from pipeline.render.frame import render_frame
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.render.loop import render
from pipeline.render.sampling import sample
from pipeline.run import saving
from pipeline.spec.camera import CameraSpec
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Plan
from pipeline.spec.repaint import MaskFormula, RepaintSpec
from tests.pipeline.plans import painted, picture, with_depth, with_init_image
from tests.pipeline.render.guided import over
from tests.pipeline.render.rendered import PLAN, open_run, rendered, same, saved, with_each
from tests.pipeline.toy_networks import (
    CPU,
    HEIGHT,
    WIDTH,
    QuartersEncoder,
    RampDepth,
    flat,
    toy_networks,
    toy_plan,
)

TOYS = {"main": toy_networks()}


def unwatched(step: Step) -> None:
    """Shows nobody how a frame comes about."""


def test_frames_come_in_order_and_are_on_the_disk_before_they_are_seen(tmp_path: Path) -> None:
    with open_run(tmp_path, PLAN) as run:
        for number, frame in enumerate(render(PLAN, run, TOYS)):
            assert frame.spec is PLAN[number] and frame.seconds > 0
            assert frame.pixels.shape == (HEIGHT, WIDTH, 3) and frame.pixels.dtype == np.uint8
            assert run.finished == number + 1
            assert np.array_equal(saved(tmp_path)[number], frame.pixels)
    assert number == 3


def test_a_frame_is_the_saved_one_before_it_moved_and_sampled(tmp_path: Path) -> None:
    rendered(tmp_path, PLAN)
    frames, models = saved(tmp_path), toy_networks()
    for spec in PLAN.frames[1:]:
        earlier = to_tensor(frames[spec.frame - 1])
        init = move(earlier, spec.motions, spec.camera, models.depth)
        *_, last = sample(init, spec, guided_denoiser(models, spec, over(init)), CPU)
        assert np.array_equal(frames[spec.frame], to_pixels(last.x))


def test_what_is_on_the_disk_is_what_the_next_frame_grows_from(tmp_path: Path) -> None:
    """Another picture put in its place is taken over: nothing else is remembered."""
    with open_run(tmp_path, PLAN) as run:
        frames = render(PLAN, run, TOYS)
        next(frames)
        path = tmp_path / "frames" / "000000.png"
        path.write_bytes(encode_png(to_pixels(flat("blue"))))
        grown = next(frames).pixels
        frames.close()
        expected, _ = render_frame(
            PLAN[1], [run.frames.pixels(FrameId(0))], toy_networks(), unwatched
        )
    assert np.array_equal(grown, expected)
    assert not np.array_equal(grown, rendered(tmp_path / "other", toy_plan(2))[1])


def in_3d(folder: Path) -> Plan:
    return PLAN


def in_2d(folder: Path) -> Plan:
    return with_each(PLAN, lambda spec: replace(spec, camera=replace(spec.camera, mode="2d")))


def as_stills(folder: Path) -> Plan:
    return with_each(PLAN, lambda spec: replace(spec, inputs=(), motions=(), camera=CameraSpec()))


def from_a_picture(folder: Path) -> Plan:
    """Of another size than the frames."""
    path = folder / "init.png"
    path.write_bytes(encode_png(picture(5, 30, 20)))
    return with_init_image(PLAN, str(path))


def painted_afresh(folder: Path) -> Plan:
    """Holes, what grew, everything a little, and a mask."""
    repaint = RepaintSpec(1.0, 0.5, 0.1, MaskFormula("y * frame", (("frame", 0.2),)))
    return with_each(
        PLAN, lambda spec: painted(spec, repaint=repaint, discover=0.5) if spec.grows else spec
    )


def through_a_picture(folder: Path) -> Plan:
    """The camera goes to each frame through a depth of its own."""
    plan = PLAN
    for spec in PLAN.frames[1:]:
        path = folder / f"{spec.frame - 1}.png"
        path.write_bytes(encode_png(np.repeat(picture(spec.frame)[..., :1], 3, axis=2)))
        plan = with_depth(plan, spec.frame, str(path))
    return plan


@pytest.mark.parametrize(
    "kind", [in_3d, in_2d, as_stills, from_a_picture, through_a_picture, painted_afresh]
)
@pytest.mark.parametrize("stop", [1, 3])
def test_stopping_and_starting_again_changes_no_pixel(
    tmp_path: Path, kind: Callable[[Path], Plan], stop: int
) -> None:
    plan = kind(tmp_path)
    whole = rendered(tmp_path / "whole", plan)
    with open_run(tmp_path / "parts", plan) as run:
        frames = render(plan, run, TOYS)
        for _ in range(stop):
            next(frames)
        frames.close()
    rest = rendered(tmp_path / "parts", plan)
    assert same(rest, whole[stop:])
    assert same(saved(tmp_path / "parts"), whole)
    assert len({frame.tobytes() for frame in whole}) == len(plan)


def test_a_finished_render_has_nothing_to_do(tmp_path: Path) -> None:
    rendered(tmp_path, PLAN)
    encoder = QuartersEncoder()
    assert rendered(tmp_path, PLAN, toy_networks(encoder=encoder)) == []
    assert encoder.asked == []


def test_a_disk_that_is_full_loses_only_the_frame_in_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, folder = rendered(tmp_path / "whole", PLAN), tmp_path / "full"
    write = saving.write_atomically

    def full(target: Path, data: bytes, *, durable: bool = True) -> None:
        if target.name == "000002.png":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(target, data, durable=durable)

    with monkeypatch.context() as patched, open_run(folder, PLAN) as run:
        patched.setattr(saving, "write_atomically", full)
        frames = render(PLAN, run, TOYS)
        assert [next(frames).spec.frame, next(frames).spec.frame] == [0, 1]
        with pytest.raises(RunError, match="No space left on device; make room on the disk"):
            next(frames)
        assert run.finished == 2
    assert same(saved(folder), whole[:2])
    assert same(rendered(folder, PLAN), whole[2:])


def test_texts_are_encoded_once_a_plan(tmp_path: Path) -> None:
    encoder = QuartersEncoder()
    rendered(tmp_path, PLAN, toy_networks(encoder=encoder))
    assert encoder.asked == [["red"], ["green"]]


def test_depth_is_asked_once_for_each_frame_that_grows(tmp_path: Path) -> None:
    depth = RampDepth()
    rendered(tmp_path, PLAN, toy_networks(depth=depth))
    assert depth.asked == len(PLAN) - 1


def test_given_depth_takes_the_place_of_the_network(tmp_path: Path) -> None:
    depth = RampDepth()
    given = rendered(tmp_path / "a", through_a_picture(tmp_path), toy_networks(depth=depth))
    assert depth.asked == 0
    estimated = rendered(tmp_path / "b", PLAN)
    assert len(given) == len(estimated) == len(PLAN)
    assert np.array_equal(given[0], estimated[0])
    assert not any(map(np.array_equal, given[1:], estimated[1:]))

"""What is kept of a shot, in a real run directory with models in closed form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.files.arrays import decode_arrays
from pipeline.files.png import Pixels
from pipeline.render.loop import render
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.denoise import GuidanceSpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.keeping import KEEPS_NOTHING, ColourSpec, KeepSpec
from pipeline.spec.plan import Plan
from pipeline.spec.repaint import MaskFormula, RepaintSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plans import painted
from tests.pipeline.render.rendered import open_run, rendered, same, saved, with_each
from tests.pipeline.toy_networks import NO_GUIDANCE, WIDTH, toy_networks, toy_plan

EVERYTHING = KeepSpec(follow=0.1, colour=ColourSpec(0.5, follow=0.25), sharpness=0.5, let_go=0.1)
HELD = replace(NO_GUIDANCE, init_hold=StepSchedule.constant(0.8))


def keeping(keep: KeepSpec, count: int = 5, guidance: GuidanceSpec = HELD) -> Plan:
    """A chain whose frames keep what `keep` says, but for the first one, which does not grow."""

    def with_keep(spec: FrameSpec) -> FrameSpec:
        return painted(spec, guidance=guidance, keep=keep if spec.grows else KEEPS_NOTHING)

    return with_each(toy_plan(count), with_keep)


def at_rest(plan: Plan) -> Plan:
    return with_each(plan, lambda spec: replace(spec, motions=()))


def test_killed_and_continued_it_is_as_in_one_go(tmp_path: Path) -> None:
    plan = keeping(EVERYTHING)
    for _ in range(5):
        with open_run(tmp_path / "pieces", plan) as run:
            frames = render(plan, run, {"main": toy_networks()})
            next(frames)
            frames.close()
    assert same(rendered(tmp_path / "whole", plan), saved(tmp_path / "pieces"))


def test_a_frame_whose_memory_is_lost_is_rendered_again_alike(tmp_path: Path) -> None:
    plan = keeping(EVERYTHING)
    whole = rendered(tmp_path, plan)
    (memory,) = tmp_path.glob("memory/**/000002.npz")
    memory.unlink()
    assert len(rendered(tmp_path, plan)) == 1
    assert same(saved(tmp_path), whole)


def test_frames_that_are_only_moved_hand_it_on(tmp_path: Path) -> None:
    """As in a hold that is longer than one warp, after which a frame grows from a moved one."""
    plan = at_rest(keeping(KeepSpec(follow=0.0, colour=ColourSpec(0.5), sharpness=0.5)))
    plan = with_each(
        plan, lambda spec: replace(spec, denoise=None if spec.frame == 3 else spec.denoise)
    )
    rendered(tmp_path, plan)
    before, moved, after = (
        decode_arrays((tmp_path / "memory" / f"00000{frame}.npz").read_bytes())
        for frame in (2, 3, 4)
    )
    assert before.keys() == moved.keys() == after.keys() == _EVERY_PART
    for name in _EVERY_PART:
        assert np.array_equal(before[name], moved[name])
        assert np.array_equal(before[name], after[name])


_EVERY_PART = {"kept.form", "kept.colours", "kept.sharpness"}


@pytest.mark.parametrize(
    "change",
    [
        {"follow": 0.9},
        {"colour": None},
        {"colour": ColourSpec(1.0, follow=0.25)},
        {"colour": ColourSpec(0.5, "mean", follow=0.25)},
        {"colour": ColourSpec(0.5, "histogram", follow=0.25)},
        {"colour": ColourSpec(0.5)},
        {"let_go": 1.0},
    ],
    ids=lambda change: " ".join(f"{name}={value}" for name, value in change.items()),
)
def test_every_part_of_it_reaches_the_pictures(tmp_path: Path, change: dict[str, object]) -> None:
    one = rendered(tmp_path / "one", keeping(EVERYTHING))
    other = rendered(tmp_path / "other", keeping(replace(EVERYTHING, **change)))
    assert not same(one, other)


def test_sharpness_reaches_the_pictures(tmp_path: Path) -> None:
    blurring = replace(NO_GUIDANCE, tv_scale=StepSchedule.constant(2000.0))
    kept, free = (
        rendered(tmp_path / name, keeping(KeepSpec(sharpness=share), guidance=blurring))
        for name, share in (("kept", 1.0), ("free", 0.0))
    )
    assert not np.array_equal(kept[-1], free[-1])


def test_a_painter_who_pushes_does_not_get_far_from_the_first_frame(tmp_path: Path) -> None:
    """Every frame is drawn towards the colour of the prompt: held to the frame before, all the way.

    Held to the first frame they come to rest near it.
    """
    ways = {}
    for name, follow in (("first", 0.0), ("before", 1.0)):
        plan = at_rest(keeping(KeepSpec(follow=follow), count=25))
        ways[name] = [_colour(frame) for frame in rendered(tmp_path / name, plan)]
    held, drifting = (np.linalg.norm(way[-1] - way[1]) for way in ways.values())
    assert held < 0.25 * drifting
    assert np.linalg.norm(ways["first"][-1] - ways["first"][12]) < 3


def _colour(pixels: Pixels) -> np.ndarray:
    return pixels.reshape(-1, 3).astype(float).mean(axis=0)


def test_a_plan_that_keeps_nothing_leaves_no_memory(tmp_path: Path) -> None:
    rendered(tmp_path, keeping(KEEPS_NOTHING, count=2))
    assert not list(tmp_path.glob("memory/**/*.npz"))


@pytest.mark.parametrize("mask", [None, MaskFormula("x > 0.5")])
def test_where_a_frame_paints_anew_it_is_kept_as_it_was_painted(
    tmp_path: Path, mask: MaskFormula | None
) -> None:
    """What enters at an edge is filled from beside it, painted, and from then on held to that."""
    keep = KeepSpec(follow=0.0, colour=ColourSpec(0.5), afresh=1.0)
    repainting = replace(HELD, repaint=RepaintSpec(holes=1.0, mask=mask))
    aside = CameraMotion(translate_x=0.0 if mask else -4.0)
    plan = keeping(keep, count=2, guidance=repainting)
    camera = CameraSpec(mode="2d", padding="border")
    plan = with_each(plan, lambda one: replace(one, motions=(aside,), camera=camera))
    _, last = rendered(tmp_path, plan)
    kept = decode_arrays((tmp_path / "memory" / "000001.npz").read_bytes())
    form = kept["kept.form"][0].transpose(1, 2, 0) / 65535 * 255
    off = np.abs(form - last).mean(axis=(0, 2))
    anew = off[WIDTH // 2 + 1 :] if mask else off[-3:]
    assert anew.max() < 1 and off[: WIDTH // 2 - 1].min() > 2
    colours = kept["kept.colours"]
    assert np.array_equal(colours[:, -3:], last[:, -3:])

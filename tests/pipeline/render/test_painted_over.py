"""A picture that a person painted over in the middle of a shot, and what grows from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.files.png import Pixels, encode_png
from pipeline.render.frame import render_frame
from pipeline.render.loop import render
from pipeline.render.memory import Memory
from pipeline.run.adopting import adopt
from pipeline.run.editing import editing
from pipeline.run.run import Run
from pipeline.spec.between import Between
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.frame import FrameId, FrameSpec, SavedFrame
from pipeline.spec.keeping import ColourSpec, KeepSpec
from pipeline.spec.plan import Plan
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plans import NETWORKS, painted
from tests.pipeline.render.rendered import rendered, same, saved, with_each
from tests.pipeline.toy_networks import HEIGHT, NO_GUIDANCE, WIDTH, toy_networks, toy_plan

HELD = replace(NO_GUIDANCE, init_hold=StepSchedule.constant(0.9))
KEEPS = KeepSpec(follow=0.0, colour=ColourSpec(0.5), sharpness=0.5, afresh=1.0)
SEEN = CameraSpec(mode="3d", padding="border", memory="shot")


def shot() -> Plan:
    """Eight frames that go in, and hold to all that their shot has shown."""
    return with_each(
        toy_plan(8),
        lambda spec: (
            painted(
                replace(spec, motions=(CameraMotion(translate_z=2),), camera=SEEN),
                guidance=HELD,
                keep=KEEPS,
            )
            if spec.grows
            else spec
        ),
    )


def paint_over(out: Path, plan: Plan, frame: int, pixels: Pixels) -> None:
    picture = out.with_suffix(".png")
    picture.write_bytes(encode_png(pixels))
    with editing(out, plan, NETWORKS) as edited:
        adopt(edited, FrameId(frame), picture)


def go_on(out: Path, plan: Plan) -> list[Pixels]:
    """All frames, after those that no longer hold were rendered anew."""
    with Run.open(out, plan, NETWORKS, replace_stale=True) as run:
        list(render(plan, run, {"main": toy_networks()}))
    return saved(out)


def colour(pixels: Pixels) -> np.ndarray:
    return pixels.reshape(-1, 3).astype(float).mean(axis=0)


@pytest.mark.parametrize("frame", [0, 3])
def test_a_shot_keeps_to_what_was_painted_over_it(tmp_path: Path, frame: int) -> None:
    """Frames far on are much nearer to the painted picture than to what the shot was."""
    out, plan = tmp_path / "out", shot()
    before = rendered(out, plan)
    mine = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    mine[..., 2] = 230
    paint_over(out, plan, frame, mine)
    frames = go_on(out, plan)
    assert same(frames[: frame + 1], [*before[:frame], mine])
    to_mine, to_old = (
        np.linalg.norm(colour(frames[-1]) - colour(one)) for one in (mine, before[-1])
    )
    assert to_mine < 0.5 * to_old


def test_it_goes_on_exactly_after_an_interruption(tmp_path: Path) -> None:
    plan, mine = shot(), np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
    for name in ("whole", "pieces"):
        rendered(tmp_path / name, plan)
        paint_over(tmp_path / name, plan, 3, mine)
    for _ in range(4):
        with Run.open(tmp_path / "pieces", plan, NETWORKS, replace_stale=True) as run:
            frames = render(plan, run, {"main": toy_networks()})
            next(frames)
            frames.close()
    assert same(go_on(tmp_path / "whole", plan), saved(tmp_path / "pieces"))


def test_a_picture_of_the_shots_own_changes_little(tmp_path: Path) -> None:
    """A retouched speck is no other picture: what grows from it is nearly what it was."""
    out, plan = tmp_path / "out", shot()
    before = rendered(out, plan)
    retouched = before[3].copy()
    retouched[0, 0] ^= 1
    paint_over(out, plan, 3, retouched)
    after = go_on(out, plan)
    assert np.abs(after[-1].astype(int) - before[-1]).mean() < 12


def with_others_between() -> Plan:
    """The shot, of which every third frame is painted and the others lie between those."""

    def one(spec: FrameSpec) -> FrameSpec:
        last, step = spec.frame // 3 * 3, spec.frame % 3
        steps = (CameraMotion(translate_z=2),) * 3
        if step == 0:
            return replace(spec, inputs=(SavedFrame(last - 3),), motions=steps) if last else spec
        return replace(
            spec,
            inputs=(SavedFrame(last), SavedFrame(last + 3)),
            motions=steps[:step],
            denoise=None,
            between=Between(step / 3, steps[step:], SEEN),
        )

    plan = shot()
    return with_each(replace(plan, frames=plan.frames[:7]), one)


def test_frames_before_it_still_see_it_where_it_stands_in_its_shot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, plan = tmp_path / "out", with_others_between()
    rendered(out, plan)
    paint_over(out, plan, 3, np.full((HEIGHT, WIDTH, 3), 200, np.uint8))
    asked: dict[int, tuple[bool, bool]] = {}

    def noted(spec: FrameSpec, *given: Any, memory: Memory, ahead: Memory, **more: Any) -> Any:
        asked[spec.frame] = (memory.points is not None, ahead.points is not None)
        return render_frame(spec, *given, memory=memory, ahead=ahead, **more)

    monkeypatch.setattr("pipeline.render.grown.render_frame", noted)
    go_on(out, plan)
    # Frame 0 comes out of noise, and has no points.
    assert asked == {
        **dict.fromkeys((1, 2), (False, True)),
        **{6: (False, False)},
        **dict.fromkeys((4, 5), (False, True)),
    }


def test_noise_and_the_picture_of_a_cross_fade_are_none_of_it() -> None:
    everything = Memory(*"abcd")  # type: ignore[arg-type]
    left = everything.painted_over()
    assert (left.kept, left.key, left.noise, left.points) == (None, "b", "c", None)

"""Renders over a clip: the same bytes after a kill, stale by what changes, and clean at cuts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.diffusion.image import to_tensor
from pipeline.errors import RunError
from pipeline.files.clip_header import ClipError
from pipeline.plan.make import make_plan
from pipeline.render.again import compared
from pipeline.render.arrival import arrive
from pipeline.render.loop import render
from pipeline.render.memory import NOTHING
from pipeline.run.run import Run
from pipeline.run.sampling import sample
from pipeline.spec.plan import Plan
from tests.media import drifting, write_clip
from tests.pipeline.plans import NETWORKS
from tests.pipeline.render.rendered import open_run, rendered, same, saved
from tests.pipeline.scene_files import load
from tests.pipeline.toy_networks import toy_networks

HEAD = """\
video: {size: [48, 32], fps: 8, duration: clip, input: clip.mkv}
prompts: red
sampler: {steps: 5, skip_steps: {then: 3}, noise: warped, fresh_noise: 0.3}
guidance: {clip_guidance_scale: 50, cut_overview: 1, cut_innercut: 1, init_hold: 0.4}
"""
CUT = 4
"""The frame on which the clip cuts to another scene."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pictures = [*drifting(CUT, 60, 40), *drifting(4, 60, 40, seed=9)]
    write_clip(tmp_path / "clip.mkv", pictures)
    return tmp_path


def plan_of(folder: Path, text: str = HEAD) -> Plan:
    return make_plan(load(folder, text))


@pytest.mark.parametrize("camera", ["", "camera: {translate_z: 5, roll: 1}\n"], ids=["", "filmed"])
@pytest.mark.parametrize("stopped", [1, CUT, CUT + 1])
def test_a_render_that_was_stopped_goes_on_with_the_same_bytes(
    folder: Path, stopped: int, camera: str
) -> None:
    plan = plan_of(folder, HEAD + camera)
    rendered(folder / "whole", plan)
    with open_run(folder / "parts", plan) as run:
        for frame in render(plan, run, {"main": toy_networks()}):
            if frame.spec.frame == stopped:
                break
    for kept in (folder / ".clips").rglob("*.png"):
        kept.unlink()
    rendered(folder / "parts", plan)
    for one in (folder / "whole").rglob("*.*"):
        if one.suffix in (".png", ".npz"):
            assert (
                one.read_bytes()
                == (folder / "parts" / one.relative_to(folder / "whole")).read_bytes()
            )


def test_decoded_frames_lie_beside_the_render_wherever_it_was_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "here").mkdir()
    monkeypatch.chdir(folder / "here")
    rendered(Path("../out"), plan_of(folder))
    assert not list((folder / "here").iterdir())
    assert len(list((folder / ".clips").rglob("*.png"))) == 8


def test_behind_a_cut_is_what_begins_there(folder: Path) -> None:
    """With the seeds of those frames, which a shot's place in the video decides."""
    rendered(folder / "whole", plan_of(folder))
    whole = saved(folder / "whole")
    write_clip(folder / "clip.mkv", [*drifting(CUT, 60, 40, seed=5), *drifting(4, 60, 40, seed=9)])
    rendered(folder / "other", plan_of(folder))
    other = saved(folder / "other")
    assert not any(np.array_equal(*pair) for pair in zip(whole[:CUT], other[:CUT], strict=True))
    assert same(whole[CUT:], other[CUT:])


def test_frames_are_carried_along_and_not_cut_off_elsewhere(folder: Path) -> None:
    """What the first frame was reaches the last before the cut."""
    rendered(folder / "whole", plan_of(folder))
    rendered(folder / "seed", plan_of(folder, HEAD + "seed: {0: 5, 1: 0}\n"))
    whole, other = saved(folder / "whole"), saved(folder / "seed")
    changed = [not np.array_equal(*pair) for pair in zip(whole, other, strict=True)]
    assert changed == [True] * CUT + [False] * 4


def test_a_moved_frame_is_the_first_one_where_the_clip_has_brought_it(folder: Path) -> None:
    """The clip drifts by 2 pixels a frame, and nothing is painted but the first."""
    write_clip(folder / "clip.mkv", drifting(3, 96, 64))
    once = "steps: 5, strength: {first: 0.5, then: 0}"
    text = HEAD.replace("steps: 5, skip_steps: {then: 3}", once).replace("[48, 32]", "[96, 64]")
    rendered(folder / "out", plan_of(folder, text))
    first, *moved = saved(folder / "out")
    for place, picture in enumerate(moved, start=1):
        shift = 2 * place
        off = picture[8:-8, shift + 8 : -8].astype(int) - first[8:-8, 8 : -8 - shift]
        assert abs(off).mean() < 0.5


def test_another_clip_makes_frames_stale_in_words(folder: Path) -> None:
    plan = plan_of(folder)
    rendered(folder / "out", plan)
    write_clip(folder / "clip.mkv", drifting(8, 60, 40, seed=3))
    with pytest.raises(RunError) as raised:
        open_run(folder / "out", plan_of(folder))
    assert "frame 0 would change: the clip of video.input changed; 8 of 8" in str(raised.value)


def test_the_same_clip_under_another_name_changes_nothing(folder: Path) -> None:
    rendered(folder / "out", plan_of(folder))
    (folder / "clip.mkv").rename(folder / "dance.mkv")
    renamed = plan_of(folder, HEAD.replace("clip.mkv", "dance.mkv"))
    with open_run(folder / "out", renamed) as run:
        assert run.missing(renamed) == []


EDITS = {
    "start: 0.25s": "the frame of video.input was 0, is now 2",
    "crop: [0, 0, 30, 20]": "video.input.crop was none, is now [0, 0, 30, 20]",
    "fit: stretch": 'video.input.fit was "cover", is now "stretch"',
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_changed_of_the_clip_is_told(folder: Path, edit: str) -> None:
    rendered(folder / "out", plan_of(folder))
    with pytest.raises(RunError) as raised:
        open_run(
            folder / "out", plan_of(folder, HEAD.replace("clip.mkv", f"{{file: clip.mkv, {edit}}}"))
        )
    assert f"frame 0 would change: {EDITS[edit]}" in str(raised.value)


@pytest.mark.parametrize(
    ("use", "told"),
    [
        ("{flow_blend: 0.5}", "frame 1 would change: clip.flow_blend was 0.9, is now 0.5; 7 of 8"),
        ("{flow_mask: 0.5}", "frame 1 would change: clip.flow_mask was 1, is now 0.5; 7 of 8"),
        (
            "{flow_blend: {0: 0.9, 5f: 0.9, 6f: 0.8}}",
            "frame 6 would change: clip.flow_blend was 0.9,",
        ),
        (
            "{flow_blend: 0}",
            "frame 1 would change: the frame that it grows from was 0, is now none",
        ),
    ],
)
def test_what_changed_of_its_use_is_told(folder: Path, use: str, told: str) -> None:
    rendered(folder / "out", plan_of(folder))
    with pytest.raises(RunError) as raised:
        open_run(folder / "out", plan_of(folder, f"{HEAD}clip: {use}\n"))
    assert told in str(raised.value)


def test_what_moved_the_camera_is_told_before_where_that_has_brought_it(folder: Path) -> None:
    """Frames up to 3 start from noise, whatever the camera did on the way to them."""
    noise = HEAD.replace("skip_steps: {then: 3}", "strength: {0: 1, 3f: 1, 4f: 0.6}")
    noise = noise.replace("init_hold: 0.4", "init_hold: 0")
    camera = "camera: {{mode: 2d, zoom: {{0: 1.1, 1f: {zoom}, 2f: 1.1}}}}\n"
    for text, told in (
        (noise, "frame 4 would change: where the camera stands before video.input changed; 4 of 8"),
        (HEAD, "frame 1 would change: camera.zoom was 1.1, is now 1.2; 7 of 8"),
    ):
        out = folder / told[:7]
        rendered(out, plan_of(folder, text + camera.format(zoom=1.1)))
        with pytest.raises(RunError) as raised:
            open_run(out, plan_of(folder, text + camera.format(zoom=1.2)))
        assert told in str(raised.value)


def test_a_shot_that_rests_in_another_mode_sees_the_clip_from_where_the_last_one_stood(
    folder: Path,
) -> None:
    shots = (
        "shots: [{name: a, until: 4, camera: {mode: 3d, translate_x: 12}}, "
        "{name: b, enter: continue, camera: {mode: 2d}}]\n"
    )
    plan = plan_of(folder, HEAD + "clip: {flow_blend: 0}\n" + shots)
    picture = drifting(1, 48, 32)[0]
    last, later = (arrive(plan[one], [picture] * 3, toy_networks(), NOTHING) for one in (3, 6))
    assert last is not None and later is not None
    assert torch.equal(last.sight.picture, later.sight.picture)
    assert not torch.allclose(later.sight.picture, to_tensor(picture), atol=0.1)


def test_a_scene_that_gets_a_clip_is_told_so(folder: Path) -> None:
    without = HEAD.replace("duration: clip, input: clip.mkv", "duration: 8")
    rendered(folder / "out", plan_of(folder, without))
    with pytest.raises(RunError, match=r"video\.input was none, is now a clip"):
        open_run(folder / "out", plan_of(folder))


def test_a_clip_that_changes_after_it_was_hashed_is_not_rendered_from(folder: Path) -> None:
    plan = plan_of(folder)
    with open_run(folder / "out", plan) as run:
        write_clip(folder / "clip.mkv", drifting(8, 60, 40, seed=3))
        with pytest.raises(ClipError, match=r"clip\.mkv changed while it was rendered from"):
            next(render(plan, run, {"main": toy_networks()}))
        assert run.finished == 0


def test_a_clip_that_is_gone_is_told(folder: Path) -> None:
    plan = plan_of(folder)
    (folder / "clip.mkv").unlink()
    with pytest.raises(Exception, match=r"cannot read the clip .*clip\.mkv: No such file"):
        Run.open(folder / "out", plan, NETWORKS)


def test_frames_are_rendered_again_to_the_same_pixels(folder: Path) -> None:
    plan = plan_of(folder)
    rendered(folder / "out", plan)
    chosen = sample(folder / "out", plan, NETWORKS, 4)
    assert [one.most for one in compared(chosen, {"main": toy_networks()})] == [0] * 4


def test_frames_of_a_clip_alone_depend_on_no_other(folder: Path) -> None:
    text = HEAD + "clip: {flow_blend: 0}\n"
    rendered(folder / "out", plan_of(folder, text))
    rendered(folder / "seed", plan_of(folder, text + "seed: {0: 0, 3: 7, 4: 0}\n"))
    whole, other = saved(folder / "out"), saved(folder / "seed")
    changed = [not np.array_equal(*pair) for pair in zip(whole, other, strict=True)]
    assert changed == [frame == 3 for frame in range(8)]

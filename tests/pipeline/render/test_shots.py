"""Shots rendered in any order, apart, and again after an edit."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import RunError
from pipeline.files.pictures import fit, read_picture
from pipeline.files.png import decode_png, encode_png
from pipeline.plan.make import make_plan
from pipeline.render.frame import render_frame
from pipeline.render.loop import render
from pipeline.run.footage import read_footage
from pipeline.run.run import Run
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Plan
from tests.pipeline.plans import NETWORKS, picture
from tests.pipeline.scene_files import load
from tests.pipeline.toy_networks import toy_networks

HEAD = """\
video: {size: [32, 16], duration: 9}
prompts: red
camera: {mode: 2d, zoom: 1.05, memory: frame}
sampler: {steps: 4}
guidance: {clip_guidance_scale: 50, cut_overview: 1, cut_innercut: 1}
"""
# A frame is made of the one before it, and of nothing else.
PLAIN = HEAD.replace("guidance: {", "guidance: {hold_memory: 0, repaint: off, discover: 0, ")
CUTS = HEAD + "shots: [{name: a, until: 3}, {name: b, until: 6, prompts: blue}, {name: c}]\n"
FADED = CUTS.replace("prompts: blue", "prompts: blue, enter: {fade: 2}")
ON = CUTS.replace("{name: c}", "{name: c, enter: continue, prompts: blue}")


def plan_of(folder: Path, text: str) -> Plan:
    folder.mkdir(exist_ok=True)
    return make_plan(load(folder, text))


def painted(out: Path, plan: Plan, *shots: str, replace_stale: bool = False) -> list[FrameId]:
    """Render these shots, or all; which frames it were."""
    networks = {name: toy_networks() for name in plan.networks}
    prints = {name: NETWORKS["main"] for name in plan.networks}
    with Run.open(out, plan, prints, replace_stale=replace_stale) as run:
        return [frame.spec.id for frame in render(plan, run, networks, shots or None)]


def frames(out: Path) -> dict[str, bytes]:
    root = out / "frames"
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.png")}


@pytest.mark.slow
@pytest.mark.parametrize("text", [CUTS, FADED], ids=["cuts", "faded"])
def test_shots_are_the_same_bytes_in_every_order_and_apart(tmp_path: Path, text: str) -> None:
    plan = plan_of(tmp_path / "scene", text)
    painted(tmp_path / "whole", plan)
    whole = frames(tmp_path / "whole")
    assert len(whole) == len(plan)
    for place, order in enumerate(permutations("abc")):
        out = tmp_path / f"{place}"
        for name in order:
            assert {frame.shot for frame in painted(out, plan, name)} == {name}
        assert frames(out) == whole
    assert {name.split("/")[0] for name in whole} == set("abc")


def test_a_shot_that_continues_waits_for_the_one_before(tmp_path: Path) -> None:
    plan = plan_of(tmp_path / "scene", ON)
    with pytest.raises(RunError) as caught:
        painted(tmp_path / "run", plan, "c", "b", "a")
    assert str(caught.value) == (
        "frame 2 of b is not finished, and another one grows from it; render shot b first"
    )
    for name in "bca":
        painted(tmp_path / "run", plan, name)
    painted(tmp_path / "whole", plan)
    assert frames(tmp_path / "run") == frames(tmp_path / "whole")


def test_an_edit_of_the_second_of_three_paints_it_alone(tmp_path: Path) -> None:
    out = tmp_path / "run"
    painted(out, plan_of(tmp_path, CUTS))
    before = frames(out)
    edited = plan_of(tmp_path, CUTS.replace("blue", "green"))
    with pytest.raises(RunError, match=r"^frame 0 of b would change: prompts was "):
        painted(out, edited)
    assert painted(out, edited, replace_stale=True) == [FrameId(k, "b") for k in range(3)]
    after = frames(out)
    assert {name for name in before if before[name] != after[name]} == {
        f"b/{k:06d}.png" for k in range(3)
    }
    (aside,) = (out / "takes").iterdir()
    assert sorted(path.name for path in (aside / "frames" / "b").iterdir()) == [
        f"{k:06d}.png" for k in range(3)
    ]
    assert (aside / "frames" / "b" / "000001.png").read_bytes() == before["b/000001.png"]


def test_the_video_of_shots_lies_in_their_folders(tmp_path: Path) -> None:
    painted(tmp_path / "run", plan_of(tmp_path, FADED))
    footage = read_footage(tmp_path / "run")
    names = [[one.picture.parent.name for one in layers] for layers in footage.shown]
    assert names == [["a"]] * 3 + [["a", "b"]] * 2 + [["b"]] + [["c"]] * 3
    assert footage.planned == 9 and len(footage.frames) == 11


def test_a_video_reaches_as_far_as_its_shots(tmp_path: Path) -> None:
    plan, out = plan_of(tmp_path, FADED), tmp_path / "run"
    painted(out, plan, "a")
    assert [len(read_footage(out).shown), read_footage(out).planned] == [3, 9]
    painted(out, plan, "c")
    with pytest.raises(RunError) as caught:
        read_footage(out)
    assert str(caught.value) == (
        f"frame 0 of b in {out} is missing or damaged (3 of 11 are); render the scene again: it "
        "fills such gaps"
    )


def test_a_shot_begins_and_ends_on_its_pictures_exactly(tmp_path: Path) -> None:
    for name, look in (("one.png", 1), ("two.png", 2)):
        (tmp_path / name).write_bytes(encode_png(picture(look, 64, 48)))
    text = PLAIN + "shots: [{name: a, start: one.png, end: {picture: two.png, over: 4}}]\n"
    painted(tmp_path / "run", plan_of(tmp_path, text))
    shot = frames(tmp_path / "run")
    for name, file in (("a/000000.png", "one.png"), ("a/000008.png", "two.png")):
        assert np.array_equal(decode_png(shot[name]), fit(read_picture(tmp_path / file), 32, 16))
    target = decode_png(shot["a/000008.png"]).astype(float)
    away = [np.abs(decode_png(shot[f"a/{k:06d}.png"]) - target).mean() for k in range(4, 9)]
    assert away == sorted(away, reverse=True) and away[0] > 2 * away[-2]


def test_a_frame_of_strength_0_is_the_last_painted_one_moved(tmp_path: Path) -> None:
    text = PLAIN.replace("steps: 4", 'steps: 4, strength: {then: "frame % 3 == 0"}')
    painted(tmp_path / "run", plan_of(tmp_path, text))
    saved = {name: decode_png(data) for name, data in frames(tmp_path / "run").items()}
    once = replace(plan_of(tmp_path, PLAIN.replace("1.05", "1.1025"))[1], denoise=None)
    moved, _ = render_frame(once, [saved["000003.png"]], toy_networks(), pytest.fail)
    assert np.abs(moved.astype(int) - saved["000005.png"]).max() <= 1

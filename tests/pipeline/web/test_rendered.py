"""The state of a render, seen from outside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.files.png import decode_png, encode_png
from pipeline.run.directory import RunDirectory
from pipeline.run.editing import editing
from pipeline.run.redoing import redo
from pipeline.spec.frame import MAIN, FrameId
from pipeline.spec.timeline import Fade, ShotSpan
from pipeline.web.frame_picture import frame_picture
from pipeline.web.rendered import AS_IT_IS, EARLIER, MISSING, rendered, stamp_of_render
from tests.pipeline.plans import NETWORKS, chain_plan, moved, painted, picture, with_frame
from tests.pipeline.runs import contents, render


def test_frames_are_there_or_missing_and_the_rest_takes_its_time(tmp_path: Path) -> None:
    plan = chain_plan(6)
    render(tmp_path / "out", plan, range(4))
    before = contents(tmp_path / "out")
    found = rendered(tmp_path / "out", plan)
    assert found.states == (AS_IT_IS,) * 4 + (MISSING,) * 2
    assert (found.painted, found.planned, found.running, found.pace) == (4, 6, False, 0.5)
    # The first of the four takes all its steps, as none of the two that are left does.
    assert found.left == pytest.approx(1.0)
    assert found.data()["runs"] == [[AS_IT_IS, 4], [MISSING, 2]]
    assert contents(tmp_path / "out") == before


def test_an_edit_makes_a_frame_and_all_that_grow_from_it_earlier_ones(tmp_path: Path) -> None:
    plan = chain_plan(5)
    render(tmp_path / "out", plan)
    edited = with_frame(plan, moved(plan[2], zoom=1.5))
    assert rendered(tmp_path / "out", plan).left == 0
    states = rendered(tmp_path / "out", edited).states
    assert states == (AS_IT_IS, AS_IT_IS, EARLIER, EARLIER, EARLIER)


def test_redone_frames_are_those_of_the_scene(tmp_path: Path) -> None:
    plan = chain_plan(4)
    render(tmp_path, plan)
    before = stamp_of_render(tmp_path)
    with editing(tmp_path, plan, NETWORKS) as edited:
        redo(edited, plan, FrameId(2), 40)
    assert stamp_of_render(tmp_path) != before
    render(tmp_path, plan, look=50)
    assert rendered(tmp_path, plan).states == (AS_IT_IS,) * 4
    stamp = stamp_of_render(tmp_path)
    (tmp_path / "seeds.json").write_text("{")
    assert stamp_of_render(tmp_path) != stamp
    assert rendered(tmp_path, plan).states == (AS_IT_IS, AS_IT_IS, EARLIER, EARLIER)


def test_a_folder_that_is_none_or_damaged_has_no_frames(tmp_path: Path) -> None:
    plan = chain_plan(2)
    assert rendered(tmp_path / "none", plan).painted == 0
    (tmp_path / "journal.jsonl").write_text("no json\nno json\n")
    found = rendered(tmp_path, plan)
    assert (found.painted, found.left, found.pace) == (0, None, None)


def test_its_stamp_changes_with_each_frame(tmp_path: Path) -> None:
    plan = chain_plan(3)
    render(tmp_path / "out", plan, range(1))
    before = stamp_of_render(tmp_path / "out")
    assert stamp_of_render(tmp_path / "out") == before
    render(tmp_path / "out", plan, range(1, 2))
    assert stamp_of_render(tmp_path / "out") != before


def test_a_frame_is_its_picture(tmp_path: Path) -> None:
    plan = chain_plan(3)
    render(tmp_path, plan, range(2))
    data = frame_picture(tmp_path, plan, 1)
    assert data is not None and decode_png(data).shape == (6, 8, 3)
    assert data == RunDirectory(tmp_path).frame(plan[1].id).read_bytes()
    assert frame_picture(tmp_path, plan, 2) is None
    assert frame_picture(tmp_path, plan, 99) is None


def test_a_damaged_picture_is_none(tmp_path: Path) -> None:
    plan = chain_plan(2)
    render(tmp_path, plan)
    RunDirectory(tmp_path).frame(plan[1].id).unlink()
    assert frame_picture(tmp_path, plan, 1) is None


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"no picture", None])
@pytest.mark.parametrize("damaged", [FrameId(2), FrameId(0, "late")])
def test_a_fade_over_a_damaged_picture_is_none(
    tmp_path: Path, damaged: FrameId, data: bytes | None
) -> None:
    shots = (ShotSpan(MAIN, 2), ShotSpan("late", 2, first=2, fade=Fade(MAIN, start=2, frames=1)))
    plan, place = replace(chain_plan(3), shots=shots), RunDirectory(tmp_path)
    for frame in (*map(FrameId, range(3)), FrameId(0, "late"), FrameId(1, "late")):
        place.frame(frame).parent.mkdir(parents=True, exist_ok=True)
        place.frame(frame).write_bytes(encode_png(picture(frame.frame)))
    whole = frame_picture(tmp_path, plan, 2)
    assert whole is not None and decode_png(whole).shape == (6, 8, 3)
    if data is None:
        data = place.frame(damaged).read_bytes()[:-20]
    place.frame(damaged).write_bytes(data)
    assert frame_picture(tmp_path, plan, 2) is None
    assert frame_picture(tmp_path, plan, 3) is not None


def test_what_is_switched_off_makes_no_frame_an_earlier_one(tmp_path: Path) -> None:
    plan = chain_plan(3)
    render(tmp_path, plan)
    idle = with_frame(plan, painted(plan[1], rand_mag=0.5))
    assert rendered(tmp_path, idle).states == (AS_IT_IS,) * 3

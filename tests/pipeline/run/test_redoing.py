"""A frame made again with another seed, and what grows from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.files.png import encode_png
from pipeline.run.directory import RunDirectory
from pipeline.run.editing import editing
from pipeline.run.redoing import Redone, redo
from pipeline.run.run import Run
from pipeline.run.sampling import sample
from pipeline.run.seeds import read_seeds
from pipeline.run.status import read_status
from pipeline.run.takes import read_takes, restore
from pipeline.spec.between import Between
from pipeline.spec.frame import FrameId, PictureFile, SavedFrame
from pipeline.spec.plan import Plan
from pipeline.spec.platform import Platform
from tests.pipeline.plans import NETWORKS, chain_plan, painted, picture, with_frame, with_zoom
from tests.pipeline.runs import contents, missing, render
from tests.pipeline.scene_files import write_picture

PLAN = chain_plan(5)
"""Frames of seed 7, each growing from the one before."""


def redone(out: Path, frame: int, seed: int | None = None, plan: Plan = PLAN) -> Redone:
    with editing(out, plan, NETWORKS) as edited:
        return redo(edited, plan, FrameId(frame), seed)


def seeds(out: Path) -> dict[int, int]:
    return {one.frame: seed for one, seed in read_seeds(RunDirectory(out)).items()}


def test_the_frame_and_what_grows_from_it_become_a_take(tmp_path: Path) -> None:
    render(tmp_path, PLAN)
    before = contents(tmp_path / "frames")
    assert redone(tmp_path, 3, seed=40) == Redone(40, 2, tmp_path / "takes" / "001")
    assert contents(tmp_path / "takes/001/frames") == {
        name: before[name] for name in ("000003.png", "000004.png")
    }
    (take,) = read_takes(tmp_path)
    assert take.reason == "frame 3 is redone with seed 40"
    with Run.open(tmp_path, PLAN, NETWORKS) as run:
        assert [(spec.frame, spec.seed) for spec in run.missing(run.plan)] == [(3, 40), (4, 7)]


def test_the_render_goes_on_with_the_new_seed(tmp_path: Path) -> None:
    render(tmp_path, PLAN)
    redone(tmp_path, 3)
    assert render(tmp_path, PLAN, look=50) == [3, 4]
    assert missing(tmp_path, PLAN) == []
    assert seeds(tmp_path) == {3: 8}
    assert read_status(tmp_path).seeds == {FrameId(3): 8}


def test_without_a_seed_the_next_one_is_tried(tmp_path: Path) -> None:
    render(tmp_path, PLAN)
    assert redone(tmp_path, 4).seed == 8
    # Not rendered since: nothing was seen of 8 yet.
    assert redone(tmp_path, 4) == Redone(8, 0, None)
    render(tmp_path, PLAN)
    assert redone(tmp_path, 4).seed == 9


def test_the_seed_of_the_scene_needs_no_word(tmp_path: Path) -> None:
    render(tmp_path, PLAN)
    redone(tmp_path, 4, seed=1)
    render(tmp_path, PLAN)
    redone(tmp_path, 4, seed=7)
    assert seeds(tmp_path) == {}


def test_a_restored_take_has_its_seeds_back(tmp_path: Path) -> None:
    render(tmp_path, PLAN)
    first = contents(tmp_path / "frames")
    redone(tmp_path, 3, seed=1)
    render(tmp_path, PLAN, look=50)
    second = contents(tmp_path / "frames")
    restore(tmp_path, 1)
    assert missing(tmp_path, PLAN) == []
    assert (contents(tmp_path / "frames"), seeds(tmp_path)) == (first, {})
    restore(tmp_path, 2)
    assert missing(tmp_path, PLAN) == []
    assert (contents(tmp_path / "frames"), seeds(tmp_path)) == (second, {3: 1})


def test_an_edit_keeps_the_seeds_of_redone_frames(tmp_path: Path) -> None:
    render(tmp_path, PLAN)
    redone(tmp_path, 3, seed=1)
    render(tmp_path, PLAN)
    edited = with_zoom(PLAN, 2, 1.03)
    assert missing(tmp_path, edited, replace_stale=True) == [2, 3, 4]
    with Run.open(tmp_path, edited, NETWORKS) as run:
        assert [spec.seed for spec in run.plan] == [7, 7, 7, 1, 7]


def test_a_render_that_the_scene_changes_is_updated_first(tmp_path: Path) -> None:
    render(tmp_path, PLAN)
    before = contents(tmp_path)
    with pytest.raises(RunError, match=r"frame 2 would change: camera\.zoom was .* --update"):
        redone(tmp_path, 4, plan=with_zoom(PLAN, 2, 1.03))
    assert contents(tmp_path) == before


@pytest.mark.parametrize("frame", [1, 3])
def test_a_picture_that_was_painted_over_is_adopted_first(tmp_path: Path, frame: int) -> None:
    """Whether it stands before the frame that is redone, or is that frame."""
    render(tmp_path, PLAN)
    own = tmp_path / f"frames/{frame:06d}.png"
    own.write_bytes(encode_png(picture(1000)))
    before = contents(tmp_path)
    with pytest.raises(RunError) as caught:
        redone(tmp_path, 3)
    assert str(caught.value) == (
        f"the picture of frame {frame} is whole, and another one than was rendered: if you painted "
        f"over it, adopt it first; else move {own} away, and the frame is rendered again"
    )
    assert contents(tmp_path) == before
    own.rename(tmp_path / "mine.png")
    assert redone(tmp_path, 3).seed == 8


def test_a_picture_that_is_torn_is_in_nobodys_way(tmp_path: Path) -> None:
    render(tmp_path, PLAN)
    (tmp_path / "frames/000001.png").write_bytes(b"torn")
    assert redone(tmp_path, 3).seed == 8


def test_an_edit_of_what_is_idle_is_in_nobodys_way(tmp_path: Path) -> None:
    """The strength of noise in copies of prompts, of which there are none."""
    edited = replace(PLAN, frames=tuple(painted(spec, rand_mag=0.9) for spec in PLAN))
    render(tmp_path, PLAN)
    assert [spec.frame for spec in sample(tmp_path, edited, NETWORKS, 9).specs] == [0, 1, 2, 3, 4]
    assert redone(tmp_path, 3, plan=edited).aside == 2
    assert missing(tmp_path, edited) == [3, 4]


def test_the_same_seed_and_a_frame_that_is_only_moved_are_refused(tmp_path: Path) -> None:
    plan = with_frame(PLAN, replace(PLAN[4], denoise=None))
    render(tmp_path, plan)
    with pytest.raises(RunError, match="frame 3 was made with seed 7; name another one"):
        redone(tmp_path, 3, seed=7, plan=plan)
    with pytest.raises(RunError, match=r"frame 4 is only moved, .* it grows: frame 3$"):
        redone(tmp_path, 4, plan=plan)
    assert not (tmp_path / "takes").exists()


def test_a_frame_between_painted_ones_names_those_that_it_shows(tmp_path: Path) -> None:
    both = replace(
        PLAN[2], denoise=None, inputs=(SavedFrame(1), SavedFrame(3)), between=Between(share=0.5)
    )
    jumping = replace(PLAN[3], inputs=(SavedFrame(1),))
    plan = with_frame(with_frame(PLAN, both), jumping)
    render(tmp_path, plan)
    with pytest.raises(RunError, match=r"frame 2 is only moved, .* grows: frame 1 or frame 3$"):
        redone(tmp_path, 2, plan=plan)


def test_a_picture_that_a_shot_ends_on_is_told_as_such(tmp_path: Path) -> None:
    end = write_picture(tmp_path / "end.png")
    still = replace(PLAN[4], denoise=None, motions=(), inputs=(PictureFile(str(end)),))
    plan = with_frame(PLAN, still)
    render(tmp_path / "run", plan)
    with pytest.raises(RunError, match=r"frame 4 is a picture of yours, end\.png, not painted; "):
        redone(tmp_path / "run", 4, plan=plan)


def test_another_machine_is_refused_before_anything_moves(tmp_path: Path) -> None:
    here, there = Platform("cpu", 2), Platform("cpu", 1)
    with Run.open(tmp_path, PLAN, NETWORKS) as run:
        run.compute_on(here, PLAN)
        for spec in run.missing(PLAN):
            run.save(spec, picture(spec.frame), seconds=0.5)
    before = contents(tmp_path)
    with (
        pytest.raises(RunError, match="--accept-machine"),
        editing(tmp_path, PLAN, NETWORKS) as edited,
    ):
        redo(edited, PLAN, FrameId(3), 1, there)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("text", [b"torn", None])
def test_another_machine_is_refused_also_for_a_missing_frame_before_it(
    tmp_path: Path, text: bytes | None
) -> None:
    """Frame 2 has to be rendered here first, and would grow from frame 1."""
    here, there = Platform("cpu", 2), Platform("cpu", 1)
    with Run.open(tmp_path, PLAN, NETWORKS) as run:
        run.compute_on(here, PLAN)
        for spec in run.missing(PLAN):
            run.save(spec, picture(spec.frame), seconds=0.5)
    (tmp_path / "frames/000002.png").unlink()
    if text:
        (tmp_path / "frames/000002.png").write_bytes(text)
    before = contents(tmp_path)
    with (
        pytest.raises(RunError, match=r"frame 2 would grow from frame 1.*--accept-machine"),
        editing(tmp_path, PLAN, NETWORKS) as edited,
    ):
        redo(edited, PLAN, FrameId(3), 1, there)
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"frames": [{"frame": -1, "seed": 1}]}',
        '{"frames": [{"frame": 1, "seed": -1}]}',
        '{"frames": [{"frame": 1, "seed": 9223372036854775808}]}',
        '{"frames": [{"frame": 1, "seed": "x"}]}',
        '{"frames": {"a": 1}}',
    ],
)
def test_damaged_seeds_are_told_and_change_nothing(tmp_path: Path, text: str) -> None:
    render(tmp_path, PLAN)
    (tmp_path / "seeds.json").write_text(text)
    before = contents(tmp_path)
    with pytest.raises(RunError, match=r"seeds\.json is damaged: .*; delete it, and redo the"):
        missing(tmp_path, PLAN)
    assert contents(tmp_path) == before

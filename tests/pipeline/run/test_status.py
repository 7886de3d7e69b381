"""How far a render is, from what lies in its folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.run.carried import known_frames
from pipeline.run.directory import RunDirectory
from pipeline.run.journal import Journal
from pipeline.run.run import Run
from pipeline.run.status import read_status
from pipeline.spec.frame import FrameId, SavedFrame
from pipeline.spec.plan import Plan
from pipeline.spec.timeline import Fade, ShotSpan
from tests.pipeline.plans import (
    NETWORKS,
    chain_plan,
    moved,
    picture,
    with_frame,
    with_others_between,
)
from tests.pipeline.runs import contents, missing, render


def save(out: Path, plan: Plan, seconds: list[float]) -> None:
    """Save the first frames of `plan`, which took so long."""
    with Run.open(out, plan, NETWORKS) as run:
        for spec, taken in zip(plan, seconds, strict=False):
            run.save(spec, picture(spec.frame), taken)


def test_an_unfinished_render(tmp_path: Path) -> None:
    save(tmp_path, chain_plan(6), [60.0, 2.0, 3.0, 4.0])
    before = contents(tmp_path)
    found = read_status(tmp_path)
    assert (found.planned, found.saved, found.damaged) == (6, 4, ())
    assert found.following == FrameId(4)
    assert found.seconds == 3.0 and found.seconds_left == 6.0
    assert found.holder is None and found.takes == ()
    assert contents(tmp_path) == before


def test_painted_and_moved_frames_take_each_their_time(tmp_path: Path) -> None:
    """Each third frame is painted, and stands before the two that lie between it and the last."""
    plan = with_others_between(31)
    with Run.open(tmp_path, plan, NETWORKS) as run:
        for spec in run.missing(plan)[:16]:
            painting = 9.0 if spec.frame else 60.0
            run.save(spec, picture(spec.frame), painting if spec.denoise else 0.3)
    found = read_status(tmp_path)
    assert found.saved == 16
    assert found.seconds == pytest.approx((9.0 + 2 * 0.3) / 3)
    assert found.seconds_left == pytest.approx(5 * 9.0 + 10 * 0.3)


def test_a_shot_of_which_only_the_first_frame_is_painted_is_told_as_such(tmp_path: Path) -> None:
    """Beside another one, in which all are."""
    first, second = ([replace(one, shot=name) for one in chain_plan(9)] for name in "ab")
    moved_on = [replace(one, denoise=None) for one in first[1:]]
    specs = [
        replace(one, inputs=(SavedFrame(one.frame - 1, one.shot),) if one.inputs else ())
        for one in (first[0], *moved_on, *second)
    ]
    spans = ShotSpan("a", 9), ShotSpan("b", 9)
    plan = replace(chain_plan(1), frames=tuple(specs), shots=spans)
    with Run.open(tmp_path, plan, NETWORKS) as run:
        for spec in (*plan.frames[:7], *plan.frames[9:15]):
            run.save(spec, picture(spec.frame), 8.0 if spec.denoise else 0.5)
    found = read_status(tmp_path)
    assert found.seconds_left == pytest.approx(2 * 0.5 + 3 * 8.0)


def test_a_finished_one_and_one_that_has_not_begun(tmp_path: Path) -> None:
    render(tmp_path / "all", chain_plan(3))
    done = read_status(tmp_path / "all")
    assert (done.saved, done.following, done.seconds_left) == (3, None, 0.0)
    missing(tmp_path / "none", chain_plan(3))
    none = read_status(tmp_path / "none")
    assert (none.saved, none.following, none.seconds_left) == (0, FrameId(0), None)


def test_damaged_frames_come_next_and_take_their_time(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(4))
    (tmp_path / "frames" / "000001.png").write_bytes(b"x")
    (tmp_path / "frames" / "000003.png").unlink()
    found = read_status(tmp_path)
    assert found.damaged == (FrameId(1), FrameId(3)) and found.following == FrameId(1)
    assert found.saved == 2 and found.seconds_left == 1.0


def test_frames_that_were_set_aside_are_counted(tmp_path: Path) -> None:
    plan = chain_plan(4)
    render(tmp_path, plan)
    edited = with_frame(plan, moved(plan[2], roll=3.0))
    assert missing(tmp_path, edited, replace_stale=True) == [2, 3]
    (take,) = read_status(tmp_path).takes
    assert len(take.frames) == 2 and take.folder.parent == tmp_path / "takes"


def shots() -> Plan:
    """Two shots of two frames, the second over two more frames of the first."""
    plan = chain_plan(4)
    first = [replace(spec, shot="a") for spec in plan]
    second = [replace(spec, shot="b") for spec in plan[:2]]
    frames = [
        replace(spec, inputs=(SavedFrame(spec.frame - 1, spec.shot),)) if spec.inputs else spec
        for spec in (*first, *second)
    ]
    spans = (ShotSpan("a", 2), ShotSpan("b", 2, 2, Fade("a", 2, 2)))
    return replace(plan, frames=tuple(frames), shots=spans)


def test_shots_are_counted_with_what_lies_under_a_fade(tmp_path: Path) -> None:
    plan = shots()
    with Run.open(tmp_path, plan, NETWORKS) as run:
        for spec in (plan[0], plan[1], plan[4]):
            run.save(spec, picture(spec.frame), 0.5)
    found = read_status(tmp_path)
    assert [(one.name, one.planned, one.saved) for one in found.shots] == [("a", 4, 2), ("b", 2, 1)]
    assert found.following == FrameId(2, "a")


def test_one_that_is_being_rendered(tmp_path: Path) -> None:
    with Run.open(tmp_path, chain_plan(2), NETWORKS):
        holder = read_status(tmp_path).holder
    assert holder is not None and holder.alive is not False
    assert read_status(tmp_path).holder is None


def test_a_frame_that_is_saved_while_it_looks_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its looks at the folder and at the journal, whichever comes first."""
    plan, listed = chain_plan(3), RunDirectory.frame_ids
    with Run.open(tmp_path, plan, NETWORKS) as run:
        run.save(plan[0], picture(0), 1.0)

        class Read(Journal):
            def __init__(self, path: Path) -> None:
                super().__init__(path)
                save_another()

        def look(place: RunDirectory) -> set[FrameId]:
            found = listed(place)
            save_another()
            return found

        def save_another() -> None:
            monkeypatch.undo()
            run.save(plan[1], picture(1), 1.0)

        monkeypatch.setattr(RunDirectory, "frame_ids", look)
        monkeypatch.setattr("pipeline.run.carried.Journal", Read)
        known = known_frames(RunDirectory(tmp_path))
        assert set(known.records) == {FrameId(0), FrameId(1)}
        assert (known.found, known.unknown, known.fault) == ((), (), "")


def test_a_folder_that_is_no_render_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="is not a render of discoreel"):
        read_status(tmp_path)

"""Edits of values that others have switched off: no frame is rendered for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.files.png import encode_png
from pipeline.run.adopting import adopt
from pipeline.run.editing import accept, editing
from pipeline.run.journal import Journal
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.plan import Plan
from tests.pipeline.plans import (
    NETWORKS,
    chain_plan,
    moved,
    painted,
    picture,
    with_frame,
    with_zoom,
)
from tests.pipeline.runs import contents, missing, render


def each(plan: Plan, change: Callable[[FrameSpec], FrameSpec]) -> Plan:
    return replace(plan, frames=tuple(map(change, plan)))


def other_noise(spec: FrameSpec) -> FrameSpec:
    """Other noise in copies of prompts, of which there are none."""
    return painted(spec, rand_mag=0.5)


def test_an_idle_edit_renders_nothing(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(3))
    frames = contents(tmp_path / "frames")
    assert missing(tmp_path, each(chain_plan(3), other_noise)) == []
    assert contents(tmp_path / "frames") == frames
    assert not (tmp_path / "takes").exists()


def test_the_journal_says_what_the_scene_says_now(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(3))
    edited = each(chain_plan(3), other_noise)
    missing(tmp_path, edited)
    records = Journal(tmp_path / "journal.jsonl").records
    render(tmp_path / "anew", edited)
    anew = Journal(tmp_path / "anew" / "journal.jsonl").records
    assert [one.digest for one in records.values()] == [one.digest for one in anew.values()]
    assert [one.spec for one in records.values()] == [one.spec for one in anew.values()]
    # And back again, as often as anybody likes.
    assert missing(tmp_path, chain_plan(3)) == []


def test_what_is_damaged_beside_an_idle_edit_is_rendered_alone(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(3))
    (tmp_path / "frames" / "000001.png").write_bytes(b"damaged")
    edited = each(chain_plan(3), other_noise)
    assert missing(tmp_path, edited) == [1]
    assert render(tmp_path, edited) == [1]
    assert missing(tmp_path, edited) == []


def test_an_edit_beside_an_idle_one_is_told_alone_and_changes_nothing(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(4))
    before = contents(tmp_path)
    idle = each(chain_plan(4), other_noise)
    edited = with_frame(idle, moved(idle[2], zoom=1.5))
    with pytest.raises(RunError) as caught:
        missing(tmp_path, edited)
    assert str(caught.value).startswith("frame 2 would change: camera.zoom was 1.02, is now 1.5; 2")
    assert contents(tmp_path) == before
    assert missing(tmp_path, edited, replace_stale=True) == [2, 3]


def test_an_idle_value_that_wakes_up_counts(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(2))
    missing(tmp_path, each(chain_plan(2), other_noise))
    awake = each(chain_plan(2), lambda spec: painted(spec, rand_mag=0.5, fuzzy_prompt=3))
    with pytest.raises(RunError, match=r"^frame 0 would change: guidance.fuzzy_prompt was 0, is"):
        missing(tmp_path, awake)


def test_a_frame_that_its_record_does_not_tell_the_truth_of_is_not_excused(tmp_path: Path) -> None:
    """Somebody wrote other values into the journal, under the digest of those that it had."""
    render(tmp_path, chain_plan(1))
    journal = tmp_path / "journal.jsonl"
    journal.write_text(journal.read_text().replace('"seed":7', '"seed":8'))
    lied = each(each(chain_plan(1), other_noise), lambda spec: replace(spec, seed=8))
    with pytest.raises(RunError, match="frame 0 would change"):
        missing(tmp_path, lied)


def adopted(out: Path, plan: Plan, frame: int, look: int = 1000) -> None:
    """Paint over a frame, adopt it, and render what grows from it."""
    (out / f"frames/{frame:06d}.png").write_bytes(encode_png(picture(look)))
    with editing(out, plan, NETWORKS) as edited:
        adopt(edited, FrameId(frame))
    missing(out, plan, replace_stale=True)
    render(out, plan, look=50)


@pytest.mark.parametrize("others", [range(5), [0], [2], [3]])
def test_an_idle_edit_leaves_what_a_person_painted(tmp_path: Path, others: Sequence[int]) -> None:
    """Wherever it is: at the frame, before it or behind it; and back again."""
    plan = chain_plan(5)
    render(tmp_path, plan)
    adopted(tmp_path, plan, 2)
    frames = contents(tmp_path / "frames")
    edited = each(plan, lambda spec: other_noise(spec) if spec.frame in others else spec)
    for now in (edited, plan, edited):
        assert missing(tmp_path, now) == []
        assert missing(tmp_path, now, replace_stale=True) == []
    assert contents(tmp_path / "frames") == frames
    (tmp_path / "journal.jsonl").unlink()
    assert missing(tmp_path, edited) == []


def test_an_edit_beside_an_idle_one_tells_that_a_painting_goes(tmp_path: Path) -> None:
    plan = chain_plan(4)
    render(tmp_path, plan)
    adopted(tmp_path, plan, 2)
    edited = with_zoom(each(plan, other_noise), 1, 1.5)
    with pytest.raises(RunError, match="renders them anew, among them 1 frame that you painted; "):
        missing(tmp_path, edited)
    assert missing(tmp_path, edited, replace_stale=True) == [1, 2, 3]


def test_a_painting_that_is_damaged_is_not_excused_by_an_idle_edit(tmp_path: Path) -> None:
    plan = chain_plan(3)
    render(tmp_path, plan)
    adopted(tmp_path, plan, 1)
    (tmp_path / "frames/000001.png").write_bytes(b"torn")
    with pytest.raises(RunError, match="frame 1 would change"):
        missing(tmp_path, each(plan, other_noise))


def test_an_idle_edit_leaves_a_painting_that_stands_for_a_later_scene(tmp_path: Path) -> None:
    """One that was accepted after an edit, and one in the place of an accepted frame."""
    plan = chain_plan(4)
    render(tmp_path, plan)
    adopted(tmp_path, plan, 3)
    edited = with_zoom(plan, 3, 1.5)
    with editing(tmp_path, edited, NETWORKS) as held:
        assert accept(held, {FrameId(3)}, "it fits") == (FrameId(3),)
    assert missing(tmp_path, each(edited, other_noise)) == []
    again = with_zoom(plan, 2, 1.4)
    render(tmp_path / "b", plan)
    with editing(tmp_path / "b", again, NETWORKS) as held:
        accept(held, {FrameId(2)}, "it fits")
    adopted(tmp_path / "b", again, 2)
    assert missing(tmp_path / "b", each(again, other_noise)) == []

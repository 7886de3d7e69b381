"""Edits of values that others have switched off: no frame is rendered for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.run.journal import Journal
from pipeline.spec.frame import FrameSpec
from pipeline.spec.plan import Plan
from tests.pipeline.plans import chain_plan, moved, painted, with_frame
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

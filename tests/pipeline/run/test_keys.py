"""Key frames that are there, as a preview finds them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from keyframes.prompts import Prompt
from pipeline.plan.key_frames import key_plan
from pipeline.run.directory import RunDirectory
from pipeline.run.keys import keys_folder, painted_keys
from pipeline.run.seeds import write_seeds
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Plan
from tests.pipeline.plans import chain_plan, painted, with_frame
from tests.pipeline.runs import forget, missing, render

PLAN = chain_plan(3)


def paint(out: Path, plan: Plan = PLAN) -> None:
    render(keys_folder(out), key_plan(plan))


def test_what_was_painted_as_the_plan_says_is_found(tmp_path: Path) -> None:
    assert painted_keys(tmp_path, PLAN) == {}
    paint(tmp_path)
    picture = tmp_path / "keys" / "frames" / "000000.png"
    assert list(painted_keys(tmp_path, PLAN).values()) == [picture]


def test_what_an_edit_has_changed_or_a_disk_has_damaged_is_not(tmp_path: Path) -> None:
    paint(tmp_path)
    edited = with_frame(PLAN, painted(PLAN[0], prompts=(Prompt("a ship"),)))
    assert painted_keys(tmp_path, edited) == {}
    place = RunDirectory(keys_folder(tmp_path))
    place.frame(FrameId(0)).write_bytes(b"")
    assert painted_keys(tmp_path, PLAN) == {}


def test_a_redone_frame_has_its_own_seed_as_a_key_frame(tmp_path: Path) -> None:
    paint(tmp_path)
    write_seeds(RunDirectory(tmp_path), {FrameId(0): 9, FrameId(1): 8})
    assert painted_keys(tmp_path, PLAN) == {}
    redone = key_plan(with_frame(PLAN, replace(PLAN[0], seed=9)))
    missing(keys_folder(tmp_path), redone, replace_stale=True)
    render(keys_folder(tmp_path), redone)
    assert len(painted_keys(tmp_path, PLAN)) == 1
    (tmp_path / "seeds.json").write_text("?")
    assert painted_keys(tmp_path, PLAN) == {}


def test_a_journal_of_another_making_counts_as_none(tmp_path: Path) -> None:
    paint(tmp_path)
    place = RunDirectory(keys_folder(tmp_path))
    place.journal.write_text("?\n?\n", encoding="utf-8")
    assert list(painted_keys(tmp_path, PLAN).values()) == [place.frame(FrameId(0))]
    forget(place.root)
    assert painted_keys(tmp_path, PLAN) == {}


def test_a_folder_with_key_frames_alone_may_become_a_render(tmp_path: Path) -> None:
    paint(tmp_path)
    assert missing(tmp_path, PLAN) == [0, 1, 2]


def test_what_is_switched_off_does_not_count(tmp_path: Path) -> None:
    paint(tmp_path)
    idle = with_frame(PLAN, painted(PLAN[0], rand_mag=0.5))
    assert painted_keys(tmp_path, idle) == painted_keys(tmp_path, PLAN) != {}

"""Frames that an edit replaced: listed, compared with what there is now, and put back."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import Error, RunError
from pipeline.run.journal import Journal
from pipeline.run.run import Run
from pipeline.run.take_changes import ABSENT, DAMAGED, SAME, take_changes
from pipeline.run.takes import read_takes, restore
from pipeline.spec.frame import FrameId
from tests.faults import NEVER, Disk, failing
from tests.pipeline.plans import NETWORKS, chain_plan, picture, with_zoom
from tests.pipeline.runs import contents, missing, render

FIRST = chain_plan(5)
EDITED = with_zoom(FIRST, 2, 1.03)
"""Other frames from the third on."""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A render whose frames 2 to 4 were replaced after an edit; 3 and 4 are there again."""
    render(tmp_path / "out", FIRST)
    missing(tmp_path / "out", EDITED, replace_stale=True)
    render(tmp_path / "out", EDITED, frames=(2, 3), look=100)
    return tmp_path / "out"


def frames(out: Path) -> dict[str, bytes]:
    return contents(out / "frames")


def test_a_take_says_when_why_and_which(out: Path) -> None:
    (take,) = read_takes(out)
    assert (take.number, take.folder) == (1, out / "takes" / "001")
    assert take.reason == "camera.zoom was 1.02, is now 1.03"
    assert take.frames == (FrameId(2), FrameId(3), FrameId(4))
    age = datetime.now(UTC) - datetime.fromisoformat(take.made)
    assert timedelta(0) <= age < timedelta(minutes=5)


def test_takes_are_counted_on_also_where_one_is_gone_or_says_nothing(out: Path) -> None:
    missing(out, FIRST, replace_stale=True)
    shutil.rmtree(out / "takes" / "001")
    (out / "takes" / "002" / "take.json").write_text("{")
    (out / "takes" / "notes.txt").write_text("somebody's")
    render(out, FIRST)
    missing(out, EDITED, replace_stale=True)
    second, third = read_takes(out)
    assert (second.number, second.made, second.reason) == (2, "", "")
    assert (third.number, len(third.frames)) == (3, 3)


def test_a_restored_take_goes_on_with_the_scene_that_made_it(out: Path) -> None:
    edited = frames(out)
    back, replaced = restore(out, 1)
    assert back == (FrameId(2), FrameId(3), FrameId(4))
    assert replaced == out / "takes" / "002"
    assert missing(out, FIRST) == []
    with pytest.raises(RunError, match=r"^frame 2 would change: camera.zoom was 1.02"):
        missing(out, EDITED)
    old, new = read_takes(out)
    assert old.frames == back, "a take stays where it is"
    assert new.frames == (FrameId(2), FrameId(3))
    assert new.reason == "take 1 was restored in their place"
    restore(out, 2)
    assert frames(out) == {**frames(out), **edited}


def test_what_is_there_already_is_left_alone(out: Path) -> None:
    restore(out, 1)
    before = contents(out)
    assert restore(out, 1) == ((), None)
    assert contents(out) == before


def test_a_damaged_frame_of_a_take_is_not_put_back(out: Path) -> None:
    picture = out / "takes" / "001" / "frames" / "000003.png"
    picture.write_bytes(picture.read_bytes()[:-30])
    now = frames(out)["000003.png"]
    back, _ = restore(out, 1)
    assert back == (FrameId(2), FrameId(4))
    assert frames(out)["000003.png"] == now
    shutil.rmtree(out / "takes" / "001" / "frames")
    with pytest.raises(RunError, match=r"001 holds no whole frame .*; nothing was changed"):
        restore(out, 1)


def test_a_take_that_is_not_there_is_told_with_those_that_are(out: Path) -> None:
    with pytest.raises(RunError, match=r"has no take 7; its takes are: 1$"):
        restore(out, 7)
    with pytest.raises(RunError, match=r"is not a render of discoreel"):
        restore(out.parent, 1)


def test_a_render_that_is_written_is_not_touched(out: Path) -> None:
    with Run.open(out, EDITED, NETWORKS):
        before = frames(out)
        with pytest.raises(RunError, match="another render holds"):
            restore(out, 1)
        assert frames(out) == before


def test_differences_are_told_by_stretches_in_the_words_of_the_scene(out: Path) -> None:
    edited, later, gone = take_changes(out, 1)
    assert (edited.first, edited.last) == (FrameId(2), FrameId(2))
    assert edited.words == "camera.zoom was 1.02, is now 1.03"
    assert edited.levels is not None and edited.levels > 0
    assert later.words.startswith("something in the frames before it changed")
    assert (gone.first, gone.words, gone.levels) == (FrameId(4), ABSENT, None)


def test_a_frame_of_now_that_another_release_wrote_is_told(out: Path) -> None:
    journal = Journal(out / "journal.jsonl")
    frame = FrameId(2)
    journal.append(replace(journal.records[frame], spec={"lens": 35}))
    edited, later, _ = take_changes(out, 1)
    assert edited.first == edited.last == frame
    assert edited.words.startswith("another release of discoreel wrote the frame of now (")
    assert later.words.startswith("something in the frames before it changed")


def test_frames_that_were_put_back_are_as_the_take_has_them(out: Path) -> None:
    restore(out, 1)
    (all_,) = take_changes(out, 1)
    assert (all_.first, all_.last, all_.words) == (FrameId(2), FrameId(4), SAME)
    assert all_.levels == 0
    (out / "takes" / "001" / "frames" / "000003.png").write_bytes(b"?")
    assert [one.words for one in take_changes(out, 1)] == [SAME, DAMAGED, SAME]


# A restored frame is copied: the take stays whole whatever happens.
@pytest.mark.slow
@pytest.mark.parametrize(("code", "lasting"), [(errno.EIO, False), (errno.ENOSPC, True)])
def test_a_disk_that_fails_while_a_take_is_restored_loses_no_picture(
    out: Path, tmp_path: Path, code: int, lasting: bool
) -> None:
    wanted = contents(out / "takes" / "001" / "frames")
    old = {data for name, data in contents(out).items() if name.endswith(".png")}
    here, first, reached = tmp_path / "here", 0, True
    while reached:
        first += 1
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(out, here)
        disk = Disk(here, first, code, lasting)
        with failing(disk):
            try:
                restore(here, 1)
            except Error:
                assert disk.has_failed
        reached = disk.has_failed
        note = f"at operation {first} of {disk.done}"
        with failing(Disk(here, NEVER)):
            restore(here, 1)
        assert missing(here, FIRST) == [], note
        found = contents(here)
        assert {name: found[f"frames/{name}"] for name in wanted} == wanted, note
        assert old <= {data for name, data in found.items() if name.endswith(".png")}, note
    assert first > 40, "there are not so few"


def test_the_pictures_of_steps_come_back_with_their_frame(tmp_path: Path) -> None:
    """A finished frame never makes them again."""
    with Run.open(tmp_path, FIRST, NETWORKS) as run:
        run.save_intermediate(FIRST[2], 5, picture(20))
    render(tmp_path, FIRST)
    steps = contents(tmp_path / "intermediate")
    missing(tmp_path, EDITED, replace_stale=True)
    assert contents(tmp_path / "intermediate") == {}
    restore(tmp_path, 1)
    assert contents(tmp_path / "intermediate") == steps


def test_a_take_that_was_begun_and_is_empty_is_begun_again(tmp_path: Path) -> None:
    render(tmp_path, FIRST)
    (tmp_path / "takes" / "001" / "scene").mkdir(parents=True)
    missing(tmp_path, EDITED, replace_stale=True)
    assert [(one.number, len(one.frames)) for one in read_takes(tmp_path)] == [(1, 3)]


def test_a_take_whose_journal_cannot_be_read_is_left_alone(out: Path) -> None:
    (out / "takes" / "001" / "journal.jsonl").write_text("?\n?\n", encoding="utf-8")
    missing(out, FIRST, replace_stale=True)
    assert [(one.number, len(one.frames)) for one in read_takes(out)] == [(1, 3), (2, 2)]


def test_a_frame_that_came_back_goes_to_a_take_of_its_own(out: Path) -> None:
    restore(out, 1)
    missing(out, EDITED, replace_stale=True)
    assert [len(one.frames) for one in read_takes(out)] == [3, 2, 3]


def test_a_take_is_complete_also_where_a_frame_that_came_back_is_gone_again(
    tmp_path: Path,
) -> None:
    """It is not taken for one that a process left half moved: nothing in it is replaced."""
    with Run.open(tmp_path, FIRST, NETWORKS) as run:
        for frame in (2, 3, 4):
            run.save_intermediate(FIRST[frame], 5, picture(20 + frame))
    render(tmp_path, FIRST)
    missing(tmp_path, EDITED, replace_stale=True)
    restore(tmp_path, 1)
    take = contents(tmp_path / "takes" / "001")
    (tmp_path / "frames" / "000002.png").unlink()
    with Run.open(tmp_path, FIRST, NETWORKS) as run:
        assert run.set_aside is not None, "the steps of the frame that is gone"
    render(tmp_path, FIRST, look=100)
    missing(tmp_path, EDITED, replace_stale=True)
    assert contents(tmp_path / "takes" / "001") == take
    assert [len(one.frames) for one in read_takes(tmp_path)] == [3, 0, 3]


def test_takes_that_cannot_be_listed_are_not_written_over(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(out / "takes")

    def refuse(_: Path) -> list[Path]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("pipeline.run.take_folders.listed", refuse)
    with pytest.raises(RunError, match="Permission denied"):
        missing(out, FIRST, replace_stale=True)
    assert contents(out / "takes") == before

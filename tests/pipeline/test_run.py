"""Runs: what holds, what is rendered again, and that nothing is lost whatever happens."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import RunError
from pipeline.journal import Journal
from pipeline.png import decode_png
from pipeline.run import Run
from pipeline.spec import Plan
from tests.pipeline.plans import HEIGHT, MODELS, WIDTH, chain_plan, picture, with_zoom


def render(out: Path, plan: Plan, frames: Iterable[int] | None = None, look: int = 0) -> list[int]:
    """Save pictures for what is missing (or `frames`); other `look`s are other pictures."""
    with Run.open(out, plan, MODELS) as run:
        missing = [spec for spec in run.missing(plan) if frames is None or spec.frame in frames]
        for spec in missing:
            run.save(spec, picture(spec.frame + look), seconds=0.5)
        return [spec.frame for spec in missing]


def missing(out: Path, plan: Plan, *, replace_stale: bool = False) -> list[int]:
    with Run.open(out, plan, MODELS, replace_stale=replace_stale) as run:
        return [spec.frame for spec in run.missing(plan)]


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def message(caught: pytest.ExceptionInfo[RunError]) -> str:
    return str(caught.value)


def set_aside(out: Path) -> Path:
    (folder,) = (out / "stale").iterdir()
    assert re.fullmatch(r"\d{8}T\d{6}Z(-\d+)?", folder.name)
    return folder


# ---------------------------------------------------------------------------- the plain course


def test_a_new_run_lacks_every_frame_and_then_none(tmp_path: Path) -> None:
    out, plan = tmp_path / "renders" / "pulse", chain_plan(3)
    assert render(out, plan) == [0, 1, 2]
    assert missing(out, plan) == []
    assert sorted(contents(out)) == [
        "frames/000000.png",
        "frames/000001.png",
        "frames/000002.png",
        "journal.jsonl",
        "run.json",
    ]


def test_a_run_continues_after_the_last_saved_frame(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(5), frames=[0, 1])
    with Run.open(tmp_path, chain_plan(5), MODELS) as run:
        assert run.finished == 2
        assert [spec.frame for spec in run.missing(chain_plan(5))] == [2, 3, 4]
        assert [path.name for path in run.frame_files()] == ["000000.png", "000001.png"]


def test_previous_is_the_saved_picture(tmp_path: Path) -> None:
    plan = chain_plan(3)
    with Run.open(tmp_path, plan, MODELS) as run:
        run.save(plan[0], picture(0), 0.1)
        np.testing.assert_array_equal(run.previous(plan[1]), picture(0))
        with pytest.raises(RunError, match=r"^frame 2 grows from frame 1, which is not finished; "):
            run.previous(plan[2])
        with pytest.raises(ValueError, match=r"^frame 0 grows from no other frame$"):
            run.previous(plan[0])


def test_save_refuses_pixels_of_another_size(tmp_path: Path) -> None:
    plan = chain_plan(1)
    with Run.open(tmp_path, plan, MODELS) as run:
        with pytest.raises(ValueError) as caught:
            run.save(plan[0], picture(0, width=9), 0.1)
        assert str(caught.value) == ("frame 0 is 8x6 pixels, found shape (6, 9, 3)")
    assert missing(tmp_path, plan) == [0]


def test_the_journal_tells_what_a_frame_is_made_of(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(2))
    record = Journal(tmp_path / "journal.jsonl").records[1]
    assert record.seconds == 0.5
    assert record.spec["camera"]["zoom"] == 1.02
    assert dict(record.fingerprints) == MODELS


def test_progress_is_one_picture(tmp_path: Path) -> None:
    with Run.open(tmp_path, chain_plan(1), MODELS) as run:
        for look in (1, 2):
            run.show_progress(picture(look))
    shown = decode_png((tmp_path / "progress.png").read_bytes())
    np.testing.assert_array_equal(shown, picture(2))


def keep_step(out: Path, plan: Plan, frame: int, step: int, look: int = 0) -> None:
    with Run.open(out, plan, MODELS, replace_stale=True) as run:
        run.save_intermediate(plan[frame], step, picture(frame + look))


def test_pictures_of_steps_lie_beside_the_frames(tmp_path: Path) -> None:
    keep_step(tmp_path, chain_plan(2), frame=1, step=40)
    keep_step(tmp_path, chain_plan(2), frame=1, step=250)
    names = ["intermediate/000001/step-040.png", "intermediate/000001/step-250.png"]
    assert [name for name in sorted(contents(tmp_path)) if "step" in name] == names
    assert np.array_equal(decode_png((tmp_path / names[0]).read_bytes()), picture(1))


def test_a_frame_that_is_rendered_again_finds_the_pictures_of_its_steps(tmp_path: Path) -> None:
    """An interrupted frame begins anew, and its steps come out as they did."""
    keep_step(tmp_path, chain_plan(2), frame=1, step=40)
    before = contents(tmp_path / "intermediate")
    keep_step(tmp_path, chain_plan(2), frame=1, step=40)
    assert contents(tmp_path / "intermediate") == before
    assert not (tmp_path / "stale").exists()


def test_another_picture_of_a_step_overwrites_nothing(tmp_path: Path) -> None:
    """As after an edit of the scene, when the frame was still in work."""
    keep_step(tmp_path, chain_plan(2), frame=1, step=40)
    keep_step(tmp_path, chain_plan(2), frame=1, step=80)
    old = contents(tmp_path / "intermediate")
    keep_step(tmp_path, chain_plan(2), frame=1, step=40, look=9)
    assert contents(set_aside(tmp_path) / "intermediate") == old
    (new,) = contents(tmp_path / "intermediate").values()
    assert np.array_equal(decode_png(new), picture(10))


def test_frames_that_no_longer_hold_take_the_pictures_of_their_steps_along(tmp_path: Path) -> None:
    plan = chain_plan(3)
    for frame in range(3):
        keep_step(tmp_path, plan, frame, step=40)
    render(tmp_path, plan)
    old = contents(tmp_path / "intermediate")
    assert missing(tmp_path, with_zoom(plan, 1, 1.5), replace_stale=True) == [1, 2]
    assert list(contents(tmp_path / "intermediate")) == ["000000/step-040.png"]
    moved = contents(set_aside(tmp_path) / "intermediate")
    assert moved == {name: data for name, data in old.items() if not name.startswith("000000")}


def test_half_a_picture_of_a_step_is_removed(tmp_path: Path) -> None:
    keep_step(tmp_path, chain_plan(1), frame=0, step=40)
    (tmp_path / "intermediate" / "000000" / ".step-080.part.png").write_bytes(b"half")
    assert missing(tmp_path, chain_plan(1)) == [0]
    assert list(contents(tmp_path / "intermediate")) == ["000000/step-040.png"]


def test_another_frame_rate_keeps_the_frames(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(2))
    assert missing(tmp_path, replace(chain_plan(2), fps=Fraction(12))) == []
    assert Run.read(tmp_path).fps == Fraction(12)


# -------------------------------------------------------------------------- edits of the scene


def test_an_edit_is_refused_by_name_and_changes_nothing(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(6))
    before = contents(tmp_path)
    with pytest.raises(RunError) as caught:
        missing(tmp_path, with_zoom(chain_plan(6), 2, 1.03))
    assert message(caught) == (
        "frame 2 would change: camera.zoom was 1.02, is now 1.03; 4 of 6 finished frames in "
        f"{tmp_path} no longer hold. --replace moves the old frames to stale/ and renders them "
        "anew; another --out keeps them where they are"
    )
    assert contents(tmp_path) == before
    assert missing(tmp_path, chain_plan(6)) == []


def test_replace_moves_old_frames_and_their_journal_lines_aside(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(6))
    before = contents(tmp_path)
    edited = with_zoom(chain_plan(6), 2, 1.03)
    assert missing(tmp_path, edited, replace_stale=True) == [2, 3, 4, 5]
    folder = set_aside(tmp_path)
    for frame in range(2, 6):
        assert (folder / f"{frame:06d}.png").read_bytes() == before[f"frames/{frame:06d}.png"]
    assert sorted(Journal(folder / "journal.jsonl").records) == [2, 3, 4, 5]
    assert sorted(Journal(tmp_path / "journal.jsonl").records) == [0, 1]
    assert render(tmp_path, edited, look=100) == [2, 3, 4, 5]
    assert missing(tmp_path, edited) == []


def test_replacing_twice_keeps_both(tmp_path: Path) -> None:
    for look, zoom in enumerate((1.1, 1.2, 1.3)):
        plan = with_zoom(chain_plan(2), 1, zoom)
        missing(tmp_path, plan, replace_stale=True)
        render(tmp_path, plan, look=look * 10)
    assert len(list((tmp_path / "stale").iterdir())) == 2


def test_another_model_is_named(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(2))
    with pytest.raises(RunError) as caught:
        Run.open(tmp_path, chain_plan(2), MODELS | {"depth": "f" * 64})
    assert message(caught).startswith(
        'frame 0 would change: fingerprints.depth was "eeeeeeeeeeee", is now "ffffffffffff"; '
        "2 of 2 finished frames in "
    )


def test_an_edit_before_the_first_journaled_frame_is_explained(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(3))
    (tmp_path / "frames" / "000000.png").unlink()
    missing(tmp_path, chain_plan(3))
    with pytest.raises(RunError) as caught:
        missing(tmp_path, with_zoom(chain_plan(3), 0, 1.5))
    assert message(caught).startswith(
        "frame 1 would change: something in the frames before it changed, or discoreel did "
        "(discoreel-frame-2 now); 2 of 2 finished frames in "
    )


def test_a_longer_plan_continues(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(2))
    assert missing(tmp_path, chain_plan(4)) == [2, 3]


def test_a_shorter_plan_leaves_the_rest_where_it_is(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(4))
    assert missing(tmp_path, chain_plan(2)) == []
    assert len(Run.read(tmp_path).frames) == 2
    assert missing(tmp_path, chain_plan(4)) == []


def test_a_shorter_plan_moves_the_rest_aside_if_asked(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(4))
    assert missing(tmp_path, chain_plan(2), replace_stale=True) == []
    names = sorted(path.name for path in set_aside(tmp_path).iterdir())
    assert names == ["000002.png", "000003.png", "journal.jsonl"]


# ------------------------------------------------------------------------- damage and accidents


def test_a_damaged_frame_is_kept_aside_and_rendered_again(tmp_path: Path) -> None:
    plan = chain_plan(4)
    render(tmp_path, plan)
    frame = tmp_path / "frames" / "000002.png"
    data = bytearray(frame.read_bytes())
    data[len(data) // 2] ^= 1
    frame.write_bytes(data)
    with Run.open(tmp_path, plan, MODELS) as run:
        assert run.damaged == (2,)
        assert [spec.frame for spec in run.missing(plan)] == [2]
        assert run.set_aside == set_aside(tmp_path)
        run.save(plan[2], picture(2), 0.5)
    assert (set_aside(tmp_path) / "000002.png").read_bytes() == data
    assert missing(tmp_path, plan) == []


def test_a_deleted_frame_is_rendered_again(tmp_path: Path) -> None:
    plan = chain_plan(3)
    render(tmp_path, plan)
    (tmp_path / "frames" / "000001.png").unlink()
    with Run.open(tmp_path, plan, MODELS) as run:
        assert (run.damaged, run.set_aside) == ((1,), None)
        assert [spec.frame for spec in run.missing(plan)] == [1]
    assert not (tmp_path / "stale").exists()


def test_a_picture_without_a_journal_line_is_moved_aside(tmp_path: Path) -> None:
    plan = chain_plan(2)
    render(tmp_path, plan, frames=[0])
    (tmp_path / "frames" / "000001.png").write_bytes(b"somebody's")
    assert missing(tmp_path, plan) == [1]
    assert (set_aside(tmp_path) / "000001.png").read_bytes() == b"somebody's"


class Killed(BaseException):
    """Stands for the end of the process at this call."""


@pytest.mark.parametrize("step", range(6))
def test_a_process_killed_at_any_step_of_a_save_costs_that_frame_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    plan, calls = chain_plan(3), 0
    render(tmp_path, plan, frames=[0])

    def dying(call: object) -> object:
        def run(*arguments: object) -> object:
            nonlocal calls
            calls += 1
            if calls > step:
                raise Killed
            return call(*arguments)  # type: ignore[operator]

        return run

    with Run.open(tmp_path, plan, MODELS) as run, monkeypatch.context() as patch:
        # A dead process cleans nothing up either.
        for name in ("fsync", "replace", "truncate"):
            patch.setattr(os, name, dying(getattr(os, name)))
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        try:
            run.save(plan[1], picture(1), 0.5)
        except Killed:
            finished = False
        else:
            finished = True
    assert finished == (step >= 4), "fsync, replace, fsync of the name, fsync of the journal"
    left = missing(tmp_path, plan)
    assert left in ([1, 2], [2])
    assert left == [2] or not finished
    assert render(tmp_path, plan) == left
    assert sorted(path.name for path in (tmp_path / "frames").iterdir()) == [
        "000000.png",
        "000001.png",
        "000002.png",
    ]
    for frame in range(3):
        saved = decode_png((tmp_path / "frames" / f"{frame:06d}.png").read_bytes())
        np.testing.assert_array_equal(saved, picture(frame))


@pytest.mark.parametrize("step", range(7))
def test_a_process_killed_while_it_moves_frames_aside_loses_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    render(tmp_path, chain_plan(4))
    old = {path.read_bytes() for path in (tmp_path / "frames").iterdir()}
    edited, renames, rename = with_zoom(chain_plan(4), 1, 1.5), 0, os.replace

    def dying(*arguments: Path) -> None:
        nonlocal renames
        renames += 1
        if renames > step:
            raise Killed
        rename(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", dying)
        try:
            Run.open(tmp_path, edited, MODELS, replace_stale=True).close()
        except Killed:
            assert step < 6
        else:
            assert step == 6, "stale journal, three pictures, journal, run.json"
    assert missing(tmp_path, edited, replace_stale=True) == [1, 2, 3]
    assert {path.read_bytes() for path in tmp_path.rglob("0*.png")} == old


def test_a_torn_journal_costs_its_last_frame_and_no_picture(tmp_path: Path) -> None:
    plan = chain_plan(3)
    render(tmp_path, plan)
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-20])
    old = (tmp_path / "frames" / "000002.png").read_bytes()
    assert missing(tmp_path, plan) == [2]
    assert (set_aside(tmp_path) / "000002.png").read_bytes() == old


def test_a_full_disk_is_told_in_words_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = chain_plan(1)

    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with Run.open(tmp_path, plan, MODELS) as run:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", refuse)
            with pytest.raises(RunError) as caught:
                run.save(plan[0], picture(0), 0.5)
        assert message(caught) == (
            f"cannot write {tmp_path}/frames/000000.png: No space left on device; "
            "make room on the disk; the same command continues"
        )
        assert list((tmp_path / "frames").iterdir()) == []
        run.save(plan[0], picture(0), 0.5)
    assert missing(tmp_path, plan) == []


def test_what_a_killed_render_left_half_written_is_removed(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(2))
    (tmp_path / "frames" / ".000001.part.png").write_bytes(b"half")
    (tmp_path / "frames" / ".somebody.png").write_bytes(b"theirs")
    assert missing(tmp_path, chain_plan(2)) == []
    names = sorted(path.name for path in (tmp_path / "frames").iterdir())
    assert names == [".somebody.png", "000000.png", "000001.png"]


# ------------------------------------------------------------------ directories that do not fit


def test_a_directory_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    out = tmp_path / "file" / "run"
    with pytest.raises(RunError) as caught:
        Run.open(out, chain_plan(1), MODELS)
    assert message(caught) == (
        f"cannot write {out}: Not a directory; name a directory that you may write to with --out"
    )


def test_a_file_is_no_run(tmp_path: Path) -> None:
    out = tmp_path / "file"
    out.write_text("x")
    with pytest.raises(RunError) as caught:
        Run.open(out, chain_plan(1), MODELS)
    assert message(caught) == (
        f"{out} is a file; frames need a directory: name another one with --out"
    )


def test_a_directory_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(RunError) as caught:
        Run.open(tmp_path, chain_plan(1), MODELS)
    assert message(caught) == (
        f"{tmp_path} is not a render of discoreel: it has no run.json, and it holds thesis.txt; "
        "name a new or empty directory with --out"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_empty_directory_becomes_a_run(tmp_path: Path) -> None:
    assert missing(tmp_path, chain_plan(1)) == [0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot read "),
        ('{"title": "x"}', "cannot read "),
        ('{"format": 1}', "title: the field is missing"),
        ('{"format": 2}', "has the format 2, this release reads 1; use the release that wrote it"),
    ],
)
def test_a_run_json_that_is_not_ours_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(RunError, match=re.escape(words)):
        Run.open(tmp_path, chain_plan(1), MODELS)
    assert (tmp_path / "run.json").read_text() == text


def test_a_second_process_is_turned_away(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from pipeline.run import Run; from tests.pipeline.plans import MODELS, chain_plan\n"
        "with Run.open(Path(sys.argv[1]), chain_plan(1), MODELS):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        for _ in range(2):
            with pytest.raises(RunError) as caught:
                Run.open(tmp_path, chain_plan(1), MODELS)
            assert re.fullmatch(
                rf"another render holds {tmp_path} \(pid {other.pid} on \S+\); wait for it or "
                "stop it, then give the same command again",
                message(caught),
            )
    assert missing(tmp_path, chain_plan(1)) == [0]


def test_a_run_that_is_closed_can_be_opened_again(tmp_path: Path) -> None:
    for _ in range(2):
        Run.open(tmp_path, chain_plan(1), MODELS).close()
    assert not (tmp_path / ".holder").exists()


def test_an_opening_that_fails_on_the_disk_gives_the_lock_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", refuse)
        with pytest.raises(RunError) as caught:
            Run.open(tmp_path, chain_plan(1), MODELS)
    assert missing(tmp_path, chain_plan(1)) == [0]
    assert message(caught) == (
        f"cannot write {tmp_path}: Read-only file system; "
        "name a directory that you may write to with --out"
    )


def test_a_refused_opening_gives_the_lock_back(tmp_path: Path) -> None:
    render(tmp_path, chain_plan(2))
    for _ in range(2):
        with pytest.raises(RunError, match="would change"):
            missing(tmp_path, with_zoom(chain_plan(2), 0, 2.0))


# ------------------------------------------------------------------------------------- footage


def test_footage_is_what_a_video_needs(tmp_path: Path) -> None:
    plan = chain_plan(3)
    render(tmp_path, plan, frames=[0, 1])
    footage = Run.read(tmp_path)
    assert footage.frames == tuple(tmp_path / "frames" / f"{n:06d}.png" for n in range(2))
    assert (footage.fps, footage.title) == (Fraction(30000, 1001), "pulse")
    assert (footage.size, footage.planned, footage.output) == ((WIDTH, HEIGHT), 3, plan.output)
    assert re.fullmatch("[0-9a-f]{64}", footage.digest)
    with Run.open(tmp_path, plan, MODELS) as run:
        assert run.footage(plan) == footage


@pytest.mark.parametrize("frame", [1, 3])
def test_footage_with_a_gap_is_refused(tmp_path: Path, frame: int) -> None:
    render(tmp_path, chain_plan(4))
    (tmp_path / "frames" / f"{frame:06d}.png").write_bytes(b"x")
    with pytest.raises(RunError) as caught:
        Run.read(tmp_path)
    assert message(caught) == (
        f"frame {frame} in {tmp_path} is missing or damaged (1 of 4 are); "
        "render the scene again: it fills such gaps"
    )


def test_footage_without_a_frame_is_refused(tmp_path: Path) -> None:
    missing(tmp_path, chain_plan(1))
    with pytest.raises(RunError, match=r"holds no finished frame yet; render its scene first$"):
        Run.read(tmp_path)


def test_footage_of_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        Run.read(tmp_path / "nowhere")
    assert message(caught) == (
        f"{tmp_path}/nowhere is not a render of discoreel: it has no run.json; "
        "name the directory that was given to render with --out"
    )

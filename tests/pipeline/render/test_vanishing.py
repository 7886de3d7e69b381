"""A disk or a share that goes away in the middle of a render, and comes back."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import RunError
from pipeline.files.png import Pixels
from pipeline.render import grown, loop
from pipeline.render.frame import render_frame
from pipeline.render.memory import Memory
from pipeline.spec.frame import FrameId, FrameSpec
from tests.faults import Disk, failing
from tests.pipeline.render.rendered import PLAN, open_run, rendered, same, saved
from tests.pipeline.runs import contents
from tests.pipeline.toy_networks import toy_networks

Leave = Callable[[Path], None]


def nothing(place: Path) -> None:
    """A share that is not there any more."""


def mountpoint(place: Path) -> None:
    """The empty folder on which a share was mounted."""
    place.mkdir()


@pytest.mark.parametrize("leave", [nothing, mountpoint])
@pytest.mark.parametrize(
    ("before", "words"),
    [
        (True, "cannot read {out}/frames/000001.png: No such file or directory; connect the disk "),
        (
            False,
            "{out} went away in the middle of the render: it has no run.json any more. Connect",
        ),
    ],
    ids=["before a frame reads", "before it is saved"],
)
def test_what_goes_away_is_told_and_goes_on_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leave: Leave, before: bool, words: str
) -> None:
    out, away = tmp_path / "out", tmp_path / "away"

    def go(frame: FrameId) -> None:
        if frame.frame == 2:
            out.rename(away)
            leave(out)

    def painted(spec: FrameSpec, *inputs: Any, **others: Any) -> tuple[Pixels, Memory]:
        made = render_frame(spec, *inputs, **others)
        go(spec.id)
        return made

    if not before:
        monkeypatch.setattr(grown, "render_frame", painted)
    with open_run(out, PLAN) as run, pytest.raises(RunError) as caught:
        for _ in loop.render(
            PLAN, run, {"main": toy_networks()}, begin=go if before else lambda _: None
        ):
            pass
    assert str(caught.value).startswith(words.format(out=out))
    assert str(caught.value).endswith("the same command continues")
    assert not out.exists() or not contents(out), "nothing is begun anew in its place"
    assert len(saved(away)) == 2
    if out.exists():
        out.rmdir()
    away.rename(out)
    monkeypatch.undo()
    assert len(rendered(out, PLAN)) == 2
    assert same(saved(out), rendered(tmp_path / "whole", PLAN))


CODES = [errno.ESTALE, errno.EIO, errno.ENOTCONN, errno.EHOSTDOWN, errno.ETIMEDOUT]


@pytest.mark.parametrize("code", CODES, ids=errno.errorcode.get)
def test_a_share_that_does_not_answer_is_told_with_its_remedy(tmp_path: Path, code: int) -> None:
    out = tmp_path / "out"
    with open_run(out, PLAN) as run:
        frames = loop.render(PLAN, run, {"main": toy_networks()})
        assert next(frames).spec.frame == 0
        with failing(Disk(out, 1, code, lasting=True)), pytest.raises(RunError) as caught:
            next(frames)
    assert str(caught.value).endswith(
        "; look at the disk, or at the connection to it; the same command continues"
    )
    assert len(rendered(out, PLAN)) == 3
    assert same(saved(out), rendered(tmp_path / "whole", PLAN))


def test_a_journal_that_was_cut_off_gets_no_line_behind_zeros(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with open_run(out, PLAN) as run:
        frames = loop.render(PLAN, run, {"main": toy_networks()})
        next(frames)
        journal = out / "journal.jsonl"
        whole = journal.read_bytes()
        journal.write_bytes(whole[:10])
        with pytest.raises(
            RunError, match=r"journal\.jsonl: it was cut off or replaced while it wa"
        ):
            next(frames)
        assert journal.read_bytes() == whole[:10]
    journal.write_bytes(whole)
    # The picture of the frame in work is whole, and carries what the journal was to be told.
    assert len(rendered(out, PLAN)) == 2
    assert same(saved(out), rendered(tmp_path / "whole", PLAN))

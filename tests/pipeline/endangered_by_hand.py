"""What a person does to single frames, and what has to be true after any accident."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np

from pipeline.files.png import decode_png, encode_png
from pipeline.run.adopting import adopt
from pipeline.run.directory import RunDirectory
from pipeline.run.editing import accept, editing
from pipeline.run.redoing import redo
from pipeline.run.run import Run
from pipeline.run.seeds import read_seeds
from pipeline.run.status import read_status
from pipeline.run.takes import restore
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Plan
from tests.pipeline.endangered import (
    EDITED,
    FIRST,
    PROGRAMS,
    Program,
    Say,
    check_pictures,
    check_render,
    expected,
    first_render,
    take_of,
)
from tests.pipeline.plans import NETWORKS, picture
from tests.pipeline.runs import contents

FRAME = FrameId(1)
SEED = 9
PAINTED = picture(1000)


def missing(out: Path, plan: Plan, *, update: bool = False) -> list[int]:
    """The frames that a render of `plan` lacks, with its own word on whether any would change."""
    with Run.open(out, plan, NETWORKS, replace_stale=update) as run:
        return [spec.frame for spec in run.missing(run.plan)]


def redo_one(out: Path, say: Say) -> None:
    """`redo`, up to the rendering."""
    with editing(out, FIRST.plan, NETWORKS) as edited:
        redo(edited, FIRST.plan, FRAME, SEED)
    say("redone")


def check_redone(out: Path, promised: Collection[str]) -> None:
    """The seed holds, no picture is lost, and the old ones come back together."""
    check_pictures(out, FIRST)
    if read_seeds(RunDirectory(out)) != {FRAME: SEED}:
        assert "redone" not in promised
        redo_one(out, lambda _: None)
    assert missing(out, FIRST.plan) == [1, 2]
    restore(out, take_of(out, FIRST, (1, 2)))
    assert read_seeds(RunDirectory(out)) == {}
    check_render(out, FIRST, ("frame 0", "frame 1", "frame 2"))


def accept_two(out: Path, say: Say) -> None:
    """`accept` of frames that an edit would change."""
    with editing(out, EDITED.plan, NETWORKS) as edited:
        accept(edited, {FRAME, FrameId(2)}, "as good")
    say("accepted")


def check_accepted(out: Path, promised: Collection[str]) -> None:
    """The frames hold under the edited scene, and no picture changed."""
    if not read_status(out).kept:
        assert "accepted" not in promised
        accept_two(out, lambda _: None)
    assert missing(out, EDITED.plan) == []
    assert [one.reason for one in read_status(out).kept.values()] == ["as good"]
    frames = {path: data for path, data in expected(FIRST).items() if path.startswith("frames/")}
    assert frames.items() <= contents(out).items()


def painted_over(out: Path) -> None:
    """A finished render, of which a person has painted over a frame."""
    first_render(out)
    RunDirectory(out).frame(FRAME).write_bytes(encode_png(PAINTED))


def adopt_one(out: Path, say: Say) -> None:
    """`adopt` of what was painted over a frame."""
    with editing(out, FIRST.plan, NETWORKS) as edited:
        adopt(edited, FRAME)
    say("adopted")


def check_adopted(out: Path, promised: Collection[str]) -> None:
    """The painted picture is the frame, and what grew from the old one is rendered anew."""
    if not read_status(out).kept:
        assert "adopted" not in promised
        adopt_one(out, lambda _: None)
    assert missing(out, FIRST.plan, update=True) == [2]
    assert np.array_equal(decode_png(RunDirectory(out).frame(FRAME).read_bytes()), PAINTED)


BY_HAND = (
    Program("redo", first_render, redo_one, check_redone),
    Program("accept", first_render, accept_two, check_accepted),
    Program("adopt", painted_over, adopt_one, check_adopted),
)

ALL = (*PROGRAMS, *BY_HAND)
"""All programs."""

"""Every operation on the disk may fail, once or for good: the render says so, and loses nothing."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import Error
from pipeline.files.png import decode_png
from pipeline.run.footage import read_footage
from pipeline.run.run import Run
from tests.faults import NEVER, Disk, failing
from tests.pipeline.plans import NETWORKS, chain_plan, picture, with_zoom
from tests.pipeline.runs import contents

PLAN = with_zoom(chain_plan(3), 2, 1.5)
"""What is rendered over frames 0, 2 and 3 of another plan: of them frame 0 holds."""


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an interrupted render of the other plan has left."""
    out, plan = tmp_path_factory.mktemp("before") / "out", chain_plan(4)
    with Run.open(out, plan, NETWORKS) as run:
        for spec in plan:
            run.save_intermediate(spec, 5, picture(spec.frame + 30))
            if spec.frame != 1:
                run.save(spec, picture(spec.frame), seconds=0.5)
    return out


def render(out: Path, saved: list[int]) -> None:
    """All that a render does on the disk; notes in `saved` which frames it was told are safe."""
    with Run.open(out, PLAN, NETWORKS, replace_stale=True) as run:
        for spec in run.missing(PLAN):
            run.saved(*spec.earlier)
            run.show_progress(picture(spec.frame + 10))
            run.save_intermediate(spec, 5, picture(spec.frame + 20))
            run.save(spec, picture(spec.frame), seconds=0.5)
            saved.append(spec.frame)
    read_footage(out)


def render_on(disk: Disk) -> list[int]:
    """The frames that a render has saved until `disk` failed; only an Error may end it."""
    saved: list[int] = []
    with failing(disk):
        try:
            render(disk.folder, saved)
        except Error as error:
            assert "; " in str(error), "no remedy is told"
            assert disk.has_failed
        except Exception as error:
            error.add_note(f"at operation {disk.first} of {disk.done}")
            raise
    return saved


def pictures(out: Path) -> set[bytes]:
    """All but the one that is replaced all the time."""
    found = contents(out)
    return {found[name] for name in found if name.endswith(".png") and name != "progress.png"}


# Libraries treat EACCES apart from other errors, and a full disk does not heal by itself.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "lasting"),
    [(errno.EIO, False), (errno.EACCES, False), (errno.EACCES, True), (errno.ENOSPC, True)],
    ids=["EIO once", "EACCES once", "EACCES for good", "ENOSPC for good"],
)
def test_a_disk_that_fails_at_any_operation_costs_no_picture(
    tmp_path: Path, before: Path, code: int, lasting: bool
) -> None:
    old = pictures(before)
    out, first, reached = tmp_path / "out", 0, True
    while reached:
        first += 1
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(before, out)

        disk = Disk(out, first, code, lasting)
        saved = render_on(disk)
        reached = disk.has_failed
        again = render_on(Disk(out, NEVER))

        note = f"at operation {first} of {disk.done}"
        assert not {*saved} & {*again}, note
        assert old <= pictures(out), note
        shown = [decode_png(path.read_bytes()) for path in sorted((out / "frames").iterdir())]
        np.testing.assert_array_equal(shown, [picture(frame) for frame in range(3)], note)
    assert first > 100, "there are not so few"

"""What a frame leaves for the next: saved beside it, read with it, and proven like it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import RunError
from pipeline.render.memory import NOTHING, Memory
from pipeline.run.run import Run
from pipeline.spec.frame import MAIN, FrameId
from tests.pipeline.toy_networks import toy_plan

ARRAYS = {"noise.ids": np.arange(6, dtype=np.int64)}
PRINTS = {MAIN: ()}
PIXELS = np.full((10, 12, 3), 7, np.uint8)


def test_nothing_is_no_arrays_and_back() -> None:
    assert NOTHING.to_arrays() == {}
    assert Memory.from_arrays({}).to_arrays() == {}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A run of two frames, the first of which has left arrays."""
    plan = toy_plan(2)
    with Run.open(tmp_path / "out", plan, PRINTS) as run:
        run.save(plan[0], PIXELS, 0.1, ARRAYS)
        run.save(plan[1], PIXELS, 0.1)
    return tmp_path / "out"


def test_what_a_frame_left_is_there_when_the_run_is_opened_again(out: Path) -> None:
    with Run.open(out, toy_plan(2), PRINTS) as run:
        assert run.finished == 2
        np.testing.assert_array_equal(
            run.frames.memory(FrameId(0))["noise.ids"], ARRAYS["noise.ids"]
        )
        assert run.frames.memory(FrameId(1)) == {}


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_a_frame_whose_memory_is_damaged_does_not_hold(out: Path, harm: str) -> None:
    memory = out / "memory" / "000000.npz"
    if harm == "gone":
        memory.unlink()
    else:
        memory.write_bytes(memory.read_bytes() + b"x")
    with Run.open(out, toy_plan(2), PRINTS) as run:
        assert run.damaged == (FrameId(0),)
        assert run.finished == 1
    assert not memory.exists()


def test_a_memory_that_is_damaged_while_the_run_is_open_is_told(out: Path) -> None:
    memory = out / "memory" / "000000.npz"
    with Run.open(out, toy_plan(2), PRINTS) as run:
        memory.write_bytes(memory.read_bytes()[:40])
        with pytest.raises(RunError, match=r"000000.npz was damaged.*renders frame 0 again"):
            run.frames.memory(FrameId(0))


def test_memories_move_aside_with_their_frames(out: Path) -> None:
    kept = (out / "memory" / "000000.npz").read_bytes()
    made = toy_plan(2)
    other = replace(made, frames=tuple(replace(spec, seed=99) for spec in made))
    with Run.open(out, other, PRINTS, replace_stale=True) as run:
        assert run.set_aside is not None
        assert (run.set_aside / "memory" / "000000.npz").read_bytes() == kept
        assert (run.set_aside / "frames" / "000000.png").exists()


def test_a_part_of_another_release_is_told_by_its_name() -> None:
    with pytest.raises(RunError, match='remember "dreams", which this release does not know'):
        Memory.from_arrays({"dreams.depth": np.zeros(2)})

"""The texts of a scene beside its frames, and in the takes that an edit of it makes."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.run.directory import RunDirectory
from pipeline.run.scene_copy import keep_scene
from tests.faults import Disk, failing
from tests.pipeline.plans import chain_plan, with_zoom
from tests.pipeline.runs import contents, missing, render


def test_the_texts_are_those_of_last_time_alone(tmp_path: Path) -> None:
    place = RunDirectory(tmp_path)
    keep_scene(place, {"a.yaml": "seed: 1\n", "options.txt": "--set seed=1\n"})
    keep_scene(place, {"a.yaml": "seed: 2  # é\n"})
    assert contents(place.scene) == {"a.yaml": "seed: 2  # é\n".encode()}


def test_a_take_holds_the_texts_of_before(tmp_path: Path) -> None:
    place = RunDirectory(tmp_path)
    render(tmp_path, chain_plan(3))
    keep_scene(place, {"a.yaml": "seed: 1\n"})
    missing(tmp_path, with_zoom(chain_plan(3), 1, 1.5), replace_stale=True)
    keep_scene(place, {"b.yaml": "seed: 2\n"})
    assert contents(tmp_path / "takes" / "001" / "scene") == {"a.yaml": b"seed: 1\n"}
    assert contents(place.scene) == {"b.yaml": b"seed: 2\n"}


def test_a_disk_that_refuses_them_is_told(tmp_path: Path) -> None:
    place = RunDirectory(tmp_path)
    keep_scene(place, {"a.yaml": "seed: 1\n"})
    full = failing(Disk(tmp_path, 1, errno.ENOSPC, lasting=True))
    with full, pytest.raises(RunError, match=r"cannot write .*scene"):
        keep_scene(place, {"a.yaml": "seed: 2\n"})
    assert contents(place.scene) == {"a.yaml": b"seed: 1\n"}

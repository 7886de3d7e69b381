"""Frames of clips are decoded once, kept, and found damaged; a clip that changes makes none."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.files.clip_frames import Framing
from pipeline.files.clip_header import ClipError
from pipeline.files.clip_store import ClipStore, Cuttings
from pipeline.files.hashing import file_digest
from tests.media import drifting, write_clip

MADE = drifting(6, 32, 16)


@pytest.fixture
def cuttings(tmp_path: Path) -> Cuttings:
    clip = write_clip(tmp_path / "a.mkv", MADE)
    return Cuttings(clip, file_digest(clip), Framing((32, 16)))


@pytest.fixture
def store(tmp_path: Path) -> ClipStore:
    return ClipStore(tmp_path / "kept")


def test_what_was_decoded_is_kept(store: ClipStore, cuttings: Cuttings) -> None:
    assert store.missing(cuttings, [4, 1, 4]) == [1, 4]
    heard: list[int] = []
    store.fetch(cuttings, [4, 1, 4], heard.append)
    assert heard == [1, 2]
    assert store.missing(cuttings, range(6)) == [0, 2, 3, 5]
    cuttings.file.unlink()
    assert np.array_equal(store.pixels(cuttings, 4), MADE[4])


def test_a_frame_that_is_not_there_is_decoded_when_it_is_asked_for(
    store: ClipStore, cuttings: Cuttings
) -> None:
    assert np.array_equal(store.pixels(cuttings, 3), MADE[3])
    assert store.missing(cuttings, range(6)) == [0, 1, 2, 4, 5]


def test_what_was_interrupted_goes_on(store: ClipStore, cuttings: Cuttings) -> None:
    def stop(count: int) -> None:
        if count == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.fetch(cuttings, range(6), stop)
    assert store.missing(cuttings, range(6)) == [4, 5]
    heard: list[int] = []
    store.fetch(cuttings, range(6), heard.append)
    assert heard == [1, 2]
    assert all(np.array_equal(store.pixels(cuttings, n), one) for n, one in enumerate(MADE))


@pytest.mark.parametrize("damage", [b"", b"\0" * 400], ids=["emptied", "zeros"])
def test_a_damaged_frame_is_decoded_again(
    store: ClipStore, cuttings: Cuttings, damage: bytes
) -> None:
    store.fetch(cuttings, range(6))
    (lost,) = store.folder.glob("*/000002.png")
    lost.write_bytes(damage)
    assert np.array_equal(store.pixels(cuttings, 2), MADE[2])
    assert lost.stat().st_size > 400


def test_another_file_makes_no_frames(store: ClipStore, cuttings: Cuttings) -> None:
    write_clip(cuttings.file, drifting(6, 32, 16, seed=1))
    with pytest.raises(ClipError) as raised:
        store.pixels(cuttings, 0)
    assert str(raised.value) == (
        f"{cuttings.file} changed while it was rendered from; nothing was made of what it is now: "
        "give the same command again, which says what the change costs"
    )
    assert store.missing(cuttings, [0]) == [0]


def test_a_clip_that_changes_while_it_is_decoded_leaves_what_came_before(
    store: ClipStore, cuttings: Cuttings
) -> None:
    """Nobody is left to tidy up behind one that is killed."""

    def told(count: int) -> None:
        if count == 2:
            os.utime(cuttings.file, (count, count))
        if count == 4:
            raise KeyboardInterrupt

    with pytest.raises(ClipError, match="changed while it was rendered from"):
        store.fetch(cuttings, range(6), told)
    assert store.missing(cuttings, range(6)) == [2, 3, 4, 5]
    assert np.array_equal(store.pixels(cuttings, 1), MADE[1])


def test_a_clip_that_goes_while_it_is_decoded_is_another(
    store: ClipStore, cuttings: Cuttings
) -> None:
    with pytest.raises(ClipError, match="changed while it was rendered from"):
        store.fetch(cuttings, range(6), lambda count: cuttings.file.unlink())
    assert store.missing(cuttings, range(6)) == [1, 2, 3, 4, 5]


def test_each_way_to_make_frames_has_a_folder_of_its_own(cuttings: Cuttings) -> None:
    framings = (
        *(Framing((32, 16)), Framing((16, 32)), Framing((32, 16), crop=(0, 0, 8, 8))),
        *(Framing((32, 16), fit="stretch"), Framing((32, 16), crop=(1, 0, 8, 8))),
    )
    names = {replace(cuttings, framing=one).name for one in framings}
    names.add(replace(cuttings, sha256="0" * 64).name)
    assert len(names) == 6
    assert replace(cuttings, file=Path("elsewhere.mkv")).name in names


def test_a_disk_that_refuses_is_told(cuttings: Cuttings, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file")
    with pytest.raises(ClipError, match="frames of clips are kept there: make it writ"):
        ClipStore(tmp_path / "kept").pixels(cuttings, 0)

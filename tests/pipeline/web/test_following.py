"""Whether a file has changed."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.web.following import ABSENT, Followed, stamp_of_file, stamp_of_scene


def noted(scene: Path, *files: Path) -> Followed:
    followed = Followed(scene)
    followed.note(followed.now())
    followed.follow(files)
    return followed


def test_a_save_of_the_same_text_is_no_change(tmp_path: Path) -> None:
    scene = tmp_path / "a.yaml"
    scene.write_text("a: 1")
    followed = noted(scene)
    scene.write_text("a: 1")
    os.utime(scene, (0, 0))
    assert not followed.is_changed(followed.now())


def test_another_text_is_one_whatever_its_time_says(tmp_path: Path) -> None:
    scene = tmp_path / "a.yaml"
    scene.write_text("a: 1")
    os.utime(scene, ns=(5, 5))
    followed = noted(scene)
    scene.write_text("a: 2")
    os.utime(scene, ns=(5, 5))
    assert followed.is_changed(followed.now())


def test_an_atomic_replace_is_one(tmp_path: Path) -> None:
    scene, other = tmp_path / "a.yaml", tmp_path / "b.yaml"
    scene.write_text("a: 1")
    followed = noted(scene)
    other.write_text("a: 2")
    other.replace(scene)
    assert followed.is_changed(followed.now())


def test_what_is_named_may_come_and_go(tmp_path: Path) -> None:
    scene, song = tmp_path / "a.yaml", tmp_path / "song.wav"
    scene.write_text("a: 1")
    followed = noted(scene, song, scene)
    assert not followed.is_changed(followed.now())
    song.write_bytes(b"1")
    assert followed.is_changed(followed.now())


def test_what_cannot_be_read_has_a_stamp_of_its_own(tmp_path: Path) -> None:
    empty = tmp_path / "a.yaml"
    empty.touch()
    assert stamp_of_scene(empty) == stamp_of_scene(tmp_path / "none") == ABSENT
    assert stamp_of_scene(tmp_path) != ABSENT
    assert stamp_of_file(tmp_path / "none") == ABSENT
    assert stamp_of_file(Path("a\0b")) == ABSENT

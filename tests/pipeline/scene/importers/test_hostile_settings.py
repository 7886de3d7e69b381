"""Broken files give one clear message; files damaged by chance never give a traceback."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from pipeline.errors import Error
from pipeline.scene.importers.kinds import import_settings
from pipeline.scene.load import read_scene
from tests.pipeline.scene.importers.mutations import mutations

BROKEN = {
    "empty": (b"", "is empty, 0 bytes"),
    "blank": (b" \n", "this is not JSON: line 2 column 1"),
    "words": (b"dear friend, here are my settings", "this is not JSON: line 1 column 1"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "is not a text"),
    "half": (b'{"W": 512, "strength_schedule": "0:(0.6', "this is not JSON"),
    "list": (b"[1, 2, 3]", "this holds no settings"),
    "deep": (b'{"a":' * 200_000, "nested more than 40 deep"),
    "deep lists": (b"[" * 1_000_000, "nested more than 40 deep"),
    "huge": (b'{"a": "' + b"x" * 30_000_000, "this is not JSON"),
    "many quotes": (b"\"'" * 400_000, "this is not JSON"),
    "comments": (b"/* " * 300_000, "this is not JSON"),
    "other": (b'{"nodes": [], "links": []}', "--kind disco, deforum or parseq"),
    "no frames": (b'{"rendered_frames": []}', "rendered_frames holds no frame"),
    "far frames": (b'{"rendered_frames": [{"frame": 900000}]}', "lacks 900000 frames"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gives_one_message_at_once(name: str, tmp_path: Path) -> None:
    content, message = BROKEN[name]
    path = tmp_path / "own.txt"
    path.write_bytes(content)
    start = process_time()

    with pytest.raises(Error) as caught:
        import_settings(path, tmp_path)

    assert process_time() - start < 1
    told = str(caught.value)
    assert message in told and "own.txt" in told
    assert "\n" not in told and len(told) < 400


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.txt", tmp_path):
        with pytest.raises(Error, match="cannot be read"):
            import_settings(path, tmp_path)


def check_mutations(count: int, seed: int, folder: Path) -> int:
    """Imports so many damaged files; how many made a scene, none of which has a mistake."""
    made = 0
    for name, content in mutations(count, seed):
        path, scene = folder / name, folder / "scene.yaml"
        path.write_bytes(content)
        try:
            read = import_settings(path, folder)
        except Error as error:
            assert "\n" not in str(error)
            continue
        scene.write_text(read.text, encoding="utf-8")
        read_scene(scene)
        made += 1
    return made


def test_damaged_files_are_refused_or_make_scenes_without_mistakes(tmp_path: Path) -> None:
    assert check_mutations(60, seed=7, folder=tmp_path) > 10


@pytest.mark.slow
def test_many_damaged_files(tmp_path: Path) -> None:
    assert check_mutations(1500, seed=11, folder=tmp_path) > 400

"""The texts of the scene that a render was last given, beside its frames.

A take gets a copy of them: what replaces its frames is then told from what made them, also by
people who do not keep the history of their scenes.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.files.atomic import make_directory, sync_directory, write_atomically
from pipeline.run.directory import RunDirectory, disk_errors


def keep_scene(place: RunDirectory, texts: Mapping[str, str]) -> None:
    """Let `scene/` hold these texts by their names, and no others.

    Call it with the lock held, once the frames of an earlier scene are aside.

    Raises RunError if the disk refuses.
    """
    with disk_errors("write", place.scene):
        for name, text in texts.items():
            _write(place, name, text.encode("utf-8", "surrogatepass"))
        for path in place.scene.iterdir() if place.scene.is_dir() else ():
            if path.name not in texts and path.is_file():
                path.unlink()
        _settle(place)


def copy_scene(place: RunDirectory, take: RunDirectory) -> None:
    """Copy the texts of a render's scene, as far as there are any; OSError if the disk refuses."""
    for path in sorted(place.scene.iterdir()) if place.scene.is_dir() else ():
        if path.is_file():
            _write(take, path.name, path.read_bytes())
    _settle(take)


def _write(place: RunDirectory, name: str, data: bytes) -> None:
    path = place.scene / name
    if not path.is_file() or path.read_bytes() != data:
        make_directory(place.scene)
        write_atomically(path, data)


def _settle(place: RunDirectory) -> None:
    """Have the names on the disk, also those that a process wrote which then was killed."""
    if place.scene.is_dir():
        sync_directory(place.scene)

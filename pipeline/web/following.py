"""Whether a file, and what it names, is still what it was: by looking, again and again.

A scene is told apart by its content, so that a save that changes nothing changes nothing, and one
whose time stamp lies is seen. What it names may be large, and is told apart as file systems do.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from pipeline.scene.composing.scene_texts import MAX_BYTES

Stamp = tuple[object, ...]
"""Equal while nothing has changed."""

ABSENT: Stamp = ("absent",)
"""The stamp of a scene that is not there, cannot be read or is empty, as while it is saved."""


def stamp_of_scene(path: Path) -> Stamp:
    """The stamp of the content of a scene file."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        return ("directory",)
    except OSError:
        return ABSENT
    return (hashlib.sha256(content).hexdigest(),) if content else ABSENT


def stamp_of_file(path: Path) -> Stamp:
    """The stamp of another file, or of the list of files in a folder."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return ABSENT
    return (found.st_mtime_ns, found.st_size, found.st_ino)


class Followed:
    """A scene file and the files that it names."""

    def __init__(self, scene: Path) -> None:
        self._scene = scene
        self._files: tuple[Path, ...] = ()
        self._seen: dict[Path, Stamp] = {}

    def now(self) -> dict[Path, Stamp]:
        """What there is now."""
        others = {path: stamp_of_file(path) for path in self._files}
        return {**others, self._scene: stamp_of_scene(self._scene)}

    def is_changed(self, now: dict[Path, Stamp]) -> bool:
        """Whether `now` differs from what was last noted."""
        return now != self._seen

    def is_absent(self, now: dict[Path, Stamp]) -> bool:
        """Whether there is no scene to read, which may be half of a save."""
        return now[self._scene] == ABSENT

    def note(self, seen: dict[Path, Stamp]) -> None:
        """Take what was seen before a scene was read as what is known of it."""
        self._seen = seen

    def follow(self, files: Iterable[Path]) -> None:
        """Look at these files beside the scene from now on; of new ones, as they are now."""
        self._files = tuple(dict.fromkeys(path for path in files if path != self._scene))
        before, scene = self._seen, self._seen.get(self._scene, ABSENT)
        self._seen = {path: before.get(path) or stamp_of_file(path) for path in self._files}
        self._seen[self._scene] = scene

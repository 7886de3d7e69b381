"""Grey pictures that an author gives for frames: one for all, or a folder with one for each.

All of them are looked at when the scene is read, so that a render does not stop at the one that
was exported in colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from keyframes.mistakes import found
from keyframes.quoting import quoted_path
from pipeline.errors import Error
from pipeline.files.left_by_systems import is_left_by_system
from pipeline.scene.reading.paths import path_from, relative_to

SUFFIXES = frozenset({".png", ".tif", ".tiff", ".jpg", ".jpeg", ".webp", ".bmp"})
_NUMBER = re.compile(r"[0-9]+$")


def frame_pictures(name: Any, noun: str, folder: Path, frames: range) -> tuple[Path, ...]:
    """The checked pictures of `frames`, in their order; none where no frames are known of.

    `noun` says in messages what the pictures are of, such as `depth`. What a folder holds beyond
    the frames is not looked at.

    Raises:
        ValueError: there is no such picture or folder, or a frame lacks its one.
    """
    if not isinstance(name, str) or not name:
        raise ValueError(
            "expected the name of a grey picture, or of a folder with one for each frame; "
            f"found {found(name)}"
        )
    path = path_from(folder, name)
    try:
        if path.is_dir():
            files = _one_each(path, noun, frames)
        elif path.is_file():
            files = (path,) * len(frames)
        else:
            raise ValueError(f'"{quoted_path(path)}" does not exist; names are {relative_to(name)}')
    except OSError as error:
        raise ValueError(f'"{quoted_path(path)}" cannot be looked up: {error.strerror}') from error
    _check({path} if path.is_file() else set(files), noun)
    return files


def _one_each(folder: Path, noun: str, frames: range) -> tuple[Path, ...]:
    """The pictures of `frames`, found by the number at the end of each file's name."""
    files: dict[int, Path] = {}
    for number, path in _numbered(folder):
        if (first := files.setdefault(number, path)) is not path:
            raise ValueError(
                f"{quoted_path(folder)}: {first.name} and {path.name} are both named for frame "
                f"{number}; a frame has one {noun} picture: move one away"
            )
    missing = [frame for frame in frames if frame not in files]
    if missing:
        raise ValueError(
            f"{quoted_path(folder)}: no {noun} picture for frame {missing[0]} ({len(missing)} of "
            f"{len(frames)} missing); name each by its frame, counted from 0, such as "
            f"{missing[0]:06d}.png"
        )
    return tuple(files[frame] for frame in frames)


def _numbered(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in sorted(folder.iterdir()):
        match = _NUMBER.search(path.stem)
        if match and path.suffix.lower() in SUFFIXES and not is_left_by_system(path.name):
            yield int(match[0]), path


def _check(paths: set[Path], noun: str) -> None:
    # OpenCV takes a while to import, and most scenes have no such picture.
    from pipeline.files.grey import read_grey

    for path in sorted(paths):
        try:
            read_grey(path, noun)
        except Error as error:
            raise ValueError(str(error)) from error

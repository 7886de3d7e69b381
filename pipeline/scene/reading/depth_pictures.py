"""Reader of the depth that an author gives: a grey picture, or a folder with one for each frame.

All of them are looked at when the scene is read, so that a render does not stop at the one that
was exported in colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationInfo

from keyframes.mistakes import Mistakes, found
from keyframes.quoting import quoted_path
from pipeline.errors import Error
from pipeline.files.left_by_systems import is_left_by_system
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.fields import Reader, one_of
from pipeline.scene.reading.paths import path_from
from pipeline.spec.camera import White

_SUFFIXES = frozenset({".png", ".tif", ".tiff", ".jpg", ".jpeg", ".webp", ".bmp"})
_NUMBER = re.compile(r"[0-9]+$")
_WHITES: Mapping[str, White] = {"near": "near", "far": "far"}


@dataclass(frozen=True, slots=True)
class DepthPictures:
    """The depth of every frame from which another one grows."""

    files: tuple[Path, ...]
    """Absolute paths of the pictures, in the order of the frames from 0 to the last but one."""
    white: White
    """What a picture's brightest level means: the nearest place or the farthest."""


def depth_pictures() -> Reader:
    """Reader of a picture, a folder of pictures numbered as the frames, or either with `white`.

    What a folder holds beyond the frames of the video is not looked at.
    """

    def read(value: Any, info: ValidationInfo) -> DepthPictures:
        context, mistakes = context_of(info), Mistakes()
        if context.wrote("models", "depth"):
            raise ValueError(
                "models.depth is written too, and a camera moves through one of the two; "
                "remove one of them"
            )
        named = value if isinstance(value, dict) else {"pictures": value}
        there = mistakes.at("pictures") if named is value else mistakes
        mistakes.check_keys(named, ("pictures", "white"))
        white = mistakes.at("white").attempt(_white, named.get("white", "near"))
        files = there.attempt(
            partial(_files, folder=context.folder, frames=context.clock.whole_frames),
            named.get("pictures"),
        )
        mistakes.raise_any()
        assert files is not None and white is not None
        return DepthPictures(files, white)

    return Reader(read)


def _white(value: Any) -> White:
    return _WHITES[one_of(tuple(_WHITES), value)]


def _files(name: Any, folder: Path, frames: range) -> tuple[Path, ...]:
    """The checked pictures of all but the last of `frames`; none where no frames are known of."""
    if not isinstance(name, str) or not name:
        raise ValueError(
            "expected the name of a grey picture, or of a folder with one for each frame; "
            f"found {found(name)}"
        )
    path = path_from(folder, name)
    frames = frames[:-1]
    try:
        if path.is_dir():
            files = _one_each(path, frames)
        elif path.is_file():
            files = (path,) * len(frames)
        else:
            raise ValueError(
                f'"{quoted_path(path)}" does not exist; names are relative to the scene file'
            )
    except OSError as error:
        raise ValueError(f'"{quoted_path(path)}" cannot be looked up: {error.strerror}') from error
    _check({path} if path.is_file() else set(files))
    return files


def _one_each(folder: Path, frames: range) -> tuple[Path, ...]:
    """The pictures of `frames`, found by the number at the end of each file's name."""
    files: dict[int, Path] = {}
    for number, path in _numbered(folder):
        if (first := files.setdefault(number, path)) is not path:
            raise ValueError(
                f"{quoted_path(folder)}: {first.name} and {path.name} are both named for frame "
                f"{number}; a frame has one depth picture: move one away"
            )
    missing = [frame for frame in frames if frame not in files]
    if missing:
        raise ValueError(
            f"{quoted_path(folder)}: no depth picture for frame {missing[0]} ({len(missing)} of "
            f"{len(frames)} missing); name each by its frame, counted from 0, such as "
            f"{missing[0]:06d}.png"
        )
    return tuple(files[frame] for frame in frames)


def _numbered(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in sorted(folder.iterdir()):
        match = _NUMBER.search(path.stem)
        if match and path.suffix.lower() in _SUFFIXES and not is_left_by_system(path.name):
            yield int(match[0]), path


def _check(paths: set[Path]) -> None:
    # OpenCV takes a while to import, and most scenes have no such picture.
    from pipeline.files.grey import read_grey

    for path in sorted(paths):
        try:
            read_grey(path)
        except Error as error:
            raise ValueError(str(error)) from error

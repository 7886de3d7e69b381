"""What ffmpeg writes, under another name until it is whole: a file, or a folder of pictures."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from pipeline.errors import Error
from pipeline.files.atomic import LONGEST_NAME, TEMPORARY, name_length, sync_directory
from pipeline.files.hashing import bytes_digest
from pipeline.files.left_by_systems import is_left_by_system
from pipeline.files.os_errors import os_errors_as
from pipeline.spec.video_formats import NumberedPictures, numbered_pictures

_REMEDY = "name another file for the video"

_OLD = ".was-"
"""What the hidden name begins with that a folder of pictures has while a new one takes its place;
its own name follows."""

_OLD_LONG = ".long-was-"
"""Likewise where that would be too long for a name: a hash of its own name follows."""


@contextmanager
def written_whole(folder: Path, file: str) -> Iterator[Path]:
    """What the body writes, and what then takes the place of `file` in `folder`; gone if it fails.

    For the name of numbered pictures that is an empty folder, which takes the place of theirs.
    Raises Error for a place that cannot be used, before the body runs.
    """
    pictures = numbered_pictures(file)
    writing = _file(folder / file) if pictures is None else pictures_whole(folder, pictures)
    with writing as temporary:
        yield temporary


@contextmanager
def _file(out: Path) -> Iterator[Path]:
    with os_errors_as(Error, "write", out, _REMEDY):
        is_folder, has_place = out.is_dir(), out.parent.is_dir()
    if is_folder or not has_place:
        problem = "is a directory" if is_folder else "lies in a directory that does not exist"
        raise Error(f"{out} {problem}; {_REMEDY}")
    temporary = _temporary(out.absolute(), out.suffix)
    try:
        yield temporary
        with os_errors_as(Error, "write", out, _REMEDY):
            _sync(temporary)
            os.replace(temporary, out)
            sync_directory(out.absolute().parent)
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def pictures_whole(
    folder: Path,
    pictures: NumberedPictures,
    also: Collection[str] = (),
    earlier: Collection[NumberedPictures] = (),
) -> Iterator[Path]:
    """An empty folder for numbered pictures, which then takes the place of theirs in `folder`.

    Files of the names `also` may lie with them, and `earlier` pictures in their stead. It is gone
    if the body fails; pictures that gave way to it as a process was killed come back first. Raises
    Error for a place that holds anything else.
    """
    out = folder / pictures.folder
    temporary, old = _temporary(out.absolute()), _old(out.absolute())
    with os_errors_as(Error, "write", out, _REMEDY):
        _settle_old(old, out)
    _check_ours(out, (pictures, *earlier), also)
    try:
        with os_errors_as(Error, "write", out, _REMEDY):
            temporary.mkdir()
        yield temporary
        with os_errors_as(Error, "write", out, _REMEDY):
            for path in sorted(temporary.iterdir()):
                _sync(path)
            sync_directory(temporary)
            if out.exists():
                os.replace(out, old)
            os.replace(temporary, out)
            sync_directory(out.absolute().parent)
    finally:
        with suppress(OSError):  # the first error is the one to tell
            _settle_old(old, out)
        shutil.rmtree(temporary, ignore_errors=True)


def bring_back(folder: Path) -> None:
    """Put the folders of pictures back in `folder` that a killed process had moved out of the way.

    Those whose successors took their place in time go. Call it while no other process writes
    pictures there. OSError if the disk refuses.
    """
    for old in folder.glob(f"{_OLD}*{TEMPORARY}/"):
        _settle_old(old, folder / old.name.removeprefix(_OLD).removesuffix(TEMPORARY))


def _settle_old(old: Path, out: Path) -> None:
    """Let the old pictures go if there are others in their place, and else go back to it."""
    if out.exists():
        shutil.rmtree(old, ignore_errors=True)
    elif old.is_dir():
        os.replace(old, out)
        sync_directory(out.absolute().parent)


def _old(out: Path) -> Path:
    """The name of a folder of pictures while a new one takes its place.

    The next command finds it by that name, in a folder in which one process at a time writes.
    """
    name = f"{_OLD}{out.name}{TEMPORARY}"
    if name_length(name) > LONGEST_NAME:
        digest = bytes_digest(out.name.encode("utf-8", "surrogatepass"))
        name = f"{_OLD_LONG}{digest[:16]}{TEMPORARY}"
    return out.with_name(name)


def _sync(path: Path) -> None:
    """Force a file to the disk that another program has written."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _check_ours(out: Path, pictures: Collection[NumberedPictures], also: Collection[str]) -> None:
    """Raise Error unless nothing is lost when the folder gives way to another one."""
    with os_errors_as(Error, "read", out, _REMEDY):
        if not out.exists():
            return
        if not out.is_dir():
            raise Error(f"{out} is a file, and pictures need a folder; name another one")
        names = sorted(path.name for path in out.iterdir())
    ours = {name for name in names if name in also or any(one.is_one(name) for one in pictures)}
    others = (one for one in names if not (one in ours or is_left_by_system(one)))
    if other := next(others, None):
        raise Error(
            f"{out} holds {other}, which is none of the pictures that go there; "
            "name another folder for them, or move what it holds"
        )


def _temporary(out: Path, suffix: str = "") -> Path:
    """A name of this process alone: an ffmpeg that another one left may still be writing."""
    return out.with_name(f".video-{os.getpid()}-{token_hex(4)}{TEMPORARY}{suffix}")

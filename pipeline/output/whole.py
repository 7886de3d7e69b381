"""What ffmpeg writes, under another name until it is whole: a file, or a folder of pictures."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from pipeline.errors import Error
from pipeline.files.atomic import TEMPORARY, sync_directory
from pipeline.files.left_by_systems import is_left_by_system
from pipeline.files.os_errors import os_errors_as
from pipeline.spec.video_formats import NumberedPictures, numbered_pictures

_REMEDY = "name another file for the video"


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
    folder: Path, pictures: NumberedPictures, also: Collection[str] = ()
) -> Iterator[Path]:
    """An empty folder for numbered pictures, which then takes the place of theirs in `folder`.

    Files of the names `also` may lie with them. It is gone if the body fails. Raises Error for a
    place that holds anything else.
    """
    out = folder / pictures.folder
    _check_ours(out, pictures, also)
    temporary, old = _temporary(out.absolute()), _temporary(out.absolute())
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
            if old.exists() and not out.exists():
                os.replace(old, out)
        for left in (temporary, old):
            shutil.rmtree(left, ignore_errors=True)


def _sync(path: Path) -> None:
    """Force a file to the disk that another program has written."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _check_ours(out: Path, pictures: NumberedPictures, also: Collection[str]) -> None:
    """Raise Error unless nothing is lost when the folder gives way to another one."""
    with os_errors_as(Error, "read", out, _REMEDY):
        if not out.exists():
            return
        if not out.is_dir():
            raise Error(f"{out} is a file, and pictures need a folder; name another one")
        names = sorted(path.name for path in out.iterdir())
    ours = {one for one in names if pictures.is_one(one) or one in also}
    others = (one for one in names if not (one in ours or is_left_by_system(one)))
    if other := next(others, None):
        raise Error(
            f"{out} holds {other}, which is none of the pictures that go there; "
            "name another folder for them, or move what it holds"
        )


def _temporary(out: Path, suffix: str = "") -> Path:
    """A name of this process alone: an ffmpeg that another one left may still be writing."""
    return out.with_name(f".video-{os.getpid()}-{token_hex(4)}{TEMPORARY}{suffix}")

"""Files that settings name: pictures and sounds, as far as they are still there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.files.clip_header import ClipError, read_clip
from pipeline.files.sound import sound_fault
from pipeline.scene.importers.draft import Draft, cleaned
from pipeline.scene.reading.picture_files import check_picture


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the settings file lies, and where the scene is written to."""

    source: Path
    scene: Path


def picture(name: str, key: str, folders: Folders, draft: Draft) -> str | None:
    """How the scene names a picture; None, told as lost, if there is none of this name."""
    found = _found(name, folders)
    if found is not None:
        try:
            check_picture(found)
        except ValueError:
            found = None
    return _named(found, name, key, folders, draft, "picture")


def sound(name: str, key: str, folders: Folders, draft: Draft) -> str | None:
    """How the scene names a sound; None, told as lost, if there is none of this name."""
    found = _found(name, folders)
    if found is not None and sound_fault(found):
        found = None
    return _named(found, name, key, folders, draft, "sound")


def clip(name: str, key: str, folders: Folders, draft: Draft) -> str | None:
    """How the scene names a video; None, told as lost, if there is none of this name."""
    found = _found(name, folders)
    if found is not None:
        try:
            read_clip(found)
        except ClipError:
            found = None
    return _named(found, name, key, folders, draft, "video")


def _found(name: str, folders: Folders) -> Path | None:
    for folder in (folders.source, folders.scene):
        path = folder / name
        try:
            if path.is_file():
                return path
        except (OSError, ValueError):  # a name that no file can have
            return None
    return None


def _named(
    found: Path | None, name: str, key: str, folders: Folders, draft: Draft, what: str
) -> str | None:
    relative = None if found is None else _relative(found, folders.scene)
    if relative is None or cleaned(relative) != relative:
        address = "://" in name
        why = "addresses are not fetched: download it" if address else "it is not there"
        draft.lost(key, f'the {what} "{name[:120]}" is missing: {why}, and add it by hand')
        return None
    return relative


def _relative(found: Path, folder: Path) -> str:
    """A path as a scene in `folder` writes it."""
    try:
        return os.path.relpath(found, folder).replace(os.sep, "/")
    except ValueError:  # another drive of Windows
        return str(found.absolute()).replace(os.sep, "/")

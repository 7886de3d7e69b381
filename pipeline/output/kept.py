"""Files that are kept beside the frames they were made of, with a note of what that was."""

from __future__ import annotations

from pathlib import Path

from pipeline.files.atomic import make_directory, write_atomically
from pipeline.files.png_chunks import read_note
from pipeline.run.directory import disk_errors


def read_source(file: Path) -> bytes:
    """What something is made of; RunError if the disk refuses."""
    with disk_errors("read", file):
        return file.read_bytes()


def keep(file: Path, picture: bytes) -> None:
    """Write a PNG file, whole on the disk once this returns; RunError if the disk refuses."""
    with disk_errors("write", file):
        make_directory(file.parent)
        write_atomically(file, picture)


def note_in(file: Path) -> str:
    """What a file that is kept was made of; "" if it is not there or not whole."""
    try:
        return read_note(file.read_bytes())
    except OSError:
        return ""

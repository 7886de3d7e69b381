"""The first bytes of sound and video files, which tell what ffmpeg should not be asked to read."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_LISTS = (b"#EXTM3U", b"[playlist]", b"ffconcat")
_HEAD = 512


def media_head(path: Path, kind: Literal["sound", "video"]) -> bytes | str:
    """The first 512 bytes of a file, or what is amiss with it, as the end of a sentence."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        return f"cannot be read: {error.strerror}; check that it may be read"
    if not head:
        return f"is empty, 0 bytes; export the {kind} again"
    if head.startswith(_LISTS):
        return f"is a list of other files; name the {kind} file itself"
    return head

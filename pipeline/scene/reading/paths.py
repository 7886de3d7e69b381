"""The names of files and folders in a scene."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from keyframes.mistakes import found
from keyframes.quoting import quoted_path
from pipeline.scene.reading.yaml_characters import PATH_HINT

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|www\.")
_LOCAL = "file://"
_DRIVE = re.compile("/[A-Za-z]:")
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters, and what ends a line."""

FILES_BY_KEYS = ("loras",)
"""Settings that name files by their keys, not by what stands behind these."""


class PlacedText(str):
    """A text that is written elsewhere than in the scene's own folder, which it is read from."""

    __slots__ = ("folder",)

    folder: Path
    """Folder of the file that it stands in, from which it names files."""

    def __new__(cls, text: str, folder: Path = Path()) -> PlacedText:
        """`text` in a file of `folder`, which a copy is given afterwards."""
        placed = super().__new__(cls, text)
        placed.folder = folder
        return placed


def home_of(name: str, folder: Path) -> Path:
    """The folder from which a name means files, in a scene whose own folder is `folder`."""
    return name.folder if isinstance(name, PlacedText) else folder


def relative_to(name: str) -> str:
    """What a name is relative to, at the end of a message: `relative to the scene file`."""
    home = quoted_path(name.folder) if isinstance(name, PlacedText) else "the scene file"
    return f"relative to {home}"


def path_from(folder: Path, name: str) -> Path:
    """The absolute path that a scene in `folder` means by `name`; `~` is the user's own folder.

    A text that was placed elsewhere means it from there.

    Raises ValueError for an address, and for a name with tabs or ends of lines: double
    quotes have made them of a path as Windows writes it.
    """
    if name.strip().startswith(_LOCAL):
        raise ValueError(
            f"found {found(name)}, an address of this computer; write the path alone, as "
            f'"{quoted_path(_path_in(name.strip()))}"'
        )
    if _ADDRESS.match(name.strip()):
        raise ValueError(
            f"found {found(name)}, and addresses are not fetched; download the file, put it beside "
            "the scene, and write its name"
        )
    if not is_name(name):
        raise ValueError(
            f"{found(name)} holds a line break, a tab or the like, which double quotes make of a "
            f"backslash and a letter; {PATH_HINT}"
        )
    # Links that lead to each other are no path either, of which `Path.resolve` makes an error.
    return Path(os.path.realpath(home_of(name, folder) / os.path.expanduser(name)))


def _path_in(address: str) -> str:
    """The path that a browser or a file manager means by `file:///music/a%20b.wav`."""
    path = unquote(urlsplit(address).path)
    return path[1:] if _DRIVE.match(path) else path


def is_name(text: str) -> bool:
    """Whether nothing in `text` keeps it from being the name of a file."""
    return _BREAKS.search(text) is None


def as_name(text: str) -> str:
    """`text` with `\ufffd` for each character that keeps it from being the name of a file."""
    return _BREAKS.sub("\ufffd", text)


def readable(name: str) -> str:
    """The name of a file as a text, with `\ufffd` also for each byte in it that is no character."""
    return as_name(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))

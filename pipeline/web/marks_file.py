"""Taps on a key, kept as a file of labels that `music.marks` reads, as Audacity writes them.

The author's scene is never changed: the page says which line makes it read the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from keyframes.time_grammar import plain
from pipeline.errors import Error
from pipeline.files.atomic import write_atomically
from pipeline.files.texts import read_text
from pipeline.music.marks.audacity import read_labels
from pipeline.music.marks.beat_list import Mark
from pipeline.scene.schema import Scene

MOST = 2000
"""Most marks of one file."""
LONGEST = 60
"""Most characters of a mark's name."""
_TAP = "tap"
_PLAIN = re.compile(r"[\w./-]+")


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of taps."""

    file: Path
    marks: tuple[Mark, ...]
    """All that the file holds, in seconds of the song."""
    advice: str
    """What to do so that the scene reads them; empty if it reads the file already."""
    lines: str
    """The lines to add to the scene."""


def marks_path(scene: Path) -> Path:
    """The file of the taps of a scene, beside it."""
    return scene.with_name(f"{scene.stem}-marks.txt")


def save_marks(path: Path, taps: Sequence[tuple[float, str]]) -> tuple[Mark, ...]:
    """Add taps, seconds of the song and names, to the file at `path`; returns all that it holds.

    A tap without a name gets the next free one: tap 1, tap 2. Names that are taken get a number.
    Raises Error if the file holds something else than labels, or cannot be written.
    """
    labels = _labels(path)
    if len(labels) + len(taps) > MOST:
        raise Error(f"{path.name} would hold more than {MOST} marks; save fewer taps")
    names = {plain(label.mark.name) for label in labels}
    for second, written in sorted(taps):
        mark = Mark(_free(_clean(written), names), max(0.0, round(second, 3)))
        names.add(plain(mark.name))
        labels.append(_Label(mark, f"{mark.second:.3f}\t{mark.second:.3f}\t{mark.name}\n"))
    labels.sort(key=lambda label: label.mark.second)
    try:
        write_atomically(path, "".join(label.text for label in labels).encode())
    except OSError as error:
        raise Error(
            f"{path} cannot be written ({error.strerror}); move the scene to a folder that you "
            "may write to"
        ) from error
    return tuple(label.mark for label in labels if label.mark.name)


def advice_for(scene: Scene | None, path: Path, added: Iterable[Mark]) -> tuple[str, str]:
    """What to do so that a scene reads the marks in `path`, and the lines to add to it.

    Both are empty where it does so already. `scene` is None while it has mistakes.
    """
    music = None if scene is None else scene.music
    if music is not None and isinstance(music.marks, Path):
        if music.marks == path.resolve():
            return "", ""
        return f"The scene reads {music.marks.name}; name this file instead.", _setting(path)
    if music is not None and music.marks is not None:
        lines = "".join(f"{_quoted(mark.name)}: {mark.second:g}s\n" for mark in added)
        return "The scene has marks of its own; add these to them, under marks:", lines.rstrip()
    if music is None or music.model_fields_set:
        return "Add this line to the scene, under music:", _setting(path)
    return "Add these lines to the scene:", f"music:\n  {_setting(path)}"


@dataclass(frozen=True, slots=True)
class _Label:
    mark: Mark
    """Start and name of the label; the name may be empty."""
    text: str
    """Lines of the file that are the label, as they were written: with end and frequencies."""


def _labels(path: Path) -> list[_Label]:
    """The labels of a file; none of one that is not there or empty."""
    try:
        text = read_text(path) if path.exists() and path.stat().st_size else ""
        found = read_labels(text, path)
    except ValueError as error:
        raise Error(f"taps are added to no file but one of labels: {error}") from error
    lines = text.rstrip("\n").split("\n")
    edges = [*(number - 1 for number, _, _ in found), len(lines)]
    return [
        _Label(Mark(name, float(second)), "".join(f"{line}\n" for line in lines[start:end]))
        for (_, second, name), (start, end) in zip(found, pairwise(edges), strict=True)
    ]


def _clean(name: str) -> str:
    """A name in a line of its own, without tabs; one of digits alone would be a frame."""
    words = " ".join(name.split())[:LONGEST].strip()
    return f"{_TAP} {words}" if words.isdigit() else words


def _free(name: str, taken: set[str]) -> str:
    if name and plain(name) not in taken:
        return name
    stem = name or _TAP
    number = 2 if name else 1
    while plain(f"{stem} {number}") in taken:
        number += 1
    return f"{stem} {number}"


def _setting(path: Path) -> str:
    return f"marks: {_quoted(path.name)}"


def _quoted(text: str) -> str:
    return (
        text
        if _PLAIN.fullmatch(text)
        else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )

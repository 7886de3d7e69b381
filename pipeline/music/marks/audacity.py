"""Label files of Audacity: `start<tab>end<tab>name`, in seconds.

A line that begins with a backslash belongs to the label before it, and tells its frequencies.
"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from keyframes.mistakes import found
from pipeline.files.texts import fault
from pipeline.music.marks.beat_list import SECONDS, BeatList, Mark, rising, seconds_of

_TIME = SECONDS.replace(r"\.", "[.,]")
"""Seconds with the point of any language."""
_LABEL = re.compile(rf"({_TIME})\t({_TIME})\t(.*)")


def looks_like_labels(text: str) -> bool:
    """Whether a text is meant as labels: its first line has the three columns."""
    return _LABEL.fullmatch(text.lstrip("\n").partition("\n")[0]) is not None


def label_marks(text: str, path: Path) -> tuple[Mark, ...]:
    """The labels that have a name, each at its start.

    Raises ValueError for a line that is no label, and where no label has a name.
    """
    labels = read_labels(text, path)
    marks = tuple(Mark(name, float(second)) for _, second, name in labels if name)
    if not marks:
        raise fault(path, "no label has a name; type one for each, and export the labels again")
    return marks


def label_beats(text: str, path: Path) -> BeatList:
    """The starts of the labels as beats.

    A bar begins at the first label named 1, where one is, and else at the first label. Raises
    ValueError for a line that is no label, and for labels out of order.
    """
    labels = read_labels(text, path)
    names = [name for _, _, name in labels]
    seconds = rising(path, [second for _, second, _ in labels], [line for line, _, _ in labels])
    return BeatList(seconds, names.index("1") if "1" in names else 0)


def read_labels(text: str, path: Path) -> list[tuple[int, Fraction, str]]:
    """Line, from 1, start and name of every label; ValueError for a line that is none."""
    labels = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith("\\"):
            continue
        match = _LABEL.fullmatch(line)
        if match is None:
            form = "expected a label, start, end and name with tabs between them"
            raise fault(path, f"{form}, found {found(line)}", number)
        labels.append((number, seconds_of(match[1].replace(",", ".")), match[3].strip()))
    return labels

"""Beats in a plain text: a line for each, with its seconds, as most beat trackers write them.

A second column may count the beats of each bar from 1. Lines that begin with `#` are remarks.
NumPy writes both as `4.640000000000000000e-01`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from keyframes.mistakes import found
from pipeline.files.texts import fault
from pipeline.music.marks.beat_list import SECONDS, BeatList, rising, seconds_of

_LINE = re.compile(
    rf"(?:([0-9]{{1,4}}):)?({SECONDS})(?:[\t ,;]+([0-9]{{1,2}})(?:\.0+e\+00)?)?(?:[\t ,;].*)?"
)


def read_beats_text(text: str, path: Path) -> BeatList:
    """The beats of a text, which stands in the file at `path`.

    Raises ValueError for a line that is no beat, and for beats out of order.
    """
    beats: list[Fraction] = []
    lines: list[int] = []
    counts: list[int] = []
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        match = _LINE.fullmatch(words)
        if match is None:
            raise fault(
                path,
                f"expected the seconds of a beat, such as 12.345, found {found(words)}",
                number,
            )
        beats.append(60 * int(match[1] or 0) + seconds_of(match[2]))
        lines.append(number)
        counts.append(int(match[3] or 0))
    counted = 1 in counts and max(counts) > 1
    return BeatList(
        rising(path, beats, lines),
        counts.index(1) if counted else 0,
        max(counts) if counted else None,
    )

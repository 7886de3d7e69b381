"""Markers in an edit decision list, as DaVinci Resolve exports those of a timeline.

Each stands in two lines: that of an edit, whose third timecode is the place in the timeline, and
` |C:ResolveColorBlue |M:name |D:1`. Timecodes count frames; SMPTE ST 12-1 says how they are
dropped at 29.97 and 59.94 frames a second.
"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from pipeline.files.texts import fault
from pipeline.music.marks.beat_list import BeatList, Mark, rising

_CODE = r"([0-9]{2}):([0-9]{2}):([0-9]{2})([:;.])([0-9]{2,3})"
_EDIT = re.compile(rf"[0-9]+ .*?(?:{_CODE.replace('(', '(?:')}\s+){{2}}{_CODE}\s.*")
_NAME = "|M:"
_LENGTH = "|D:"


def edl_marks(text: str, path: Path, fps: Fraction) -> tuple[Mark, ...]:
    """The markers of a list, in a timeline of `fps` frames a second.

    Whole hours before the first marker are left out: timelines begin at 01:00:00:00 as a rule.
    Raises ValueError where there is no marker, or a timecode does not fit the frame rate.
    """
    drops = any(line.strip().upper() == "FCM: DROP FRAME" for line in text.split("\n"))
    placed: list[tuple[tuple[int, int, int, int], str]] = []
    code: tuple[int, int, int, int] | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if edit := _EDIT.fullmatch(f"{line.strip()} "):
            hours, minutes, seconds, _, frames = edit.groups()
            code = int(hours), int(minutes), int(seconds), int(frames)
            drops = drops or edit[4] == ";"
            if code[3] >= _nominal(fps):
                raise fault(path, _other_rate(code[3], fps), number)
        elif code and _NAME in line:
            words = line.partition(_NAME)[2]
            placed.append((code, (words.rpartition(_LENGTH)[0] or words).strip()))
    if not placed:
        raise fault(path, "there is no marker in it; export the markers of the timeline to an EDL")
    hour = min(hours for (hours, _, _, _), _ in placed)
    begin = _frames((hour, 0, 0, 0), fps, drops)
    return tuple(
        Mark(name or f"marker {place}", float((_frames(code, fps, drops) - begin) / fps))
        for place, (code, name) in enumerate(placed, start=1)
    )


def edl_beats(text: str, path: Path, fps: Fraction) -> BeatList:
    """The markers of a list as beats, of which the first begins a bar; raises as `edl_marks`."""
    seconds = sorted({mark.second for mark in edl_marks(text, path, fps)})
    return BeatList(rising(path, seconds, range(len(seconds))))


def _nominal(fps: Fraction) -> int:
    """The frames that a timecode counts in a second."""
    return round(fps)


def _frames(code: tuple[int, int, int, int], fps: Fraction, drops: bool) -> int:
    hours, minutes, seconds, frames = code
    nominal = _nominal(fps)
    passed = 60 * hours + minutes
    # Two numbers (four at 60) are left out at the start of every minute but each tenth.
    dropped = round(nominal / 15) * (passed - passed // 10) if drops else 0
    return (60 * passed + seconds) * nominal + frames - dropped


def _other_rate(frame: int, fps: Fraction) -> str:
    return (
        f"frame {frame} of a second does not fit video.fps, {float(fps):.5g}; export the list from "
        "a timeline of this frame rate"
    )

"""The lines of a song, from LRC, SubRip (SRT) and SubStation (ASS) files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import inf
from pathlib import Path

from keyframes.mistakes import found
from pipeline.files.texts import fault, read_text

_STAMP = re.compile(r"\[([0-9]{1,3}):([0-9]{1,2}(?:[.:][0-9]{1,3})?)\] *")
_TAG = re.compile(r"\[([A-Za-z#]+):([^\]]*)\]")
_TIME = r"[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}[.,][0-9]{1,3}"
_TIMES = re.compile(f"{_TIME} *--> *{_TIME}")
_WORD_STAMP = re.compile(r"<[0-9]{1,3}:[0-9]{1,2}(?:[.:][0-9]{1,3})?> ?")
_MOST_BYTES = 5_000_000
_MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Line:
    """What is sung from `start` up to `end`, in seconds of the song; `end` may be infinite."""

    start: float
    end: float
    text: str


def read_lyrics(path: Path) -> tuple[Line, ...]:
    """The lines in a file in the order in which they are sung; each ends where the next begins.

    A file whose name ends in `.srt`, `.ass` or `.ssa` is read as such, others as LRC. Raises
    ValueError with the file, its line where there is one, and the remedy.
    """
    text = read_text(path, _MOST_BYTES)
    format_ = {".srt": "srt", ".ass": "ass", ".ssa": "ssa"}.get(path.suffix.lower())
    lines = _in_order(_lrc(text, path) if format_ is None else _subtitles(text, path, format_))
    if not lines:
        raise fault(path, "there is no line of a song in it")
    if len(lines) > _MOST_LINES:
        raise fault(path, f"found {len(lines)} lines; a song has up to {_MOST_LINES:,}")
    return lines


def _lrc(text: str, path: Path) -> Iterable[Line]:
    """A line for each stamp; one without words ends the line before it.

    `[offset:500]` lets all lines begin so many milliseconds earlier.
    """
    offset = 0.0
    stamped: list[Line] = []
    for number, written in enumerate(text.split("\n"), start=1):
        rest = written.strip()
        if tag := _TAG.fullmatch(rest):
            offset = _offset(tag[2], path, number) if tag[1].lower() == "offset" else offset
            continue
        starts, end = [], 0
        while stamp := _STAMP.match(rest, end):
            starts.append(60 * int(stamp[1]) + float(stamp[2].replace(":", ".")))
            end = stamp.end()
        if rest and not starts:
            form = "expected a time and what is sung, such as [01:12.50]a castle in the sea"
            raise fault(path, f"{form}, found {found(rest)}", number)
        words = " ".join(_WORD_STAMP.sub("", rest[end:]).split())
        stamped += [Line(start, inf, words) for start in starts]
    return [Line(max(0.0, one.start - offset), one.end, one.text) for one in stamped]


def _offset(written: str, path: Path, line: int) -> float:
    try:
        return int(written.strip()) / 1000
    except ValueError:
        raise fault(path, f"an offset is in milliseconds; found {found(written)}", line) from None


def _subtitles(text: str, path: Path, format_: str) -> Iterable[Line]:
    # Only songs with such a file need the library.
    from pysubs2 import SSAFile
    from pysubs2.exceptions import Pysubs2Error

    if format_ == "srt":
        _check_times(text, path)
    try:
        subtitles = SSAFile.from_string(text, format_=format_)
    except (Pysubs2Error, ValueError, LookupError) as error:
        raise fault(path, f"these are no {format_.upper()} subtitles ({error})") from error
    for event in subtitles:
        if not event.is_comment and not event.is_drawing and event.end > event.start:
            words = " ".join(event.plaintext.split())
            yield Line(event.start / 1000, event.end / 1000, words)


def _check_times(text: str, path: Path) -> None:
    """ValueError for times that cannot be read: they would pass for words of the line before."""
    for number, written in enumerate(text.split("\n"), start=1):
        if "-->" in written and not _TIMES.search(written):
            form = "expected times such as 00:01:02,500 --> 00:01:05,000"
            raise fault(path, f"{form}, found {found(written.strip())}", number)


def _in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines that begin one after the other, each over when the next begins; none without words."""
    begun: dict[float, Line] = {}
    for line in sorted(lines, key=lambda line: line.start):
        before = begun.get(line.start)
        both = line if before is None else Line(line.start, line.end, f"{before.text} {line.text}")
        begun[line.start] = both
    ordered: Sequence[Line] = list(begun.values())
    return tuple(
        Line(line.start, min(line.end, following.start) if following else line.end, line.text)
        for line, following in zip_longest(ordered, ordered[1:])
        if line.text.strip()
    )

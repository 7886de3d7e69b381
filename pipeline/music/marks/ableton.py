"""Sets of Ableton Live (`.als`): the tempo of the arrangement, and its locators.

A set is XML in gzip. Locators stand in the arrangement at `Time` in beats of a quarter note. The
tempo has a value of its own, and an envelope of events between which it goes in straight lines over
the quarter notes; the metre is one number, `99 * log2(lower) + upper - 1`.
"""

from __future__ import annotations

import math
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.files.texts import MOST_BYTES, as_text, fault, read_content
from pipeline.music.marks.beat_list import MOST_BEATS, BeatList, Mark, rising
from pipeline.music.marks.safe_xml import read_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAIN = ("MasterTrack", "MainTrack")
"""The track of the tempo, up to Live 11 and from Live 12 on."""

_METRES = 99
"""Numbers of metres that have one lower number."""
_LOWEST = 16
"""The largest lower number of a metre in Live."""

Point = tuple[float, float]
"""A place in quarter notes, and how many of these a minute has there."""


def set_beats(path: Path) -> BeatList:
    """The beats of a set, whose arrangement begins with the song.

    A beat is what the lower number of the time signature names; without one, a quarter note.
    Raises as `set_marks` does, and for a time signature that Live cannot have.
    """
    main = _main(_root(path), path)
    points = _tempo(main, path)
    upper, lower = _metre(main, path)
    count = math.ceil(points[-1][0] * lower / 4) + 2
    if count > MOST_BEATS:
        raise fault(path, f"it has more than {MOST_BEATS:,} beats")
    seconds = [_second(4 * beat / lower, points) for beat in range(count)]
    return BeatList(rising(path, seconds, range(count)), 0, upper)


def _metre(main: Element, path: Path) -> tuple[int | None, int]:
    """The beats of a bar, None where the set does not say, and the note that a beat is."""
    manual = main.find(".//TimeSignature/Manual")
    if manual is None:
        return None, 4
    log, above = divmod(int(_value(manual, path)), _METRES)
    if not 0 <= log <= math.log2(_LOWEST):
        raise fault(path, "its time signature cannot be read; save the set again")
    return above + 1, 2**log


def set_marks(path: Path) -> tuple[Mark, ...]:
    """The locators of a set, which lie on the seconds that its tempo gives them.

    Raises ValueError for what is no set, and for one without locators.
    """
    root = _root(path)
    points = _tempo(_main(root, path), path)
    marks = []
    for locator in root.iter("Locator"):
        name, time = locator.find("Name"), locator.find("Time")
        words = "" if name is None else name.get("Value", "").strip()
        if words:
            marks.append(Mark(words, _second(_value(time, path), points)))
    if not marks:
        raise fault(path, "no locator in it has a name; add some in the arrangement, and save it")
    return tuple(sorted(marks, key=lambda mark: mark.second))


def _root(path: Path) -> Element:
    unpacked = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        content = unpacked.decompress(read_content(path), MOST_BYTES)
    except zlib.error as error:
        raise fault(path, "this is not a set of Ableton Live (no gzip)") from error
    if unpacked.unconsumed_tail:
        raise fault(path, f"it holds more than {MOST_BYTES:,} bytes; save the locators alone")
    if not unpacked.eof:
        raise fault(path, "it ends in the middle; save it again")
    return read_xml(as_text(content, path), path)


def _main(root: Element, path: Path) -> Element:
    for name in _MAIN:
        if (found := root.find(f".//{name}")) is not None:
            return found
    raise fault(path, "this is not a set of Ableton Live (no main track)")


def _tempo(main: Element, path: Path) -> Sequence[Point]:
    """The points of the tempo in the order of their beats; one before the first beat is at 0."""
    tempo = main.find(".//Tempo")
    manual = None if tempo is None else tempo.find("Manual")
    target = None if tempo is None else tempo.find("AutomationTarget")
    points = [(0.0, _value(manual, path))]
    for envelope in main.iter("AutomationEnvelope"):
        pointee = envelope.find(".//PointeeId")
        if target is not None and pointee is not None and pointee.get("Value") == target.get("Id"):
            events = [
                (max(0.0, _value(event, path, "Time")), _value(event, path))
                for event in envelope.iter("FloatEvent")
            ]
            # Two at a beat are a jump, from the one that stands first to the other.
            points = sorted(events, key=lambda event: event[0]) or points
    if not all(1 <= bpm <= 1000 for _, bpm in points):
        raise fault(path, "its tempo is not from 1 to 1000 beats a minute")
    return points


def _second(beat: float, points: Sequence[Point]) -> float:
    """The integral of `60 / bpm` over the beats from 0 on."""
    stops = [(0.0, points[0][1]), *points[: bisect_right(points, (beat, math.inf))]]
    if len(stops) <= len(points):
        (before, low), (after, high) = stops[-1], points[len(stops) - 1]
        stops.append((beat, low + (high - low) * (beat - before) / (after - before)))
    else:
        stops.append((beat, stops[-1][1]))
    return sum(_lasting(*pair) for pair in pairwise(stops))


def _lasting(start: Point, end: Point) -> float:
    (before, low), (after, high) = start, end
    slowness = 1 / low if high == low else math.log(high / low) / (high - low)
    return 60 * (after - before) * slowness


def _value(element: Element | None, path: Path, attribute: str = "Value") -> float:
    try:
        value = float("" if element is None else element.get(attribute, ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise fault(path, "this set of Ableton Live has no tempo or place that can be read")
    return value

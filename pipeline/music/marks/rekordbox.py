"""Collections of rekordbox in XML: the beat grid and the cue points of one song among others.

Format: "rekordbox xml format list" of AlphaTheta. A TEMPO of a TRACK begins at `Inizio` seconds,
with `Bpm` beats a minute in bars of `Metro`, on beat `Battito` of a bar; it holds up to the next.
A POSITION_MARK lies at `Start` seconds and has a `Name`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from keyframes.mistakes import found
from pipeline.files.texts import fault
from pipeline.music.marks.beat_list import MOST_BEATS, SECONDS, BeatList, Mark, rising, seconds_of
from pipeline.music.marks.safe_xml import read_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DECIMAL = re.compile(SECONDS)
_METRE = re.compile(r"([1-9][0-9]?)/[0-9]{1,2}")


def grid_beats(text: str, path: Path, song: Path | None) -> BeatList:
    """The beats of `song` in a collection, up to a whole bar behind the last change of tempo.

    Raises ValueError where the song is not in it, or has no grid that can be read.
    """
    read = (_grid(one, path) for one in _track(text, path, song).iter("TEMPO"))
    # Of two that begin together the last counts.
    grids = sorted({grid[0]: grid for grid in read}.values())
    if not grids:
        raise fault(path, "this song has no beat grid (TEMPO); analyse it, and export again")
    _, _, metre, on = grids[0]
    beats: list[Fraction] = []
    for (start, bpm, _, _), following in zip_longest(grids, grids[1:]):
        # The first beat of a bar is among so many, also where the grid begins behind one.
        count = round((following[0] - start) * bpm / 60) if following else metre + 1
        if len(beats) + count > MOST_BEATS:
            raise fault(path, f"the grid has more than {MOST_BEATS:,} beats")
        beats += [start + n * 60 / bpm for n in range(count)]
    return BeatList(rising(path, beats, range(1, len(beats) + 1)), (1 - on) % metre, metre)


def cue_marks(text: str, path: Path, song: Path | None) -> tuple[Mark, ...]:
    """The cue points of `song` in a collection that have a name.

    Raises ValueError where the song is not in it, and where no cue point has a name.
    """
    marks = []
    for cue in _track(text, path, song).iter("POSITION_MARK"):
        if name := cue.get("Name", "").strip():
            marks.append(Mark(name, float(_decimal(cue, "Start", path))))
    if not marks:
        raise fault(path, "no cue point of this song has a name; give them names, and export again")
    return tuple(marks)


def _grid(tempo: Element, path: Path) -> tuple[Fraction, Fraction, int, int]:
    """Start, beats a minute, beats of a bar and the number of the first beat in its bar."""
    metre = _METRE.fullmatch(tempo.get("Metro", "4/4"))
    bpm = _decimal(tempo, "Bpm", path)
    if metre is None or not 1 <= bpm <= 1000:
        raise fault(path, f"a TEMPO with Bpm {found(tempo.get('Bpm'))} cannot be read")
    on = tempo.get("Battito", "1")
    return _decimal(tempo, "Inizio", path), bpm, int(metre[1]), int(on) if on.isdecimal() else 1


def _decimal(element: Element, attribute: str, path: Path) -> Fraction:
    written = element.get(attribute, "")
    if not _DECIMAL.fullmatch(written):
        raise fault(path, f"{attribute} of a {element.tag} is {found(written)}, not a number")
    return seconds_of(written)


def _track(text: str, path: Path, song: Path | None) -> Element:
    tracks = [track for track in read_xml(text, path).iter("TRACK") if track.get("Location")]
    name = song.name if song else ""
    of_song = [track for track in tracks if _file_name(track) == name]
    if len(of_song) == 1 or (len(tracks) == 1 and not of_song):
        return (of_song or tracks)[0]
    what = f"{len(of_song) or 'none'} of them is {found(name)}" if name else "music.file is not set"
    raise fault(path, f"holds {len(tracks)} songs, and {what}; export this song alone")


def _file_name(track: Element) -> str:
    return unquote(track.get("Location", "")).rpartition("/")[2]

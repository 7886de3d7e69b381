"""Files of beats and of marks in any of the formats that are read, told by their names."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from pipeline.files.texts import fault, read_text
from pipeline.music.marks.ableton import set_beats, set_marks
from pipeline.music.marks.audacity import label_beats, label_marks, looks_like_labels
from pipeline.music.marks.beat_list import BeatList, Mark
from pipeline.music.marks.beats_text import read_beats_text
from pipeline.music.marks.edl import edl_beats, edl_marks
from pipeline.music.marks.midi_tempo import midi_beats
from pipeline.music.marks.rekordbox import cue_marks, grid_beats

_MIDI = (".mid", ".midi", ".smf")


def read_beats(path: Path, song: Path | None, fps: Fraction) -> BeatList:
    """The beats in a file: a MIDI file, a set of Ableton Live, rekordbox XML, an EDL, or a text.

    `song` is the file of the song, for collections of several, and `fps` the frames a second that
    timecodes count. Raises ValueError with the file, its line where there is one, and the remedy.
    """
    suffix = path.suffix.lower()
    if suffix in _MIDI:
        return midi_beats(path)
    if suffix == ".als":
        return set_beats(path)
    text = read_text(path)
    if suffix == ".xml":
        return grid_beats(text, path, song)
    if suffix == ".edl":
        return edl_beats(text, path, fps)
    return label_beats(text, path) if looks_like_labels(text) else read_beats_text(text, path)


def read_marks(path: Path, song: Path | None, fps: Fraction) -> tuple[Mark, ...]:
    """The marks in a file: a set of Ableton Live, rekordbox XML, an EDL, or labels of Audacity.

    Takes and raises what `read_beats` does.
    """
    suffix = path.suffix.lower()
    if suffix in _MIDI:
        raise fault(path, "MIDI files have no marks here; write beats: for their tempo")
    if suffix == ".als":
        return set_marks(path)
    text = read_text(path)
    if suffix == ".xml":
        return cue_marks(text, path, song)
    return edl_marks(text, path, fps) if suffix == ".edl" else label_marks(text, path)

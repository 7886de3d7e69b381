from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from mido import Message, MetaMessage, MidiFile, MidiTrack

from keyframes.tempo import Tempo
from pipeline.music.marks.midi_tempo import midi_beats
from tests.pipeline.music.marks.said import said

TRACK = b"MThd\0\0\0\x06\0\1\0\1\1\xe0MTrk"
ENDLESS = TRACK + b"\0\0\x40\0" + b"\xff" * 10_000
WRONG_KEY = TRACK + b"\0\0\0\x0a\0\xff\x59\x02\x63\0\0\xff\x2f\0"
"""A key signature of 99 sharps."""


def midi(folder: Path, *messages: Any, quarter: int = 480) -> Path:
    """A file of one track."""
    file = MidiFile(ticks_per_beat=quarter)
    file.tracks.append(MidiTrack(messages))
    file.save(folder / "song.mid")
    return folder / "song.mid"


def tempo(microseconds: int, time: int = 0) -> MetaMessage:
    return MetaMessage("set_tempo", tempo=microseconds, time=time)


def metre(above: int, below: int, time: int = 0) -> MetaMessage:
    return MetaMessage("time_signature", numerator=above, denominator=below, time=time)


def test_the_usual_tempo_of_a_file_that_names_none(tmp_path: Path) -> None:
    beats = midi_beats(midi(tmp_path, Message("note_on", note=60, time=0)))
    assert beats.seconds == (0, Fraction(1, 2))
    assert (beats.first, beats.beats_per_bar) == (0, None)


def test_a_map_of_tempos(tmp_path: Path) -> None:
    song = midi(tmp_path, tempo(600_000), metre(3, 4), tempo(300_000, 4 * 480))
    beats = midi_beats(song)
    assert [float(second) for second in beats.seconds] == [0, 0.6, 1.2, 1.8, 2.4, 2.7]
    assert beats.beats_per_bar == 3
    assert Tempo.of_beats(beats.seconds, 0, 3) == Tempo(100, 0.0, 3, ((4, 200),))


def test_a_change_within_a_beat(tmp_path: Path) -> None:
    beats = midi_beats(midi(tmp_path, tempo(1_000_000), tempo(500_000, 720)))
    assert [float(second) for second in beats.seconds] == [0, 1, 1.75, 2.25]


def test_the_beat_is_what_the_time_signature_names(tmp_path: Path) -> None:
    beats = midi_beats(midi(tmp_path, metre(6, 8), tempo(500_000)))
    assert beats.seconds == (0, Fraction(1, 4))
    assert beats.beats_per_bar == 6


def test_bar_1_begins_behind_an_upbeat(tmp_path: Path) -> None:
    beats = midi_beats(midi(tmp_path, tempo(500_000), metre(1, 4), metre(4, 4, 480)))
    assert beats.seconds == (0, Fraction(1, 2), 1)
    assert (beats.first, beats.beats_per_bar) == (1, 4)


@pytest.mark.parametrize(
    ("upbeat", "seconds", "first"),
    [
        ((1, 8), ["0.25", "0.75"], 0),
        ((3, 8), ["0.25", "0.75", "1.25"], 1),
        ((7, 16), ["0.375", "0.875", "1.375"], 1),
        ((3, 4), ["0", "0.5", "1", "1.5", "2"], 3),
    ],
)
def test_bar_1_begins_behind_an_upbeat_of_any_length(
    tmp_path: Path, upbeat: tuple[int, int], seconds: list[str], first: int
) -> None:
    """Also where that is no whole number of beats, which lie as those of bar 1 do."""
    ticks = 4 * 480 * upbeat[0] // upbeat[1]
    beats = midi_beats(midi(tmp_path, tempo(500_000), metre(*upbeat), metre(4, 4, ticks)))
    assert beats.seconds[: len(seconds)] == tuple(map(Fraction, seconds))
    assert (beats.first, beats.beats_per_bar) == (first, 4)
    song = Tempo.of_beats(beats.seconds, beats.first, 4)
    assert song == Tempo(120, Fraction(ticks, 960), 4)


@pytest.mark.parametrize(("first", "last"), [((3, 4), (4, 4)), ((4, 4), (3, 4))])
def test_of_two_time_signatures_at_a_tick_the_last_counts(
    tmp_path: Path, first: tuple[int, int], last: tuple[int, int]
) -> None:
    beats = midi_beats(midi(tmp_path, metre(*first), metre(*last)))
    assert (beats.first, beats.beats_per_bar) == (0, last[0])


def test_tempos_on_any_track_count(tmp_path: Path) -> None:
    file = MidiFile()
    file.tracks += [MidiTrack([tempo(400_000)]), MidiTrack([tempo(200_000, 480)])]
    file.save(tmp_path / "song.mid")
    assert midi_beats(tmp_path / "song.mid").seconds == (0, Fraction(2, 5), Fraction(3, 5))


def test_no_beats(tmp_path: Path) -> None:
    changing = midi(tmp_path, metre(4, 4), metre(4, 4, 480), metre(3, 4, 1440))
    assert said(lambda: midi_beats(changing)) == (
        "its time signature changes (4/4, then 3/4), and bars here have one length"
    )
    endless = midi(tmp_path, tempo(1, 0), tempo(2, 2**27), quarter=96)
    assert said(lambda: midi_beats(endless)) == "it has more than 200,000 beats"
    film = tmp_path / "film.mid"
    film.write_bytes(b"MThd\0\0\0\x06\0\0\0\0\xe7\x28")
    assert said(lambda: midi_beats(film)) == (
        "it counts frames of film, not beats; export it with beats"
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a text", "this is no MIDI file; export it as .mid"),
        (b"MThd", "this MIDI file ends in the middle; export it again"),
        (TRACK, "this MIDI file ends in the middle; export it again"),
        (ENDLESS, "this MIDI file is damaged (a number without end); export it again"),
        (WRONG_KEY, "this MIDI file is damaged ("),
    ],
)
def test_no_midi(tmp_path: Path, content: bytes, told: str) -> None:
    broken = tmp_path / "song.mid"
    broken.write_bytes(content)
    assert said(lambda: midi_beats(broken)).startswith(told)


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "song.mid").touch()
    with pytest.raises(ValueError, match="is empty, 0 bytes; export it again"):
        midi_beats(tmp_path / "song.mid")

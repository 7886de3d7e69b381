from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mido import Message

from pipeline.errors import Error
from pipeline.music.midi import LARGEST, Note, read_notes
from tests.pipeline.music.midi_files import TICKS, tempos, timed, track, write_midi


def test_notes_of_all_tracks_with_their_names(tmp_path: Path) -> None:
    file = write_midi(
        tmp_path / "song.mid",
        tempos({0: 500_000}),
        track([(0, 1, 36, 127, 10), (2, 0.5, 38, 64, 10)], "Kit"),
        track([(1, 4, 60, 1, 3)], "Баß"),
    )
    assert read_notes(file) == (
        Note(0.0, 0.5, 36, 1.0, 10, 2, "Kit"),
        Note(1.0, 1.25, 38, 64 / 127, 10, 2, "Kit"),
        Note(0.5, 2.5, 60, 1 / 127, 3, 3, "Баß"),
    )


@pytest.mark.parametrize("form", [0, 1])
def test_seconds_are_exact_through_changes_of_tempo(tmp_path: Path, form: int) -> None:
    # 100 beats of 0.5 s, 100 of 1/3 s (to a microsecond), then 0.6 s each.
    changes = {0: 500_000, 100: 333_333, 200: 600_000}
    notes = [(beat, 1, 40, 100, 1) for beat in (0, 100, 150.5, 200, 1200)]
    if form:
        tracks = [tempos(changes), track(notes)]
    else:
        both = [*events(tempos(changes)), *events(track(notes))]
        tracks = [timed(both)]
    read = read_notes(write_midi(tmp_path / "song.mid", *tracks, form=form))
    expected = [0, 50, 50 + 50.5 * 0.333333, 83.3333, 683.3333]
    assert [note.start for note in read] == pytest.approx(expected, rel=1e-15)
    assert [note.end for note in read][1] == pytest.approx(50.333333, rel=1e-15)


def events(made: list[Message]) -> list[tuple[int, int, Message]]:
    tick, found = 0, []
    for message in made:
        tick += message.time
        found.append((tick, 0, message))
    return found


def test_two_a_second_are_meant_where_no_tempo_is_set(tmp_path: Path) -> None:
    (note,) = read_notes(write_midi(tmp_path / "song.mid", track([(3, 1, 40, 100, 1)])))
    assert (note.start, note.end) == (1.5, 2.0)


def test_film_time_has_ticks_of_its_own(tmp_path: Path) -> None:
    file = write_midi(tmp_path / "song.mid", track([(10, 1, 40, 100, 1)]))
    data = bytearray(file.read_bytes())
    for fps, rate in ((25, 25.0), (29, 30000 / 1001), (30, 30.0)):
        data[12:14] = struct.pack(">bB", -fps, 40)
        file.write_bytes(data)
        (note,) = read_notes(file)
        assert note.start == pytest.approx(10 * TICKS / 40 / rate, rel=1e-15)


def test_notes_end_in_the_order_of_their_beginning(tmp_path: Path) -> None:
    on, off = Message("note_on", note=60, velocity=80), Message("note_on", note=60, velocity=0)
    made = timed(
        [
            (0, 0, on),
            (480, 0, on),
            (960, 0, off),
            (1440, 0, off),
            (1920, 0, on),
            (2400, 0, off),
            (2400, 1, off),
            (2880, 0, on),
            (3360, 0, Message("note_off", note=61)),
        ]
    )
    read = read_notes(write_midi(tmp_path / "song.mid", made))
    assert [(note.start, note.end) for note in read] == [
        *((0.0, 1.0), (0.5, 1.5), (2.0, 2.5)),
        (3.0, 3.5),  # nothing ends it but the track
    ]


GOOD = bytes.fromhex("4d546864000000060000000101e04d54726b0000000d0090407f836080400000ff2f00")
DAMAGED = "is damaged; export it again"
BROKEN = {
    "nothing": (b"", " is no MIDI file; export the notes as a .mid file"),
    "a sound": (b"RIFF" + bytes(90), " is no MIDI file; export the notes as a .mid file"),
    "torn head": (GOOD[:9], " ends in the middle; export it again"),
    "torn track": (GOOD[:-6], " ends in the middle; export it again"),
    "no track": (GOOD[:14], " ends in the middle; export it again"),
    "alien track": (GOOD.replace(b"MTrk", b"MTrx"), f" {DAMAGED} (no MTrk header at start of"),
    "no ticks": (GOOD[:12] + bytes(2) + GOOD[14:], f" {DAMAGED}: its beats have no ticks"),
    "no film ticks": (GOOD[:12] + b"\xe7\0" + GOOD[14:], f" {DAMAGED}: its beats have no ticks"),
    "endless number": (GOOD[:22] + b"\xff" * 9000, f" {DAMAGED}"),
    "running": (GOOD[:22] + b"\0\x40" + GOOD[24:], f" {DAMAGED} (running status without"),
    "no such key": (
        GOOD[:22] + b"\0\xff\x59\x02\x63\0\0\xff\x2f\0",
        f" {DAMAGED} (Could not decode key",
    ),
    "much": (GOOD + bytes(LARGEST), " has more than 1 MB of notes"),
    "patterns": (GOOD[:9] + b"\2" + GOOD[10:], " is of format 2, of patterns that have no common"),
}


def test_a_file_of_one_note(tmp_path: Path) -> None:
    (tmp_path / "song.mid").write_bytes(GOOD)
    assert read_notes(tmp_path / "song.mid") == (Note(0.0, 0.5, 64, 1.0, 1, 1, ""),)


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_files(tmp_path: Path, kind: str) -> None:
    data, words = BROKEN[kind]
    (tmp_path / "song.mid").write_bytes(data)
    with pytest.raises(Error) as error:
        read_notes(tmp_path / "song.mid")
    assert f"{tmp_path / 'song.mid'}{words}" in str(error.value)


def test_other_files(tmp_path: Path) -> None:
    with pytest.raises(Error, match=r"cannot be read: No such file or directory$"):
        read_notes(tmp_path / "none.mid")
    with pytest.raises(Error, match=r"cannot be read: Is a directory$"):
        read_notes(tmp_path)
    with pytest.raises(Error, match=r"holds no notes; export it with them$"):
        read_notes(write_midi(tmp_path / "empty.mid", tempos({0: 400_000})))
    late = write_midi(tmp_path / "late.mid", tempos({0: 2**24 - 1}), track([(9000, 1, 1, 1, 1)]))
    with pytest.raises(Error, match=r"a note begins after more than a day$"):
        read_notes(late)


@pytest.mark.slow
@settings(
    derandomize=True,
    deadline=2000,
    max_examples=400,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.integers(8, len(GOOD) - 1), st.binary(max_size=4)), max_size=4))
def test_any_damage_is_told_or_harmless(tmp_path: Path, changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(GOOD)
    for place, written in changes:
        data[place : place + len(written)] = written
    (tmp_path / "song.mid").write_bytes(data)
    try:
        notes = read_notes(tmp_path / "song.mid")
    except Error as error:
        assert "song.mid" in str(error)
    else:
        assert all(0 < note.velocity <= 1 and note.end >= note.start >= 0 for note in notes)

"""The song that ships: what it says of itself is so, to the sample, and its files are its own."""

from __future__ import annotations

from pathlib import Path

import imageio_ffmpeg
import mido
import numpy as np
import pytest

from tests import child
from tools.song import score
from tools.song.__main__ import FOLDER
from tools.song.files import write_drums
from tools.song.mix import LENGTH, drums
from tools.song.voices import RATE
from tools.song.words import LINES, lrc

KICKS = [score.seconds(note.beat) for note in score.drum_hits() if note.pitch == score.KICK]


def test_bar_1_begins_at_half_a_second_and_bars_last_two() -> None:
    starts = [score.seconds(score.first_beat_of(bar)) for bar in (1, 2, 11, 21)]
    assert starts == [0.5, 2.5, 20.5, 40.5]


@pytest.mark.slow
def test_the_drums_begin_where_they_are_written() -> None:
    for hit in (score.Note(0, 0.25, score.KICK), score.Note(41.25, 0.25, score.SNARE)):
        track = drums([hit])
        assert track.shape == (2, LENGTH)
        heard = np.flatnonzero(np.abs(track[0]) > 1e-3)[0]
        late = heard - score.seconds(hit.beat) * RATE
        assert -1 < late < 0.001 * RATE


def test_the_break_has_no_drums_and_the_chorus_a_kick_on_every_beat() -> None:
    start, end = (score.first_beat_of(bar) for bar in (score.BREAK[0], score.CHORUS[0]))
    assert not [note for note in score.drum_hits() if start <= note.beat < end]
    chorus = [second for second in KICKS if 20.5 <= second < 36.5]
    assert chorus == [20.5 + 0.5 * beat for beat in range(32)]


def test_the_midi_file_has_the_drums_at_the_seconds_of_the_sound() -> None:
    file, now, kicks = mido.MidiFile(FOLDER / "pulse-drums.mid"), 0.0, []
    signatures = []
    for message in file:
        now += message.time
        if message.type == "time_signature":
            signatures.append((now, message.numerator, message.denominator))
        if message.type == "note_on" and message.note == score.KICK:
            kicks.append(now)
    assert signatures == [(0.0, 1, 4), (0.5, 4, 4)]
    assert kicks == pytest.approx(sorted(KICKS), abs=1e-9)


def test_the_words_are_read_with_the_time_of_their_bars() -> None:
    text = (FOLDER / "pulse.lrc").read_text(encoding="utf-8")
    assert text == lrc()
    told = [line for line in text.splitlines() if line[1].isdigit()]
    assert told[0] == "[00:00.50]A lamp goes round above the tide"
    assert told[4] == "[00:16.50]Hold your breath" and told[-1] == "[00:36.50]"
    assert len(told) == len(LINES) + 1


def test_the_midi_file_is_the_one_that_the_script_writes(tmp_path: Path) -> None:
    write_drums(tmp_path / "drums.mid")
    assert (tmp_path / "drums.mid").read_bytes() == (FOLDER / "pulse-drums.mid").read_bytes()


def test_the_sound_is_small_not_clipped_and_begins_on_its_beat() -> None:
    assert (FOLDER / "pulse.ogg").stat().st_size < 400_000
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(FOLDER / "pulse.ogg")]
    raw = child.run([*argv, "-f", "f32le", "-"], capture_output=True, check=True).stdout
    sound = np.frombuffer(raw, "<f4").reshape(-1, 2)
    assert len(sound) == LENGTH
    assert np.abs(sound).max() < 10 ** (-1 / 20)
    for kick in (0.5, 4.5):
        first = round(kick * RATE)
        before, after = (
            np.abs(sound[first + a : first + b]).max() for a, b in ((-220, -44), (0, 440))
        )
        assert after > 2 * before

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from numpy.typing import NDArray

from keyframes.clock import clock_signals
from keyframes.expression import Expression, ExpressionError, Formula
from keyframes.source import Source
from keyframes.timebase import Timebase
from pipeline.music import midi_sources as module
from pipeline.music.midi_sources import OPTIONS, midi_sources, slugged
from tests.pipeline.music.midi_files import Struck, tempos, track, write_midi

FPS = {24: Fraction(24), 29.97: Fraction(30000, 1001), 25: Fraction(25), 60: Fraction(60)}
Array = NDArray[np.float64]


def heard(
    text: str, file: Path, frames: Array, fps: Fraction = Fraction(20), start: float = 0.0
) -> Array:
    timebase = Timebase(fps)
    signals = {**clock_signals(timebase, 99), **midi_sources([file], timebase, start)}
    return Formula(Expression.parse(text), signals)(frames)


@pytest.fixture
def one(tmp_path: Path) -> Path:
    """A note from 1 s to 2 s, of velocity 127."""
    return write_midi(tmp_path / "one.mid", track([(2, 2, 60, 127, 1)]))


def fading(seconds: float) -> list[float]:
    """Values of the frames behind a stroke, at 20 a second: each that of half a frame before."""
    return [round(float(np.exp(-(n - 0.5) / 20 / seconds)), 4) for n in range(1, 9)]


def test_a_note_is_struck_and_fades(one: Path) -> None:
    frames = np.arange(60.0)
    struck = heard("midi.all(release=0.25)", one, frames)
    assert struck[:29].tolist() == [0.0] * 20 + [1.0, *fading(0.25)]
    alone = heard("midi.all(release=0)", one, frames)
    assert np.flatnonzero(alone).tolist() == [20] and alone[20] == 1


def test_attack_hold_and_gain(one: Path) -> None:
    frames = np.arange(60.0)
    coming = heard("midi.all(attack=0.25, release=0)", one, frames)
    assert coming[20:11:-1].tolist() == [1.0, *fading(0.25)] and not coming[21:].any()
    held = heard("midi.all(hold=0.5, release=0.1)", one, frames)
    assert held[19:39].tolist() == [0.0] + [1.0] * 11 + fading(0.1)
    assert heard("midi.all(gain=0.5)", one, frames).max() == 0.5
    assert heard("midi.all(gain=3)", one, frames).max() == 1


def test_start_is_the_second_of_the_file_on_the_first_frame(one: Path) -> None:
    frames = np.arange(60.0)
    late = heard("midi.all", one, frames, start=0.75)
    np.testing.assert_array_equal(late[:45], heard("midi.all", one, frames)[15:])


@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize("bpm", [90, 127.3, 174])
def test_a_note_on_a_beat_shows_its_velocity_on_the_nearest_frame(
    tmp_path: Path, fps: float, bpm: float
) -> None:
    micros = round(60e6 / bpm)
    beats = [*range(1, 80), *range(int(bpm * 9) + 1, int(bpm * 9) + 80)]
    notes = [(beat, 0.25, 36, 20 + beat % 100, 10) for beat in beats]
    file = write_midi(tmp_path / "kick.mid", tempos({0: micros}), track(notes))
    frames = np.arange(round(600 * FPS[fps]), dtype=np.float64)
    values = heard("midi.kick(release=0.04)", file, frames, FPS[fps])
    for beat, *_, velocity, _ in notes:
        frame = round(beat * micros / 1e6 * float(FPS[fps]))
        assert values[frame] == round(velocity / 127, 4)
        assert values[frame - 2] < 0.01


def test_of_notes_together_the_loudest_counts(tmp_path: Path) -> None:
    chord: list[Struck] = [(2, 1, 60, 50, 1), (2, 1, 64, 100, 1), (2.1, 1, 67, 120, 2)]
    file = write_midi(tmp_path / "chord.mid", track(chord))
    frames = np.arange(40.0)
    for text, value in (
        ("midi.all", 100),
        ("midi.all(highest=63)", 50),
        ("midi.all(lowest=62)", 100),
        ("midi.all(lowest=61, highest=63)", 0),
        ("midi.all(threshold=0.5)", 100),
        ("midi.all(threshold=0.9)", 0),
        ("midi.channel1", 100),
        ("midi.note60", 50),
    ):
        assert heard(text, file, frames)[20] == round(value / 127, 4)
    brute = np.max([heard(f"midi.note{number}", file, frames) for number in (60, 64, 67)], axis=0)
    np.testing.assert_array_equal(heard("midi.all", file, frames), brute)


def test_frames_in_any_order_and_shape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many: list[Struck] = [(beat / 3, 0.5, 40, 1 + beat % 127, 1) for beat in range(99)]
    file = write_midi(tmp_path / "many.mid", track(many))
    signal = midi_sources([file], Timebase(Fraction(24)))["midi.all"].make(release=2, hold=1)
    frames = np.arange(0, 400, 0.5)
    values = signal(frames)
    assert isinstance(values, np.ndarray) and values.max() > 0.7
    assert [signal(float(frame)) for frame in frames] == values.tolist()
    shuffled = np.random.default_rng(0).permutation(frames).reshape(40, 20)
    found = signal(shuffled)
    np.testing.assert_array_equal(found, values[(shuffled * 2).astype(int)])
    monkeypatch.setattr(module, "_AT_ONCE", 50)
    np.testing.assert_array_equal(signal(frames), values)
    assert np.shape(signal(np.empty(0))) == (0,)


def names(*files: Path) -> set[str]:
    sources = midi_sources(files, Timebase(Fraction(24)))
    assert all(source.options == OPTIONS for source in sources.values())
    return {name.removeprefix("midi.") for name in sources}


def test_drums_by_their_numbers(tmp_path: Path) -> None:
    kit: list[Struck] = [(beat, 1, number, 99, 10) for beat, number in enumerate((35, 36, 40, 46))]
    tune: list[Struck] = [(0, 1, 38, 99, 1)]
    both = write_midi(tmp_path / "both.mid", track(kit, "Drums"), track(tune, "Lead Synth #2"))
    assert names(both) == {
        *("all", "channel1", "channel10", "track1", "track2", "drums", "lead_synth_2"),
        *("note35", "note36", "note38", "note40", "note46", "kick", "snare", "hat"),
    }
    frames = np.arange(40.0)
    kick = heard("midi.kick(release=0)", both, frames)
    assert np.flatnonzero(kick).tolist() == [0, 10]
    assert np.flatnonzero(heard("midi.snare(release=0)", both, frames)).tolist() == [20]
    # Without a tenth channel, every track can hold drums.
    assert "snare" in names(write_midi(tmp_path / "tune.mid", track(tune)))


def test_a_track_with_a_drum_s_name_is_that_drum(tmp_path: Path) -> None:
    kit: list[Struck] = [(0, 1, 36, 99, 10)]
    file = write_midi(tmp_path / "kit.mid", track(kit, "Kit"), track([(1, 1, 60, 99, 1)], "KICK"))
    assert np.flatnonzero(heard("midi.kick(release=0)", file, np.arange(40.0))).tolist() == [10]


def test_tracks_are_counted_over_all_files(tmp_path: Path) -> None:
    first = write_midi(tmp_path / "a.mid", track([(0, 1, 60, 99, 1)], "Lead"), track([], "x"))
    second = write_midi(tmp_path / "b.mid", track([(1, 1, 62, 99, 1)], "Lead"))
    assert {"track1", "track2", "lead"} <= names(first, second)
    timebase = Timebase(Fraction(20))
    lead = midi_sources([first, second], timebase)["midi.lead"].make(release=0)
    assert np.flatnonzero(lead(np.arange(40.0))).tolist() == [0, 10]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Lead Synth #2", "lead_synth_2"),
        ("808", "_808"),
        ("if", "if_"),
        ("Баß", ""),
        ("", ""),
        ("__x__", "x"),
    ],
)
def test_names_of_tracks(name: str, slug: str) -> None:
    assert slugged(name) == slug
    if slug:
        signals = {
            **clock_signals(Timebase(Fraction(24)), 9),
            f"midi.{slug}": Source(lambda: float),
        }
        Formula(Expression.parse(f"midi.{slug} * 2"), signals)


def test_mistakes(one: Path) -> None:
    for text, column, words in (
        ("1 + midi.all(lowest=60, highest=50)", 5, "lowest is 60, above highest, 50; exchange"),
        ("midi.all(release=99)", 18, "release of midi.all is 99; allowed: 0 to 10"),
        ("midi.kick", 1, 'unknown name "midi.kick"; of midi there are all, channel1, '),
    ):
        with pytest.raises(ExpressionError) as error:
            heard(text, one, np.arange(9.0))
        assert str(error.value).startswith(words) and error.value.column == column


@pytest.mark.slow
def test_ten_minutes_of_many_notes_take_little_time(tmp_path: Path) -> None:
    notes: list[Struck] = [(beat / 8, 0.1, 36 + beat % 40, 99, 10) for beat in range(9600)]
    file = write_midi(tmp_path / "many.mid", track(notes))
    signal = midi_sources([file], Timebase(Fraction(24)))["midi.all"].make(release=1.0)
    start = process_time()
    signal(np.arange(14_400.0))
    assert process_time() - start < 1

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyframes.timebase import Tempo, Timebase, TimeError, nearest_frame

MUSIC = Timebase(Fraction(24), Tempo(bpm=120, first_beat=0.5, beats_per_bar=4))
SILENT = Timebase(Fraction(24))
NTSC = Timebase(Fraction(30000, 1001), Tempo(bpm=127.3, first_beat=0.1))

TIMES = (
    'a frame number such as 96, or "4s", "250ms", "1:30", "bar 9", "beat 33.5", "start" or a name '
    "from music.sections"
)
DURATIONS = 'a number of frames such as 96, or "16 bars", "2 beats", "4s", "250ms" or "1:30"'


@pytest.mark.parametrize(
    ("time", "frame"),
    [
        (96, 96.0),
        (96.5, 96.5),
        ("96", 96.0),
        ("96f", 96.0),
        ("4s", 96.0),
        ("1.5 s", 36.0),
        ("250ms", 6.0),
        ("1:30", 2160.0),
        ("1:30.5", 2172.0),
        ("1:00:00", 86400.0),
        ("0:01:30.5", 2172.0),
        ("120:00", 172800.0),
        ("1h", 86400.0),
        ("0.5 hours", 43200.0),
        ("2 seconds", 48.0),
        ("1 second", 24.0),
        ("3 Minutes", 4320.0),
        ("1.5min", 2160.0),
        ("2m", 2880.0),
        ("250 milliseconds", 6.0),
        (" Start ", 0.0),
        ("bar 1", 12.0),
        ("bar 2", 60.0),
        ("BAR 1.5", 36.0),
        ("beat 1", 12.0),
        ("beat 33.5", 402.0),
    ],
)
def test_time_to_frame(time: str | float, frame: float) -> None:
    assert MUSIC.frame(time) == frame


@pytest.mark.parametrize(
    ("duration", "frames"),
    [
        (96, 96.0),
        ("0", 0.0),
        ("96 frames", 96.0),
        ("1 frame", 1.0),
        ("4s", 96.0),
        ("250 ms", 6.0),
        ("1:30", 2160.0),
        ("1 beat", 12.0),
        ("2 beats", 24.0),
        ("1 bar", 48.0),
        ("16 bars", 768.0),
        ("0.5 bars", 24.0),
        ("1:00:00", 86400.0),
        ("3 minutes", 4320.0),
        ("1 hour", 86400.0),
        ("1 bar + 2 beats", 72.0),
        ("1:00 - 2 bars + 6f", 1350.0),
        ("24 + 1s", 48.0),
    ],
)
def test_duration_to_frames(duration: str | float, frames: float) -> None:
    assert MUSIC.length(duration) == frames


@pytest.mark.parametrize(
    ("time", "message"),
    [
        ("soon", f'a time is {TIMES}; found "soon"'),
        ("1:75", f'a time is {TIMES}; found "1:75"'),
        ("1:60:00", f'a time is {TIMES}; found "1:60:00"'),
        ("2 secnds", f'a time is {TIMES}; found "2 secnds" (did you mean "seconds"?)'),
        ("16 bars", f'a time is {TIMES}; found "16 bars", which is a duration'),
        (True, f"a time is {TIMES}; found true"),
        (None, f"a time is {TIMES}; found nothing"),
        (float("nan"), f"a time is {TIMES}; found nan"),
        (float("inf"), f"a time is {TIMES}; found inf"),
        ("٤s", f'a time is {TIMES}; found "٤s"'),
        (-3, "a time cannot lie before the first frame; found -3"),
        ("-4s", 'a time cannot lie before the first frame; found "-4s"'),
        ("-0:01", 'a time cannot lie before the first frame; found "-0:01"'),
        ("bar 0", 'bars count from 1; found "bar 0"'),
        ("beat 0.5", 'beats count from 1; found "beat 0.5"'),
    ],
)
def test_no_time(time: str | float, message: str) -> None:
    with pytest.raises(TimeError) as error:
        MUSIC.frame(time)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("duration", "message"),
    [
        ("soon", f'a duration is {DURATIONS}; found "soon"'),
        ("start", f'a duration is {DURATIONS}; found "start"'),
        ("bar 9", f'a duration is {DURATIONS}; found "bar 9", which is a time'),
        (False, f"a duration is {DURATIONS}; found false"),
        ([4], f"a duration is {DURATIONS}; found a list"),
        (-1, "a duration cannot be negative; found -1"),
        ("-2 beats", 'a duration cannot be negative; found "-2 beats"'),
        ("1 bar - 5 beats", 'a duration cannot be negative; found "1 bar - 5 beats"'),
        ("4 mintues", f'a duration is {DURATIONS}; found "4 mintues" (did you mean "minutes"?)'),
        (
            "1 bar + 12",
            'a distance has a unit, such as "4 beats", "4 frames" or "250ms"; found "1 bar + 12"',
        ),
    ],
)
def test_no_duration(duration: str | float, message: str) -> None:
    with pytest.raises(TimeError) as error:
        MUSIC.length(duration)
    assert str(error.value) == message


def test_a_bar_before_the_video_is_no_time() -> None:
    early = Timebase(Fraction(24), Tempo(120, first_beat=-1.0))
    assert early.frame("bar 2") == 24.0
    with pytest.raises(
        TimeError, match=r'^a time cannot lie before the first frame; found "bar 1"'
    ):
        early.frame("bar 1")


def test_bars_and_beats_need_a_tempo() -> None:
    for convert, words in ((SILENT.frame, "bar 9"), (SILENT.length, "2 beats")):
        with pytest.raises(TimeError) as error:
            convert(words)
        assert str(error.value) == f'"{words}" needs a tempo; set `music.bpm`'
    for positions in (SILENT.beats, SILENT.bars):
        with pytest.raises(TimeError, match=r"needs a tempo; set `music.bpm`"):
            positions(0.0)


def test_seconds_become_frames_exactly() -> None:
    assert NTSC.frame("1001s") == 30000.0
    assert NTSC.seconds(30000.0) == 1001.0
    assert Timebase(Fraction(24)).frame("0.1s") == 2.4


def test_positions_are_vectorised() -> None:
    frames = np.array([0.0, 12.0, 18.0, 60.0])
    np.testing.assert_array_equal(MUSIC.seconds(frames), [0.0, 0.5, 0.75, 2.5])
    np.testing.assert_array_equal(MUSIC.beats(frames), [-1.0, 0.0, 0.5, 4.0])
    np.testing.assert_array_equal(MUSIC.bars(frames), [-0.25, 0.0, 0.125, 1.0])
    assert MUSIC.beats(18.0) == 0.5


def test_a_frame_on_a_beat_has_a_whole_number() -> None:
    """120.5 beats a minute at 24 frames a second: frame 2880 k is beat 241 k, without rounding."""
    timebase = Timebase(Fraction(24), Tempo(120.5))
    frames = np.arange(0, 40 * 2880, 2880.0)
    np.testing.assert_array_equal(timebase.beats(frames), np.arange(40) * 241.0)


@settings(derandomize=True, deadline=None)
@given(beat=st.integers(1, 5000))
def test_beats_undoes_frame(beat: int) -> None:
    for timebase in (MUSIC, NTSC):
        position = timebase.beats(timebase.frame(f"beat {beat}"))
        assert position == pytest.approx(beat - 1, abs=1e-9)


def test_no_timebase() -> None:
    with pytest.raises(TimeError, match=r"^a frame rate is above 0; found 0$"):
        Timebase(Fraction(0))


CHANGING = Timebase(Fraction(24), Tempo(120, 0.5, 4, ((8, 60),)))
PLAYED = Timebase(Fraction(10), Tempo.of_beats([0.3, 0.8, 1.3, 2.0, 2.4, 2.9], 1))


@pytest.mark.parametrize(
    ("timebase", "time", "frame"),
    [
        (CHANGING, "bar 3", 108.0),
        (CHANGING, "bar 4", 204.0),
        (CHANGING, "bar 3.5", 156.0),
        (CHANGING, "bar 2 beat 3", 84.0),
        (CHANGING, "Bar 3, beat 2.5", 144.0),
        (CHANGING, "bar 3 - 2 beats", 84.0),
        (CHANGING, "bar 2 + 2 bars", 204.0),
        (CHANGING, "bar 4 - 2 bars", 60.0),
        (CHANGING, "bar 3 + 250ms", 114.0),
        (CHANGING, "1:00-12f", 1428.0),
        (CHANGING, "4s+0:01.5", 132.0),
        (CHANGING, "bar 4 - 2 bars + 1 beat", 72.0),
        (CHANGING, "bar 3 + 1 bar - 1s - 1f", 179.0),
        (PLAYED, "beat 1", 8.0),
        (PLAYED, "beat 3", 20.0),
        (PLAYED, "bar 2", 29.0),
        (PLAYED, "bar 2 beat 2", 34.0),
    ],
)
def test_time_where_the_tempo_changes(timebase: Timebase, time: str, frame: float) -> None:
    assert timebase.frame(time) == frame


def test_a_sum_has_few_terms() -> None:
    assert CHANGING.frame("1s" + " + 1s" * 8) == 216.0
    with pytest.raises(TimeError, match=r"^a time is "):
        CHANGING.frame("1s" + " + 1s" * 9)


@pytest.mark.parametrize(
    ("duration", "at", "frames"),
    [
        ("1 bar", 0, 48),
        ("1 beat + 1 bar", 84, 96),
        ("1 bar", 84, 72),
        ("2 beats", 108, 48),
        ("2 beats", 96, 36),
        ("2s", 90, 48),
    ],
)
def test_how_long_a_bar_is_depends_on_where_it_begins(
    duration: str, at: float, frames: float
) -> None:
    assert CHANGING.length(duration, at=at) == frames


def test_frames_on_played_beats_have_whole_numbers() -> None:
    frames = np.array([-7.0, 3.0, 8.0, 13.0, 20.0, 24.0, 29.0, 34.0])
    np.testing.assert_array_equal(PLAYED.beats(frames), [-3, -1, 0, 1, 2, 3, 4, 5])
    assert PLAYED.bars(29.0) == 1.0
    np.testing.assert_array_equal(CHANGING.beats(np.array([108.0, 120, 204])), [8, 8.5, 12])


@settings(derandomize=True, deadline=None)
@given(
    st.lists(st.integers(20, 900), min_size=1, max_size=40),
    st.integers(0, 500),
    st.sampled_from(["24", "25", "30000/1001", "60"]),
)
def test_a_frame_on_a_played_beat_has_a_whole_number(
    gaps: list[int], start: int, rate: str
) -> None:
    """Beats that lie on frames, among others with nine decimals that lie on none."""
    fps = Fraction(rate)
    on_frames = [(start + sum(gaps[:n])) / fps for n in range(len(gaps) + 1)]
    beats = sorted({*on_frames, *(beat + Fraction(61234567, 10**9) for beat in on_frames[::3])})
    beats = [beat for n, beat in enumerate(beats) if n == 0 or beat - beats[n - 1] > 0.06]
    if len(beats) < 2:
        return
    timebase = Timebase(fps, Tempo.of_beats(beats))
    for number, beat in enumerate(beats):
        if (beat * fps).denominator == 1:
            assert timebase.beats(float(beat * fps)) == number


NAMED = Timebase(
    Fraction(24),
    Tempo(120),
    {"verse": Fraction(2), "pre-chorus": Fraction(3), "mark drop": Fraction(7, 2),
     "mark bar 9": Fraction(1), "line 1": Fraction(5), "line 2": Fraction(6)},
    (0, 240),
)  # fmt: skip


@pytest.mark.parametrize(
    ("time", "frame"),
    [
        ("verse", 48.0),
        ("Verse + 4 beats", 96.0),
        ("pre-chorus", 72.0),
        ("pre-chorus - 1 bar", 24.0),
        ("mark drop", 84.0),
        ("drop - 0:00.5", 72.0),
        ("mark bar 9", 24.0),
        ("bar 9", 384.0),
        ("line  2 - 250ms", 138.0),
        ("end", 240.0),
        ("end - 2 bars", 144.0),
        ("50%", 120.0),
        ("12.5 % + 1 frame", 31.0),
        ("shot 2s", 48.0),
        ("start + 1 beat", 12.0),
    ],
)
def test_named_times_and_parts_of_the_video(time: str, frame: float) -> None:
    assert NAMED.frame(time) == frame


@pytest.mark.parametrize(
    ("time", "frame"),
    [
        ("start", 100.0),
        ("end", 160.0),
        ("end - 1 beat", 148.0),
        ("50%", 130.0),
        ("shot 2 beats", 124.0),
        ("shot 0:01 - 4f", 120.0),
        ("shot 5", 105.0),
        ("2s", 48.0),
        ("verse", 48.0),
    ],
)
def test_a_shot_has_its_own_start_and_end(time: str, frame: float) -> None:
    assert NAMED.within(100, 160).frame(time) == frame


NAMES = "the named times are verse, pre-chorus, mark drop, mark bar 9 and line 1 to line 2"


@pytest.mark.parametrize(
    ("timebase", "time", "message"),
    [
        (NAMED, "chorsu", f'"chorsu" is no time (did you mean "pre-chorus"?); {NAMES}'),
        (NAMED, "vers + 2s", f'"vers + 2s" is no time (did you mean "verse"?); {NAMES}'),
        (NAMED, "dorp", f'"dorp" is no time (did you mean "drop"?); {NAMES}'),
        (NAMED, "qqq", f'"qqq" is no time; {NAMES}'),
        (NAMED, "16 bars", f'a time is {TIMES}; found "16 bars", which is a duration'),
        (
            NAMED,
            "verse + 4",
            'a distance has a unit, such as "4 beats", "4 frames" or "250ms"; found "verse + 4"',
        ),
        (NAMED, "verse - 9s", 'a time cannot lie before the first frame; found "verse - 9s"'),
        (SILENT, "verse + 4", f'a time is {TIMES}; found "verse + 4"'),
        (SILENT, "end", '"end" needs the length of the video, which is not known here'),
        (SILENT, "50%", '"50%" needs the length of the video, which is not known here'),
        (SILENT, "shot 2s", '"shot 2s" needs the length of the video, which is not known here'),
        (SILENT, "1s + 2 beats", '"1s + 2 beats" needs a tempo; set `music.bpm`'),
        (
            MUSIC,
            "bar 2 beat 5",
            'a bar has 4 beats; found "bar 2 beat 5"; count on in the next bar, or write '
            "`music.beats_per_bar`",
        ),
        (MUSIC, "bar 2 beat 0", 'beats count from 1; found "bar 2 beat 0"'),
        (MUSIC, "bar 0 beat 1", 'bars count from 1; found "bar 0 beat 1"'),
    ],
)
def test_no_time_by_name_or_place(timebase: Timebase, time: str, message: str) -> None:
    with pytest.raises(TimeError) as error:
        timebase.frame(time)
    assert str(error.value) == message


def test_of_many_names_a_dozen_are_listed() -> None:
    names = {f"part {n}": Fraction(n) for n in range(20)}
    with pytest.raises(TimeError) as error:
        Timebase(Fraction(24), None, names).frame("zzz")
    assert str(error.value).endswith("part 10, part 11 and 8 more")


@pytest.mark.parametrize(
    ("position", "frame"), [(10.0, 10.0), (10.49, 10.0), (10.5, 11.0), (10.7, 11.0), (-0.2, 0.0)]
)
def test_a_change_shows_on_the_nearest_frame(position: float, frame: float) -> None:
    assert nearest_frame(position) == frame

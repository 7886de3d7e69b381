from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyframes.timebase import Tempo, Timebase, TimeError, parse_fps

MUSIC = Timebase(Fraction(24), Tempo(bpm=120, first_beat=0.5, beats_per_bar=4))
SILENT = Timebase(Fraction(24))
NTSC = Timebase(Fraction(30000, 1001), Tempo(bpm=127.3, first_beat=0.1))

TIMES = 'a frame number such as 96, or "4s", "250ms", "1:30", "bar 9", "beat 33.5" or "start"'
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
    ],
)
def test_duration_to_frames(duration: str | float, frames: float) -> None:
    assert MUSIC.length(duration) == frames


@pytest.mark.parametrize(
    ("time", "message"),
    [
        ("soon", f'a time is {TIMES}; found "soon"'),
        ("1:75", f'a time is {TIMES}; found "1:75"'),
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


@pytest.mark.parametrize(
    ("value", "fps"),
    [
        (24, Fraction(24)),
        ("24", Fraction(24)),
        (12.5, Fraction(25, 2)),
        ("30000/1001", Fraction(30000, 1001)),
        ("25 / 2", Fraction(25, 2)),
        (23.976, Fraction(24000, 1001)),
        ("23.98", Fraction(24000, 1001)),
        (29.97, Fraction(30000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (30, Fraction(30)),
        (29.9, Fraction(299, 10)),
    ],
)
def test_frame_rates(value: str | float, fps: Fraction) -> None:
    assert parse_fps(value) == fps


@pytest.mark.parametrize("value", [0, -24, "0/1", "24/0", "fast", "", True, float("nan"), "24fps"])
def test_no_frame_rate(value: str | float) -> None:
    with pytest.raises(TimeError) as error:
        parse_fps(value)
    assert str(error.value).startswith(
        "a frame rate is a number above 0 such as 24 or 29.97, or a ratio such as "
        '"30000/1001"; found '
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"bpm": 0.0}, "a tempo has from 1 to 1000 beats a minute; found 0.0"),
        ({"bpm": float("nan")}, "a tempo has from 1 to 1000 beats a minute; found nan"),
        (
            {"bpm": 120.0, "first_beat": float("inf")},
            "the first beat is a number of seconds; found inf",
        ),
        ({"bpm": 120.0, "beats_per_bar": 0}, "a bar has 1 beat or more; found 0"),
    ],
)
def test_no_tempo(settings: dict[str, float], message: str) -> None:
    with pytest.raises(TimeError) as error:
        Tempo(**settings)  # type: ignore[arg-type]
    assert str(error.value) == message


def test_no_timebase() -> None:
    with pytest.raises(TimeError, match=r"^a frame rate is above 0; found 0$"):
        Timebase(Fraction(0))

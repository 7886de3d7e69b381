from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyframes.clock import clock_signals
from keyframes.expression import Expression, ExpressionError, Formula
from keyframes.source import Signals, Source
from keyframes.timebase import Frames, Tempo, Timebase

TIMEBASE = Timebase(Fraction(24), Tempo(120))
SILENT = clock_signals(Timebase(Fraction(24)), 240)
SETTINGS = {"attack": (0.0, 10.0), "release": (0.0, 60.0)}


def steady(value: float) -> Callable[[Frames], Frames]:
    return lambda frame: np.full(np.shape(frame), value)


def low(attack: float = 1.0, release: float = 2.0) -> Callable[[Frames], Frames]:
    return steady(10 * attack + release)


def band(least: float, largest: float, gain: float = 1.0) -> Callable[[Frames], Frames]:
    if least >= largest:
        raise ValueError(f"a band goes upward; found {least:g} to {largest:g}")
    return steady(gain * (largest - least))


SOUND: Signals = {
    **clock_signals(TIMEBASE, 240),
    "low": Source(low, options=SETTINGS),
    "band": Source(band, ("low_hz", "high_hz"), {"gain": (0.0, 100.0)}),
    "drums.onset": Source(low, options=SETTINGS),
    "midi.kick": Source(low, options=SETTINGS),
    "midi.level": steady(7.0),
}


def value(text: str, signals: Signals = SOUND) -> float:
    return Formula(Expression.parse(text), signals)(5.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("low", 12.0),
        ("low()", 12.0),
        ("low(release=0.5)", 10.5),
        ("low(release=1/8, attack=sqrt(4))", 20.125),
        ("low - low(attack=0)", 10.0),
        ("band(60, 120)", 60.0),
        ("band(2 * 30, 120, gain=2)", 120.0),
        ("drums.onset + midi.kick(attack=2) * midi.level", 166.0),
        ("accumulate(band(1, 3)) * 24 + frame", 15.0),
        ("max(low, band(0, 100)) if drums.onset > 11 else 0", 100.0),
    ],
)
def test_sources_are_told_their_settings(text: str, expected: float) -> None:
    assert value(text) == pytest.approx(expected, rel=1e-12)


def test_a_call_is_made_into_a_signal_once() -> None:
    made: list[float] = []

    def make(release: float) -> Callable[[Frames], Frames]:
        made.append(release)
        return steady(release)

    signals = {**SILENT, "x": Source(make, options={"release": (0, 9)})}
    text = "x(release=1) + x( release = 1 ) * x(release=2) + accumulate(x(release=1))"
    formula = Formula(Expression.parse(text), signals)
    formula(np.arange(9.0))
    formula(3.0)
    assert sorted(made) == [1.0, 2.0]


LOW = "low; settings by name: attack (0 to 10), release (0 to 60)"
BAND = "band(low_hz, high_hz); settings by name: gain (0 to 100)"
FUNCTIONS = (
    "abs, accumulate, acos, asin, atan, atan2, band, bar_pulse, beat_pulse, ceil, clamp, cos, "
    "cosh, every, exp, floor, fract, log, log2, low, max, min, mix, noise, round, saw, sign, sin, "
    "sinh, smoothstep, sqrt, square, step, tan, tanh, triangle"
)
REFUSED = [
    ("low(0.3)", 1, f"low has 1 value; write {LOW}"),
    ("1 + band", 5, f"band has 0 values; write {BAND}"),
    ("band(60)", 1, f"band has 1 value; write {BAND}"),
    ("band(120, 60)", 1, "a band goes upward; found 120 to 60"),
    ("low(relese=1)", 5, f'low has no "relese" (did you mean "release"?); write {LOW}'),
    ("low(xyzzy=1)", 5, f'low has no "xyzzy"; write {LOW}'),
    ("low(attack=1, release=61)", 23, "release of low is 61; allowed: 0 to 60"),
    ("low(release=-1)", 13, "release of low is -1; allowed: 0 to 60"),
    ("low(release=t/2)", 13, 'release is a constant; "t" changes over time'),
    ("low(release=1 + low())", 17, 'release is a constant; "low" changes over time'),
    ("band(midi.level, 2)", 6, 'low_hz is a constant; "midi.level" changes over time'),
    ("low(release=1/0)", 13, "release is not a finite number (value inf)"),
    ("low(release=9**99)", 16, "an exponent lies from -64 to 64; found 99"),
    ("low(release=x.y)", 13, 'release is a constant; "x.y" changes over time'),
    ("t(2)", 1, '"t" is a number, not a function; multiply with "*"'),
    ("midi.level(2)", 1, '"midi.level" is a number, not a function; multiply with "*"'),
    (
        "sine(t)",
        1,
        f'"sine" is not a function (did you mean "sin"?); the functions are {FUNCTIONS}',
    ),
    ("__import__(1)", 1, f'"__import__" is not a function; the functions are {FUNCTIONS}'),
    (
        "2 * midi.kik",
        5,
        'unknown name "midi.kik" (did you mean "kick"?); of midi there are kick, level',
    ),
    (
        "midi.xyzzy(release=1)",
        1,
        'unknown name "midi.xyzzy"; of midi there are kick, level',
    ),
    (
        "drum.onset",
        1,
        '"drum.onset" needs the sound of a stem; set `music.stems`',
    ),
    (
        "a.plugh",
        1,
        'unknown name "a.plugh"; a formula can use band, bar, bar_pulse, beat, beat_pulse, '
        "duration, every, fps, frame, frames, low, progress, shot_progress, shot_t, t, drums.*, "
        "midi.*, pi, tau, e",
    ),
    ("every(2)", 1, "every 2 of what? write it as every(2 beats), bars or s"),
    ("every(0 beats)", 1, "the length of every is above 0, up to 10000; found 0 beat"),
    ("every(1e5s)", 1, "the length of every is above 0, up to 10000; found 100000 s"),
    (
        "every(2 bars, offset=1 s)",
        1,
        "the offset of every(2 bar) is in beats or bars; found 1 s",
    ),
    ("every(2s, offset=1 beat)", 1, "the offset of every(2 s) is in seconds; found 1 beat"),
    ("every(1 + 2 beats)", 13, '"beats" follows a number alone, as in 2 beats'),
    ("every(2 beats, release=1 s)", 26, '"s" follows a number alone, as in 2 s'),
    ("every(beat)", 7, '"beat" follows a number alone, as in 2 beat'),
    ("every(t beats)", 9, 'there is no operator before "beats"; multiply with "*"'),
    ("every(t * beats)", 7, 'length is a constant; "t" changes over time'),
    ("every(2s, offset=20000)", 18, "offset of every is 20000; allowed: -10000 to 10000"),
    (
        "every",
        1,
        "every has 0 values; write every(length), length such as 2 beats, 1 bar or 0.5 s; "
        "settings by name: attack (0 to 10), release (0 to 10), offset (-10000 to 10000)",
    ),
    (
        "every(2beats, gain=1, release=2) + low",
        15,
        'every has no "gain"; write every(length), length such as 2 beats, 1 bar or 0.5 s; '
        "settings by name: attack (0 to 10), release (0 to 10), offset (-10000 to 10000)",
    ),
]


@pytest.mark.parametrize(("text", "column", "message"), REFUSED, ids=[r[0] for r in REFUSED])
def test_refused(text: str, column: int, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        Formula(Expression.parse(text), SOUND)
    assert (str(error.value), error.value.column) == (message, column)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("1 + low", 5, '"low" needs the sound of the song; set `music.file`'),
        ("band(60, 120)", 1, '"band" needs the sound of the song; set `music.file`'),
        ("kick(release=1)", 1, '"kick" needs the sound of the song; set `music.file`'),
        ("drums.onset", 1, '"drums.onset" needs the sound of a stem; set `music.stems`'),
        ("voice.low()", 1, '"voice.low" needs the sound of a stem; set `music.stems`'),
        ("midi.bass", 1, '"midi.bass" needs the notes of the song; set `music.midi`'),
        ("midi.kick(gain=t)", 1, '"midi.kick" needs the notes of the song; set `music.midi`'),
        ("beat_pulse", 1, '"beat_pulse" needs a tempo; set `music.bpm`'),
        ("bar_pulse(release=1)", 1, '"bar_pulse" needs a tempo; set `music.bpm`'),
        ("2 + every(1/2 bar)", 5, '"every(0.5 bar)" needs a tempo; set `music.bpm`'),
    ],
)
def test_what_a_scene_without_music_lacks(text: str, column: int, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        Formula(Expression.parse(text), SILENT)
    assert (str(error.value), error.value.column) == (message, column)


WORDS = """
low band every accumulate drums.onset midi t sin beat_pulse release attack offset beats bar s 2 0.5
1e3 . , = ( ) ) + * ** - / if else < and lambda
"""


@pytest.mark.slow
@settings(derandomize=True, deadline=2000, max_examples=600)
@given(st.lists(st.sampled_from([" ", "\n", *WORDS.split()]), max_size=25))
def test_any_words_are_a_formula_or_a_mistake_inside_them(words: list[str]) -> None:
    text = "".join(words)
    try:
        Formula(Expression.parse(text), SOUND)(np.arange(20.0))
    except ExpressionError as error:
        assert 1 <= error.column <= len(text) + 1
        assert not re.search(r"line \d", str(error))


calls = st.recursive(
    st.sampled_from(["low", "t", "drums.onset(release=1)", "every(2 beats)", "band(1, 2)", "2"]),
    lambda inner: st.one_of(
        inner.map(lambda part: f"accumulate({part})"),
        st.tuples(inner, st.sampled_from("+-*/"), inner).map("".join).map("({})".format),
    ),
    max_leaves=20,
)


@pytest.mark.slow
@settings(derandomize=True, deadline=2000, max_examples=300)
@given(calls)
def test_calls_inside_each_other_have_values_or_mistakes(text: str) -> None:
    try:
        values = Formula(Expression.parse(text), SOUND)(np.arange(20.0))
    except ExpressionError as error:
        assert "finite" in str(error)
    else:
        assert values.shape == (20,)

"""Kicks, snares and hats are told from each other, from a bass and from chords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from pipeline.music.envelopes import measure, values
from pipeline.music.features import RATE
from pipeline.music.sound import HOP, blocks
from tests.media import write_wav
from tests.pipeline.music.drums import BASSES, KITS, Groove, groove
from tools.drums.sounds import RATE as DRUM_RATE

pytestmark = pytest.mark.slow

FIRES = 0.2
"""Value from which a hit counts as one."""
NEAR = 0.03
"""Seconds within which two things are the same moment."""


@dataclass(frozen=True)
class Count:
    """How often a drum was heard where it was, and where something else was or nothing."""

    struck: int = 0
    heard: int = 0
    others: int = 0
    taken: int = 0
    """Other sounds that were taken for it."""
    fired: int = 0
    wrong: int = 0
    """Times it was heard where it was not."""
    late: tuple[float, ...] = ()
    """Seconds from where it was to where it was heard."""

    def __add__(self, other: Count) -> Count:
        names = self.__dataclass_fields__
        return Count(*(getattr(self, name) + getattr(other, name) for name in names))


def distance(time: float, times: Sequence[float]) -> float:
    """Seconds to the nearest of some times."""
    return min((abs(time - other) for other in times), default=np.inf)


def count(tune: Groove, folder: Path) -> dict[str, Count]:
    """How well each drum of a groove is heard."""
    file = write_wav(folder / "groove.wav", tune.samples)
    found = measure(blocks(file, RATE)).envelopes
    return {drum: counted(values(found[drum]), tune, drum) for drum in ("kick", "snare", "hat")}


def counted(curve: np.ndarray, tune: Groove, drum: str) -> Count:
    fired = (np.flatnonzero(curve >= FIRES) * HOP).tolist()
    struck = tune.times[drum]
    other = [time for name, times in tune.times.items() if name != drum for time in times]
    others = [time for time in other if distance(time, struck) > NEAR]
    heard = [time for time in struck if distance(time, fired) <= NEAR]
    return Count(
        len(struck),
        len(heard),
        len(others),
        sum(distance(time, fired) <= NEAR for time in others),
        len(fired),
        sum(distance(time, struck) > NEAR for time in fired),
        tuple(min((at - time for at in fired), key=abs) for time in heard),
    )


@pytest.mark.parametrize("style", KITS)
def test_drums_alone_are_all_heard_and_nothing_else(tmp_path: Path, style: str) -> None:
    for drum, found in count(groove(style, 11, bars=12), tmp_path).items():
        assert found.heard >= 0.98 * found.struck, drum
        assert found.taken <= 0.02 * found.others and found.wrong <= 0.02 * found.fired, drum


@pytest.mark.slow
def test_drums_in_music_are_told_from_it(tmp_path: Path) -> None:
    """Every kit alone and with each bass, in most of them over chords.

    Five of eight bass notes begin with a drum. Where that is a snare lies most of what is wrong.
    """
    total = {drum: Count() for drum in ("kick", "snare", "hat")}
    for seed, style in enumerate(KITS):
        for bass in ("", *BASSES):
            tune = groove(style, seed, bars=12, bass=bass, chords=bass not in ("", "sub"))
            for drum, found in count(tune, tmp_path).items():
                total[drum] += found
    for drum, found in total.items():
        assert found.heard >= 0.95 * found.struck, drum
        assert found.taken <= 0.05 * found.others, drum
        assert found.wrong <= 0.05 * found.fired, drum


@pytest.mark.slow
def test_hits_are_within_two_hops_of_where_they_are(tmp_path: Path) -> None:
    for style in KITS:
        for drum, found in count(groove(style, 4, bars=8), tmp_path).items():
            assert np.quantile(np.abs(found.late), 0.98) <= 2 * HOP, (style, drum)
            assert abs(float(np.median(found.late))) < HOP, (style, drum)


@pytest.mark.parametrize("bass", ["saw", "plucked"])
def test_music_without_drums_has_none(tmp_path: Path, bass: str) -> None:
    random = np.random.default_rng(7)
    line = np.concatenate([BASSES[bass](random, hertz, 0.5) for hertz in (55, 49, 41.2, 65.4) * 6])
    found = measure(blocks(write_wav(tmp_path / "bass.wav", line), RATE)).envelopes

    for drum in ("kick", "snare", "hat"):
        assert np.count_nonzero(values(found[drum]) >= FIRES) <= 1, drum


def test_noise_and_a_steady_tone_are_no_drums(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    t = np.arange(5 * 44100) / 44100
    swell = np.minimum(t, 5 - t) / 2.5
    sound = swell * (0.1 * random.standard_normal(len(t)) + 0.3 * np.sin(2 * np.pi * 70 * t))
    found = measure(blocks(write_wav(tmp_path / "steady.wav", sound), RATE)).envelopes

    for drum in ("kick", "snare", "hat"):
        assert not found[drum].any(), drum


@pytest.mark.slow
def test_one_hit_that_is_far_louder_hides_no_others(tmp_path: Path) -> None:
    kick = KITS["909"].kick(np.random.default_rng(4))
    line = np.zeros(9 * DRUM_RATE)
    times = np.arange(0.5, 8, 0.5)
    for time in times:
        start = round(time * DRUM_RATE)
        line[start : start + len(kick)] += (1.0 if time == 4.0 else 0.1) * kick
    found = values(measure(blocks(write_wav(tmp_path / "a.wav", line), RATE)).envelopes["kick"])
    heights = [
        found[round((time - NEAR) / HOP) : round((time + NEAR) / HOP)].max() for time in times
    ]
    # Ten times as loud counts as twice as loud.
    assert np.median(heights) == pytest.approx(0.5, abs=0.02) and max(heights) == 1

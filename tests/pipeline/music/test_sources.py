"""What formulas hear of a song."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from keyframes.timebase import Timebase
from keyframes.unheard import SOUND_NAMES
from pipeline.errors import Error
from pipeline.music.envelopes import NAMES
from pipeline.music.shaping import LIMITS
from pipeline.music.song import Song
from pipeline.music.sources import BAND, RELEASES, sound_sources, stem_sources
from tests.media import write_wav
from tests.pipeline.music.drums import groove

TIMEBASE = Timebase(Fraction(24))
GROOVE = groove("909", 1, bars=2)
FRAMES = np.arange(24 * 5)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Song:
    folder = tmp_path_factory.mktemp("song")
    return Song(write_wav(folder / "song.wav", GROOVE.samples), folder / "cache")


def heard(
    song: Song, name: str, *numbers: float, start: float = 0.0, **settings: float
) -> NDArray[np.float64]:
    source = sound_sources(song, TIMEBASE, start)[name]
    return np.asarray(source.make(*numbers, **settings)(FRAMES))


def test_all_that_has_a_name_and_bands(song: Song) -> None:
    sources = sound_sources(song, TIMEBASE)

    assert set(sources) == {*NAMES, BAND} == set(SOUND_NAMES), "what messages to authors list"
    assert sources["band"].parameters == ("low", "high")
    assert all(source.options == LIMITS for source in sources.values())
    for name in NAMES:
        assert 0 < heard(song, name).max() <= 1


def test_kicks_are_on_the_frames_nearest_to_them(song: Song) -> None:
    kicks = heard(song, "kick", release=0)
    places = 24 * np.array(GROOVE.times["kick"])
    nearest = np.rint(places).astype(int)

    # A hit is found to 10 ms, a quarter of a frame: halfway between two it may be on either.
    clear = np.abs(places - nearest) < 0.25
    assert np.count_nonzero(clear) >= 3
    assert np.all(kicks[nearest[clear]] > 0.2)
    halfway = {*np.floor(places[~clear]), *np.ceil(places[~clear])}
    assert set(np.flatnonzero(kicks > 0.2)) <= {*nearest[clear], *halfway}


def test_a_hit_fades_unless_it_is_told_not_to(song: Song) -> None:
    bare, usual, long = (heard(song, "kick", release=r) for r in (0, RELEASES["kick"], 1))

    assert np.array_equal(heard(song, "kick"), usual)
    assert bare.sum() < usual.sum() < long.sum()
    assert bare.max() == usual.max() == long.max(), "and no picture is late"
    first = np.flatnonzero(bare)[0]
    assert not usual[:first].any()


def test_the_start_is_the_second_of_the_first_frame(song: Song) -> None:
    whole = heard(song, "low")

    assert np.array_equal(heard(song, "low", start=1.0)[:-24], whole[24:])
    assert np.array_equal(heard(song, "low", start=-1.0)[24:], whole[:-24])


def test_a_band_takes_its_limits_and_settings(song: Song) -> None:
    band = heard(song, "band", 60, 120)

    assert 0.9 < band.max() <= 1
    assert np.allclose(heard(song, "band", 60, 120, gain=0.5), band / 2, atol=1e-4)
    with pytest.raises(ValueError, match="found 120 to 60"):
        heard(song, "band", 120, 60)


def test_a_stem_has_its_name_before_a_dot(song: Song) -> None:
    stems = stem_sources("drums", song, TIMEBASE)

    assert set(stems) == {f"drums.{name}" for name in (*NAMES, "band")}
    assert np.array_equal(np.asarray(stems["drums.low"].make()(FRAMES)), heard(song, "low"))


def test_a_song_is_asked_when_a_signal_is_made(tmp_path: Path) -> None:
    sources = sound_sources(Song(tmp_path / "gone.wav", None), TIMEBASE)

    with pytest.raises(Error, match=r"gone\.wav cannot be read"):
        sources["low"].make()


def test_signals_are_fast_for_ten_minutes(song: Song) -> None:
    signal = sound_sources(song, TIMEBASE)["low"].make(release=0.3)

    assert np.asarray(signal(np.arange(14400))).shape == (14400,)

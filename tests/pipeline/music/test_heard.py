"""What is heard in a song, put together."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import Error
from pipeline.music.heard import TempoHint, hear
from tests.pipeline.music.grids import FakeSong, even_grid, grid

FILE = Path("song.ogg")


def test_sections_lie_on_bars_where_the_rhythm_can_be_trusted() -> None:
    song = FakeSong(even_grid(first=1))
    found = hear(FILE, song, TempoHint(80, 110, 3))
    assert song.asked == [(80, 110, 3)]
    assert found.bars == found.grid.downbeats and found.sections[0].start == 1.0


def test_they_do_not_where_it_cannot() -> None:
    found = hear(FILE, FakeSong(even_grid(confidence=0.1)), TempoHint())
    assert found.bars == () and found.sections[0].start == 0


def test_a_silent_song_is_an_error_and_a_quiet_hum_is_not() -> None:
    nothing = grid((), 0.0, confidence=0.0)
    with pytest.raises(Error, match=r"^the sound song\.ogg is silent from .* export it again"):
        hear(FILE, FakeSong(nothing, level=0.0), TempoHint())
    assert hear(FILE, FakeSong(nothing, level=0.1), TempoHint()).bars == ()

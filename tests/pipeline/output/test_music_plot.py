"""The picture of a song: as high as it needs, with what is known of the song where it belongs."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.music.peaks import PEAK_HOP
from pipeline.music.sections import Section
from pipeline.output.music_picture import MusicPicture
from pipeline.output.music_plot import draw_picture
from tests.pipeline.music.grids import even_grid

BLUE, ORANGE = (0x5A, 0xA9, 0xE6), (0xF2, 0xA6, 0x5A)


def picture(seconds: float, bpm: float | None = 120.0) -> MusicPicture:
    """A song whose first half is one section and whose second half another."""
    peaks = np.tile(np.array([[-0.5, 0.5]], np.float32), (round(seconds / PEAK_HOP), 1))
    half = seconds / 2
    return MusicPicture(
        title="song.ogg",
        facts="facts",
        duration=seconds,
        peaks=peaks,
        envelopes={"low": np.linspace(0, 1, round(seconds / 0.005), dtype=np.float32)},
        drums={},
        hop=0.005,
        grid=None if bpm is None else even_grid(bpm, 0.5, int((seconds - 0.5) * bpm / 60)),
        sections=(Section("verse", 0.0, half, 0.5), Section("chorus", half, seconds, 1.0)),
    )


def drawn(song: MusicPicture) -> NDArray[np.uint8]:
    decoded = cv2.imdecode(np.frombuffer(draw_picture(song), np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(decoded[..., ::-1])


def share(pixels: NDArray[np.uint8], colour: tuple[int, int, int]) -> float:
    near = np.abs(pixels.astype(int) - colour).sum(axis=-1) < 12
    return float(near.mean())


@pytest.mark.slow
@pytest.mark.parametrize(("seconds", "rows"), [(10, 1), (30, 1), (42, 2), (100, 3), (600, 15)])
def test_a_longer_song_has_more_rows(seconds: float, rows: int) -> None:
    height, width, _ = drawn(picture(seconds)).shape
    assert (width, height) == (1600, 75 + 360 * rows)


@pytest.mark.slow
@pytest.mark.parametrize("bpm", [120.0, None])
def test_an_hour_has_twenty_rows_at_most(bpm: float | None) -> None:
    assert 10 <= (len(drawn(picture(3600, bpm))) - 75) / 360 <= 20


@pytest.mark.slow
def test_a_section_colours_the_wave_in_its_time() -> None:
    pixels = drawn(picture(20.0))
    left, right = pixels[:, 90:810], pixels[:, 870:1560]
    assert share(left, BLUE) > 0.1 > share(right, BLUE)
    assert share(right, ORANGE) > 0.1 > share(left, ORANGE)


@pytest.mark.slow
def test_beats_and_bars_are_drawn_where_there_is_a_rhythm() -> None:
    song = replace(picture(20.0), envelopes={})
    assert song.grid is not None
    below = drawn(song)[-100, 86:1563].max(axis=-1)
    assert lines(below, 30) == len(song.grid.beats) == 39
    assert lines(below, 100) == len(song.grid.downbeats) == 10
    assert lines(drawn(replace(song, grid=None))[-100, 86:1563].max(axis=-1), 30) == 0


def lines(row: NDArray[np.uint8], least: int) -> int:
    """How many stretches of a row of pixels are brighter than that."""
    bright = np.concatenate([[False], row > least])
    return int(np.count_nonzero(bright[1:] & ~bright[:-1]))


@pytest.mark.slow
@pytest.mark.parametrize("title", ["$x^2$ _{a}.ogg", "歌.mp3", "песня.flac"])
def test_any_name_can_be_drawn(title: str) -> None:
    assert draw_picture(replace(picture(5.0), title=title)).startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_song_of_no_length_can_be_drawn() -> None:
    empty = replace(picture(1.0, bpm=None), duration=0.0, sections=(), envelopes={})
    assert draw_picture(replace(empty, peaks=np.zeros((0, 2), np.float32)))

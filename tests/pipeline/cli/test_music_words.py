"""What was heard in a song, as a scene says it and as JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest
import typer
import yaml

from pipeline.cli.music_words import as_json, as_yaml, bar_words
from pipeline.cli.tempo_words import read_tempo
from tests.pipeline.music.grids import even_grid, grid, heard


def test_a_block_for_a_scene_has_tempo_bars_and_sections() -> None:
    assert as_yaml(heard(), None) == (
        "music:\n"
        "  file: song.ogg\n"
        "  bpm: 120\n"
        "  first_beat: 0.5\n"
        "  beats_per_bar: 4\n"
        "  sections:\n"
        "    verse: bar 1\n"
        "    chorus: bar 5"
    )


def test_any_name_of_a_file_is_read_back() -> None:
    for name in ("a: b #1.ogg", "песня 'x'.mp3", "no", "1:30"):
        assert yaml.safe_load(as_yaml(heard(file=name), None))["music"]["file"] == name


@pytest.mark.parametrize(("hint", "told"), [(None, "auto"), ("80-140", {"auto": "80 to 140"})])
def test_a_tempo_that_moves_is_left_to_the_ear(hint: str | None, told: object) -> None:
    beats = np.cumsum(np.concatenate([np.full(20, 0.5), np.full(20, 0.4)]))
    music = yaml.safe_load(as_yaml(heard(grid(beats, 133.0)), hint))["music"]
    assert (music["bpm"], music["first_beat"]) == (told, "auto")


def test_without_a_rhythm_there_is_no_tempo_and_sections_are_in_seconds() -> None:
    music = yaml.safe_load(as_yaml(heard(even_grid(confidence=0.2)), None))["music"]
    assert music == {"file": "song.ogg", "sections": {"verse": "0.5s", "chorus": "8.5s"}}


def test_a_time_is_a_bar_where_one_begins() -> None:
    bars = (0.5, 2.5, 4.5)
    assert [bar_words(second, bars) for second in (0.52, 4.46, 3.456)] == [
        "bar 1",
        "bar 3",
        "3.46s",
    ]


def test_json_has_all_times_in_seconds() -> None:
    told = json.loads(as_json(heard()))
    assert told["bpm"] == 120 and told["confidence"] == 0.9 and told["trusted"] is True
    assert told["candidates"][1] == {"bpm": 60, "confidence": 0.2}
    assert told["beats"][:3] == [0.5, 1, 1.5] and told["bars"] == [0.5 + 2 * k for k in range(9)]
    assert told["sections"][0] == {"name": "verse", "start": 0.5, "end": 8.5, "energy": 0.6}


@pytest.mark.parametrize(
    ("written", "bounds"),
    [
        ("80-110", (80, 110)),
        ("80 to 110", (80, 110)),
        (" 92.5..93 bpm", (92.5, 93)),
        ("120", (117.6, 122.4)),
    ],
)
def test_tempos_are_read(written: str, bounds: tuple[float, float]) -> None:
    assert read_tempo(written) == pytest.approx(bounds)


@pytest.mark.parametrize("written", ["", "fast", "110-80", "9", "80-110-120", "-80", "500", "1e2"])
def test_what_is_no_tempo_is_told(written: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"--bpm: expected .* found"):
        read_tempo(written)

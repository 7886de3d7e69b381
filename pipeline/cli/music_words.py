"""What was heard in a song, in the words of a scene, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.music.heard import Heard
    from pipeline.music.sections import Section

_SAME = 0.05
"""Seconds within which a section begins with a bar."""


def bar_words(second: float, bars: Sequence[float]) -> str:
    """A time as a scene names it: `bar 9` if one begins there, otherwise seconds, `12.5s`."""
    if bars:
        nearest = min(range(len(bars)), key=lambda bar: abs(bars[bar] - second))
        if abs(bars[nearest] - second) <= _SAME:
            return f"bar {nearest + 1}"
    return f"{round(second, 2):g}s"


def as_yaml(heard: Heard, hint: str | None) -> str:
    """A block for a scene: `music` with tempo, bars and sections as they were heard.

    A tempo that moves is left to `bpm: auto`, under the hint that was given. Without a rhythm
    there is no tempo, and the sections are in seconds.
    """
    import yaml

    described: dict[str, Any] = {"file": heard.file.as_posix(), **_tempo(heard, hint)}
    if heard.sections:
        described["sections"] = {
            section.name: bar_words(section.start, heard.bars) for section in heard.sections
        }
    return yaml.safe_dump(
        {"music": described}, sort_keys=False, allow_unicode=True, width=10_000
    ).rstrip()


def _tempo(heard: Heard, hint: str | None) -> dict[str, Any]:
    from pipeline.music.even_tempo import even_tempo

    if not heard.bars:
        return {}
    bar = {"beats_per_bar": heard.grid.beats_per_bar}
    if even := even_tempo(heard.grid):
        bpm = int(even.bpm) if even.bpm.is_integer() else even.bpm
        return {"bpm": bpm, "first_beat": even.first_beat, **bar}
    return {"bpm": {"auto": _bounds(hint)} if hint else "auto", "first_beat": "auto", **bar}


def _bounds(hint: str) -> str:
    from pipeline.cli.tempo_words import read_tempo

    low, high = read_tempo(hint)
    return f"{low:g} to {high:g}"


def as_json(heard: Heard) -> str:
    """All that was heard as JSON: times in seconds, confidences from 0 to 1."""
    import json

    grid = heard.grid
    return json.dumps(
        {
            "file": str(heard.file),
            "duration": _milli(heard.duration),
            "bpm": round(grid.bpm, 4),
            "candidates": [
                {"bpm": round(one.bpm, 4), "confidence": round(one.confidence, 4)}
                for one in grid.candidates
            ],
            "confidence": round(grid.confidence, 4),
            "trusted": grid.trusted,
            "beats_per_bar": grid.beats_per_bar,
            "bar_confidence": round(grid.bar_confidence, 4),
            "beats": [_milli(beat) for beat in grid.beats],
            "bars": [_milli(bar) for bar in grid.downbeats],
            "sections": [_section(section) for section in heard.sections],
        },
        indent=1,
    )


def _section(section: Section) -> dict[str, str | float]:
    start, end = _milli(section.start), _milli(section.end)
    return {"name": section.name, "start": start, "end": end, "energy": round(section.energy, 4)}


def _milli(seconds: float) -> float:
    """Seconds to a tenth of a millisecond, finer than beats are heard."""
    return round(seconds, 4)

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from keyframes.tempo import Tempo
from pipeline.music.marks.ableton import set_beats, set_marks
from pipeline.music.marks.beat_list import Mark
from tests.pipeline.music.marks.said import said


def live_set(
    folder: Path,
    events: Mapping[float, float] | Sequence[tuple[float, float]],
    main: str = "MainTrack",
    metre: float = 201,
) -> Path:
    """A set at 120 beats a minute, with these events of its tempo; metre 201 is 4/4."""
    listed = events.items() if isinstance(events, Mapping) else events
    points = "".join(
        f'<FloatEvent Id="{n}" Time="{beat}" Value="{bpm}" />'
        for n, (beat, bpm) in enumerate(listed)
    )
    xml = f"""<?xml version="1.0" encoding="UTF-8"?>
<Ableton MajorVersion="5"><LiveSet><{main}>
<AutomationEnvelopes><Envelopes><AutomationEnvelope Id="1"><EnvelopeTarget>
<PointeeId Value="8" /></EnvelopeTarget><Automation><Events>{points}</Events></Automation>
</AutomationEnvelope><AutomationEnvelope Id="2"><EnvelopeTarget><PointeeId Value="9" />
</EnvelopeTarget><Automation><Events><FloatEvent Time="4" Value="0.5" /></Events></Automation>
</AutomationEnvelope></Envelopes></AutomationEnvelopes>
<DeviceChain><Mixer><Tempo><Manual Value="120" /><AutomationTarget Id="8" /></Tempo>
<TimeSignature><Manual Value="{metre}" /></TimeSignature></Mixer></DeviceChain></{main}>
<Locators><Locators>
<Locator Id="1"><Time Value="8" /><Name Value="Drop" /></Locator>
<Locator Id="0"><Time Value="4" /><Name Value="Verse 1" /></Locator>
<Locator Id="2"><Time Value="5" /><Name Value="" /></Locator>
</Locators></Locators></LiveSet></Ableton>"""
    path = folder / "song.als"
    path.write_bytes(gzip.compress(xml.encode()))
    return path


@pytest.mark.parametrize("events", [{}, {-63072000: 120}])
@pytest.mark.parametrize("main", ["MainTrack", "MasterTrack"])
def test_a_steady_set(tmp_path: Path, events: dict[float, float], main: str) -> None:
    path = live_set(tmp_path, events, main)
    assert set_marks(path) == (Mark("Verse 1", 2.0), Mark("Drop", 4.0))
    beats = set_beats(path)
    assert Tempo.of_beats(beats.seconds, beats.first, 4) == Tempo(120)
    assert beats.beats_per_bar == 4


@pytest.mark.parametrize(
    ("metre", "per_bar", "second"), [(203, 6, 0.5), (302, 6, 0.25), (310, 14, 0.25), (100, 2, 1.0)]
)
def test_the_beat_is_what_the_time_signature_names(
    tmp_path: Path, metre: int, per_bar: int, second: float
) -> None:
    """6/4, 6/8, 14/8 and 2/2, of which the tempo counts the quarter notes."""
    path = live_set(tmp_path, {}, metre=metre)
    beats = set_beats(path)
    assert (beats.seconds, beats.beats_per_bar) == ((0, second), per_bar)
    assert set_marks(path) == (Mark("Verse 1", 2.0), Mark("Drop", 4.0))


def test_beats_of_eighths_go_up_to_the_last_change_of_tempo(tmp_path: Path) -> None:
    beats = set_beats(live_set(tmp_path, [(0, 120), (3, 120), (3, 60)], metre=302))
    tempo = Tempo.of_beats(beats.seconds, beats.first, 6)
    assert tempo == Tempo(240, 0.0, 6, ((6, 120),))


def test_a_tempo_that_jumps(tmp_path: Path) -> None:
    path = live_set(tmp_path, {-63072000: 120, 4: 120, 4.0000001: 60}, metre=99 * 2 + 2)
    verse, drop = set_marks(path)
    assert (verse.second, drop.second) == (2.0, pytest.approx(6.0, abs=1e-6))
    assert set_beats(path).beats_per_bar == 3


@pytest.mark.parametrize(("before", "behind"), [(60, 120), (120, 60)])
def test_of_two_tempos_at_a_beat_the_last_is_jumped_to(
    tmp_path: Path, before: float, behind: float
) -> None:
    """Up or down; also where the first event lies before all beats, as Live writes it."""
    path = live_set(tmp_path, [(-63072000, 90), (0, before), (6, before), (6, behind), (9, behind)])
    verse, drop = set_marks(path)
    assert verse.second == pytest.approx(4 * 60 / before)
    assert drop.second == pytest.approx(6 * 60 / before + 2 * 60 / behind)
    gaps = [after - one for one, after in pairwise(set_beats(path).seconds)]
    assert gaps == pytest.approx([60 / before] * 6 + [60 / behind] * 4)


def test_a_tempo_that_slides(tmp_path: Path) -> None:
    """From 60 to 120 over 8 beats, added up in small steps."""
    path = live_set(tmp_path, {0: 60, 8: 120})
    steps = [60 / (60 + 60 * (n + 0.5) / 8000) / 1000 for n in range(8000)]
    assert [mark.second for mark in set_marks(path)] == pytest.approx(
        [sum(steps[:4000]), sum(steps)], abs=1e-6
    )
    seconds = [float(second) for second in set_beats(path).seconds]
    gaps = [after - before for before, after in pairwise(seconds)]
    assert len(gaps) == 9
    assert sorted(gaps, reverse=True) == gaps
    assert gaps[-1] == pytest.approx(0.5)


def test_no_set(tmp_path: Path) -> None:
    path = tmp_path / "song.als"
    path.write_bytes(b"a text")
    assert said(lambda: set_marks(path)) == "this is not a set of Ableton Live (no gzip)"
    path.write_bytes(gzip.compress(b"<Ableton/>"))
    assert said(lambda: set_marks(path)) == "this is not a set of Ableton Live (no main track)"
    path.write_bytes(gzip.compress(b"<Ableton/>")[:-12])
    assert said(lambda: set_marks(path)) == "it ends in the middle; save it again"
    assert said(lambda: set_marks(live_set(tmp_path, {0: 0}))) == (
        "its tempo is not from 1 to 1000 beats a minute"
    )
    assert said(lambda: set_beats(live_set(tmp_path, {500_000: 100}))) == (
        "it has more than 200,000 beats"
    )


@pytest.mark.parametrize("metre", [-1, 495, 9e300])
def test_no_time_signature(tmp_path: Path, metre: float) -> None:
    path = live_set(tmp_path, {}, metre=metre)
    assert said(lambda: set_beats(path)) == (
        "its time signature cannot be read; save the set again"
    )


@pytest.mark.slow
def test_a_set_that_unpacks_without_end(tmp_path: Path) -> None:
    path = tmp_path / "song.als"
    path.write_bytes(gzip.compress(b"<a>" + b" " * 70_000_000))
    assert said(lambda: set_marks(path)).startswith("it holds more than 64,000,000 bytes")

from __future__ import annotations

from fractions import Fraction

import pytest

from pipeline.music.marks.beat_list import BeatList, Mark
from pipeline.music.marks.edl import edl_beats, edl_marks
from tests.pipeline.music.marks.said import FILE, said

NTSC = Fraction(30000, 1001)


def edl(*codes: str, kind: str = "NON-DROP FRAME") -> str:
    """Markers at timecodes, in the words of DaVinci Resolve."""
    edits = [
        f"{n:03}  001      V     C        {code} {code} {code} {code}  \n"
        f" |C:ResolveColorBlue |M:part {n} |D:1\n"
        for n, code in enumerate(codes, start=1)
    ]
    return "\n".join([f"TITLE: Timeline 1\nFCM: {kind}\n", *edits])


def test_markers_lie_where_their_timecodes_say() -> None:
    text = edl("01:00:00:12", "01:01:02:00")
    assert edl_marks(text, FILE, Fraction(24)) == (Mark("part 1", 0.5), Mark("part 2", 62.0))
    assert edl_marks(edl("00:00:01:00"), FILE, Fraction(25)) == (Mark("part 1", 1.0),)


def test_the_place_in_the_timeline_is_the_third_timecode() -> None:
    text = (
        "001  AX V C 00:00:00:00 00:00:01:00 01:00:02:00 01:00:03:00\n"
        "* a note\n|M:the drop: here |D:24\n"
    )
    assert edl_marks(text, FILE, Fraction(24)) == (Mark("the drop: here", 2.0),)


def test_timecodes_at_ntsc_rates() -> None:
    """Without dropping, ten minutes of timecode are 18,000 frames; with it 17,982."""
    (mark,) = edl_marks(edl("01:10:00:00"), FILE, NTSC)
    assert mark.second == pytest.approx(float(18000 / NTSC))
    dropping = edl("01:00:59:29", "01:01:00:02", "01:10:00:00", kind="DROP FRAME")
    seconds = [mark.second for mark in edl_marks(dropping, FILE, NTSC)]
    assert seconds == pytest.approx([float(n / NTSC) for n in (1799, 1800, 17982)])
    semicolons = edl("01:00:59;29", "01:01:00;02", "01:10:00;00")
    assert [mark.second for mark in edl_marks(semicolons, FILE, NTSC)] == seconds


def test_markers_are_beats() -> None:
    text = edl("01:00:01:00", "01:00:00:12")
    assert edl_beats(text, FILE, Fraction(24)) == BeatList((0.5, 1.0))


def test_no_markers() -> None:
    assert said(lambda: edl_marks("TITLE: x\n", FILE, Fraction(24))) == (
        "there is no marker in it; export the markers of the timeline to an EDL"
    )
    assert said(lambda: edl_marks(edl("01:00:00:24"), FILE, Fraction(24))) == (
        "line 4: frame 24 of a second does not fit video.fps, 24; export the list from a timeline "
        "of this frame rate"
    )

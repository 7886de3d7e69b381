from __future__ import annotations

from fractions import Fraction

import pytest

from pipeline.music.marks.beat_list import BeatList
from pipeline.music.marks.beats_text import read_beats_text
from tests.pipeline.music.marks.said import FILE, said

SECONDS = (Fraction(1, 2), Fraction("1.01"), Fraction(3, 2), Fraction("62.125"))


@pytest.mark.parametrize(
    ("text", "beats"),
    [
        ("0.5\n1.01\n1.5\n62.125\n", BeatList(SECONDS)),
        ("# by ear\n\n 0.5 \n1.01\n1.5\n1:02.125", BeatList(SECONDS)),
        ("0.5 3\n1.01 1\n1.5 2\n62.125 3\n", BeatList(SECONDS, 1, 3)),
        ("0.50\t4\n1.01\t1\n1.50\t2\n62.125\t3", BeatList(SECONDS, 1, 4)),
        ("0.5,2\n1.01,1,x\n1.5,2\n62.125,1", BeatList(SECONDS, 1, 2)),
        (
            "0.5000000000000001\n1.0099999999999998\n1.5\n62.12500000000000000001\n",
            BeatList(SECONDS),
        ),
        ("5e-01\n1.010E+0\n1.5\n6.2125e1\n", BeatList(SECONDS)),
        (
            "5.000000000000000000e-01 3.000000000000000000e+00\n1.01e+00 1.0e+00\n1.5 2.0e+00\n"
            "6.212500000000000000e+01 3.000000000000000000e+00\n",
            BeatList(SECONDS, 1, 3),
        ),
        ("0.5,loud\n1.01;soft\n1.5\n62.125", BeatList(SECONDS)),
    ],
)
def test_a_list_of_seconds(text: str, beats: BeatList) -> None:
    assert read_beats_text(text, FILE) == beats


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "0.5\nbeat\n",
            'line 2: expected the seconds of a beat, such as 12.345, found "beat"',
        ),
        ("-1\n2", 'line 1: expected the seconds of a beat, such as 12.345, found "-1"'),
        (
            "0.5\n\n1.5\n1.5\n",
            "line 4: 1.5s is not behind the beat before it, 1.5s; put the beats in order, each "
            "once",
        ),
        ("0.5\n", "a song needs two beats or more; found 1"),
        ("# nothing\n", "a song needs two beats or more; found 0"),
    ],
)
def test_no_list_of_seconds(text: str, message: str) -> None:
    assert said(lambda: read_beats_text(text, FILE)) == message


def test_beats_of_many_digits_are_kept_to_a_billionth() -> None:
    """As Python prints them, and as NumPy saves them."""
    beats = (Fraction("0.464399093"), Fraction("0.928798186"))
    for text in (
        "0.46439909297052154\n0.9287981859410431\n",
        "4.643990929705215400e-01\n9.287981859410430800e-01\n",
    ):
        assert read_beats_text(text, FILE).seconds == beats


def test_more_than_a_song_can_have_is_no_second() -> None:
    for text in ("1e99", "12e3", "0.5e", "1234567890"):
        assert said(lambda text=text: read_beats_text(f"{text}\n2\n", FILE)) == (
            f'line 1: expected the seconds of a beat, such as 12.345, found "{text}"'
        )


@pytest.mark.slow
def test_more_beats_than_a_song_has() -> None:
    text = "\n".join(map(str, range(200_001)))
    message = "found 200001 beats; a song has up to 200,000"
    assert said(lambda: read_beats_text(text, FILE)) == message

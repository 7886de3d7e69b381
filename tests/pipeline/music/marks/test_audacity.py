from __future__ import annotations

from fractions import Fraction

import pytest

from pipeline.music.marks.audacity import label_beats, label_marks, looks_like_labels
from pipeline.music.marks.beat_list import BeatList, Mark
from tests.pipeline.music.marks.said import FILE, said

LABELS = """\
0.500000\t0.500000\t4
1.250000\t2.500000\t1
\\\t110.0\t220.0
2.000000\t2.000000\tthe drop
2.750000\t2.750000\t
"""


def test_labels_are_marks_at_their_starts() -> None:
    assert label_marks(LABELS, FILE) == (Mark("4", 0.5), Mark("1", 1.25), Mark("the drop", 2.0))


def test_labels_are_beats_and_one_named_1_begins_a_bar() -> None:
    starts = tuple(Fraction(quarter, 4) for quarter in (2, 5, 8, 11))
    assert label_beats(LABELS, FILE) == BeatList(starts, 1)
    assert label_beats(LABELS.replace("\t1\n", "\tx\n"), FILE) == BeatList(starts, 0)


def test_decimals_with_commas() -> None:
    assert label_marks("0,5\t0,5\ta\n", FILE) == (Mark("a", 0.5),)


def test_labels_of_many_digits() -> None:
    """As programs print them that write labels themselves."""
    text = "0.46439909297052154\t0.46439909297052154\ta\n5e-05\t0,5\tb\n"
    assert looks_like_labels(text)
    assert label_marks(text, FILE) == (Mark("a", 0.464399093), Mark("b", 0.00005))


@pytest.mark.parametrize(
    ("text", "is_labels"),
    [(LABELS, True), ("0.5\t1\n1.0\t2\n", False), ("0.5\n", False), ("", False)],
)
def test_labels_are_told_from_plain_beats(text: str, is_labels: bool) -> None:
    assert looks_like_labels(text) is is_labels


def test_no_labels() -> None:
    assert said(lambda: label_marks("0.5\t0.5\tone\n0.7 two\n", FILE)) == (
        'line 2: expected a label, start, end and name with tabs between them, found "0.7 two"'
    )
    assert said(lambda: label_marks("0.5\t0.5\t\n", FILE)) == (
        "no label has a name; type one for each, and export the labels again"
    )
    assert said(lambda: label_beats("0.5\t0.5\t\n0.25\t0.25\t\n", FILE)) == (
        "line 2: 0.25s is not behind the beat before it, 0.5s; put the beats in order, each once"
    )

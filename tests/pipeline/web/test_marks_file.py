"""Taps become a file that scenes read; what is in it stays."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from pipeline.errors import Error
from pipeline.music.marks.beat_list import Mark
from pipeline.music.marks.formats import read_marks
from pipeline.scene.load import load_scene
from pipeline.web.marks_file import LONGEST, MOST, advice_for, marks_path, save_marks

BASE = "video: {size: [64, 64], duration: 4s}\nprompts: a castle\n"


def test_a_scene_reads_what_was_saved(tmp_path: Path) -> None:
    scene = tmp_path / "my night.yaml"
    path = marks_path(scene)
    save_marks(path, [(2.0004, ""), (1.5, "drop"), (0.25, "")])
    assert path.name == "my night-marks.txt"
    assert path.read_text() == "0.250\t0.250\ttap 1\n1.500\t1.500\tdrop\n2.000\t2.000\ttap 2\n"
    scene.write_text(
        f"{BASE}music:\n  {advice_for(None, path, ())[1]}\ncamera: {{zoom: {{mark tap 2: 1.1}}}}\n"
    )
    names = load_scene(scene).music.timing.names
    assert names == {"mark tap 1": Fraction(1, 4), "mark drop": Fraction(3, 2), "mark tap 2": 2}


def test_new_taps_join_those_that_are_there(tmp_path: Path) -> None:
    path = tmp_path / "marks.txt"
    path.write_text("1\t1.5\tTap 1\n3\t3\tdrop\n")
    save_marks(path, [(2.0, ""), (4.0, "Drop"), (5.0, "drop"), (6.0, "7")])
    assert read_marks(path, None, Fraction(24)) == (
        *(Mark("Tap 1", 1.0), Mark("tap 2", 2.0), Mark("drop", 3.0)),
        *(Mark("Drop 2", 4.0), Mark("drop 3", 5.0), Mark("tap 7", 6.0)),
    )


def test_a_name_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "marks.txt"
    (mark,) = save_marks(path, [(1.0, " a\tb\nc " + "x" * 99)])
    assert mark.name.startswith("a b c x") and len(mark.name) <= LONGEST
    assert read_marks(path, None, Fraction(24)) == (mark,)


def test_a_file_of_something_else_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "marks.txt"
    path.write_text("my diary\n")
    with pytest.raises(Error, match="taps are added to no file but one of labels"):
        save_marks(path, [(1.0, "")])
    assert path.read_text() == "my diary\n"
    with pytest.raises(Error, match="save fewer"):
        save_marks(tmp_path / "new.txt", [(1.0, "")] * (MOST + 1))
    with pytest.raises(Error, match="cannot be written"):
        save_marks(tmp_path / "none" / "marks.txt", [(1.0, "")])


@pytest.mark.parametrize(
    ("music", "advice", "lines"),
    [
        ("", "Add these lines to the scene:", "music:\n  marks: night-marks.txt"),
        (
            "music: {bpm: 120}\n",
            "Add this line to the scene, under music:",
            "marks: night-marks.txt",
        ),
        ("music: {marks: night-marks.txt}\n", "", ""),
        (
            "music: {marks: other.txt}\n",
            "The scene reads other.txt; name this file instead.",
            "marks: night-marks.txt",
        ),
        (
            "music: {marks: {drop: 1s}}\n",
            "The scene has marks of its own; add these to them, under marks:",
            '"tap 1": 2.5s',
        ),
    ],
)
def test_the_author_is_told_what_to_add(
    music: str, advice: str, lines: str, tmp_path: Path
) -> None:
    for name in ("night-marks.txt", "other.txt"):
        (tmp_path / name).write_text("1\t1\ta\n")
    scene = tmp_path / "night.yaml"
    scene.write_text(BASE + music)
    told = advice_for(load_scene(scene), marks_path(scene), [Mark("tap 1", 2.5)])
    assert told == (advice, lines)


def test_what_a_label_has_beside_its_name_and_start_stays_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "marks.txt"
    first, second = "1,00025\t2.5\tdrop\n\\\t100\t200\n", "3.0\t3.0\t\n"
    path.write_text(first + second)
    assert save_marks(path, [(2.0, "")]) == (Mark("drop", 1.00025), Mark("tap 1", 2.0))
    assert path.read_text() == f"{first}2.000\t2.000\ttap 1\n{second}"


def test_an_empty_file_takes_taps(tmp_path: Path) -> None:
    path = tmp_path / "marks.txt"
    path.write_text("")
    save_marks(path, [(1.0, "")])
    assert path.read_text() == "1.000\t1.000\ttap 1\n"

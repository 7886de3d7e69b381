"""Where what a problem speaks of ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import Problem, SceneError
from pipeline.scene.load import load_scene
from pipeline.scene.reading.spans import with_ends
from pipeline.scene.reading.yaml_source import read_yaml
from tests.pipeline.scene_files import BASE, write


def meant(folder: Path, text: str) -> list[str]:
    """What each mistake of a scene is about, as it is written."""
    with pytest.raises(SceneError) as caught:
        load_scene(write(folder, text))
    lines = text.split("\n")
    return [lines[one.line - 1][one.column - 1 : one.end - 1] for one in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("camra: 2\n", "camra"),
        ('"camra": 2\n', '"camra"'),
        ("seed: -1 # a comment\n", "-1"),
        ("seed: [1, 2]\n", "[1, 2]"),
        ("camera: {zoom: {0: 1, 9: {value: 2, eas: in}}}\n", "eas"),
        ('camera: {zoom: "1 + 2 * sim(t)"}\n', "sim"),
        ("camera:\n  zoom: 1 + drums.kik\n", "drums.kik"),
        ('camera: {zoom: "1 ^ 2"}\n', "^"),
        ("camera:\n  mode: 4d\n", "4d"),
        ("prompts: b\n", "prompts"),
    ],
)
def test_it_is_the_key_the_value_or_the_word(tmp_path: Path, text: str, expected: str) -> None:
    assert meant(tmp_path, BASE + text) == [expected]


def test_what_ends_in_another_line_has_no_end() -> None:
    document = read_yaml("a:\n  - 1\n  - 2\n")
    (problem,) = with_ends(document, [Problem(2, 3, "a", "no")])
    assert problem.end == 0


def test_an_end_that_is_known_stays() -> None:
    (problem,) = with_ends(read_yaml("a: 123\n"), [Problem(1, 4, "a", "no", end=5)])
    assert problem.end == 5


@pytest.mark.parametrize(("line", "column"), [(9, 1), (1, 99), (2, 1)])
def test_a_place_that_there_is_not_has_no_end(line: int, column: int) -> None:
    (problem,) = with_ends(read_yaml("a: 123\n"), [Problem(line, column, "", "no")])
    assert problem.end == 0

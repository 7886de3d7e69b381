"""Strict YAML: what is data, what is refused, and where everything stands."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from yaml.nodes import Node

from pipeline.errors import Problem
from pipeline.scene.reading import yaml_source
from pipeline.scene.reading.yaml_loader import LONGEST_EXPLAINED, CoreLoader
from pipeline.scene.reading.yaml_source import (
    MAX_CHARACTERS,
    MAX_VALUES,
    Document,
    dotted,
    read_yaml,
)

SCENES = sorted((Path(__file__).parents[4] / "scenes").glob("*.yaml"))


def said(document: Document) -> list[str]:
    """The problems of a document as `line:column path: message`."""
    return [f"{p.line}:{p.column} {p.path}: {p.message}" for p in document.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-7", -7),
        ("012", 12),
        ("0o12", 10),
        ("0x1F", 31),
        ("1e-3", 0.001),
        ("1E3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("+1.5", 1.5),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("on", "on"),
        ("off", "off"),
        ("yes", "yes"),
        ("No", "No"),
        ("1:30", "1:30"),
        ("1:30.5", "1:30.5"),
        ("1_000", "1_000"),
        ("2001-01-01", "2001-01-01"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("=", "="),
        ("0b11", "0b11"),
        ("bar 5", "bar 5"),
        ("60%", "60%"),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(text: str, value: object) -> None:
    document = read_yaml(f"a: {text}")
    assert document.problems == ()
    assert document.data == {"a": value}
    assert isinstance(document.data, dict)
    assert type(document.data["a"]) is type(value)


def test_nan_is_a_number() -> None:
    data = read_yaml("a: .NaN").data
    assert isinstance(data, dict)
    assert math.isnan(data["a"])


def test_keys_are_texts_or_numbers_as_written() -> None:
    assert read_yaml("{0: a, 1.5: b, 1:30: c, on: d, bar 5: e}").data == {
        0: "a",
        1.5: "b",
        "1:30": "c",
        "on": "d",
        "bar 5": "e",
    }


def test_anchors_repeat_a_value_and_its_place() -> None:
    document = read_yaml("a: &slow {x: 1}\nb: *slow\n")
    assert document.data == {"a": {"x": 1}, "b": {"x": 1}}
    assert document.value_place(("b", "x")) == (1, 14)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3", "3:1 a: the key is written twice, first in line 1; keep one of them"),
        (
            "a: {0: x, 0.0: y}",
            "1:11 a.0.0: the key is written twice, first in line 1; keep one of them",
        ),
        ("? [1]\n: 2", "1:3 : a key is a text or a number, found a list or mapping"),
        (
            "a: {true: 1}",
            '1:5 a: a key is a text or a number, found "true"; put it in quotes to make it a text',
        ),
        (
            "~: 1",
            '1:1 : a key is a text or a number, found "~"; put it in quotes to make it a text',
        ),
        ("a: !!str 5", '1:4 : tags such as "!!str" are not read; write the plain value'),
        ("a: !fade {}", '1:4 : tags such as "!fade" are not read; write the plain value'),
        ("<<: {a: 1}", '1:1 : merge keys ("<<") are not read; write the values out'),
        ("a: &x [*x]", "1:4 a.0: an alias stands inside the value that it repeats"),
        ("a: " + "1" * 251, "1:4 a: a number of 251 characters is too long"),
        ("a: {0:1}", '1:5 a.0:1: write a blank after the ":" that ends a key in braces'),
    ],
)
def test_what_is_refused_is_noted_and_reading_goes_on(text: str, problem: str) -> None:
    document = read_yaml(text)
    assert said(document) == [problem]
    assert isinstance(document.data, dict)


def test_all_problems_are_collected() -> None:
    document = read_yaml("a: !x 1\na: 2\n<<: 3\nb: 4\n")
    assert sorted(problem.line for problem in document.problems) == [1, 2, 3]
    assert document.data == {"a": "1", "b": 4}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1 : the file is empty; write at least `video` and `prompts`"),
        ("# later\n", "1:1 : the file is empty; write at least `video` and `prompts`"),
        ("a:\n\tb: 1", "2:1 : a tab cannot indent YAML; use blanks"),
        ("a: @x", '1:4 : a plain text cannot begin with "@"; put it in quotes'),
        (
            "a: b: c",
            '1:5 : a ":" is not expected here: check the indentation, and put a text that holds'
            ' ": " in quotes',
        ),
        ("a: 5\nb\nc: 1", '2:1 : a key without ":" after it'),
        ("a: 'x\nb: 2", "1:4 : a quote is opened here and never closed"),
        (
            'a: "x\\q"',
            '1:7 : in double quotes "\\q" is not an escape; write "\\\\q" or use single quotes, '
            'or "/" in a path',
        ),
        ("a: [1, 2", '1:4 : a bracket is opened here and never closed; add "]"'),
        (
            "v: {a: 1, b: 2\nseed: 7",
            '2:5 : expected "," or "}" here: the bracket opened in line 1, column 4 is not closed',
        ),
        ("a: ]", '1:4 : a value is missing before "]"'),
        (
            "a: 'it's'",
            "1:8 : this does not fit the lines above: check its indentation, and put a text that"
            ' holds quotes, ": " or " #" into quotes as a whole',
        ),
        (
            "a: *2",
            '1:4 : there is no "&2" before this "*2"; to begin a text with "*", put it in quotes',
        ),
        ("a: *", "1:5 : a name is missing; quote a text like this"),
        ("a: &x 1\nb: &x 2", '2:4 : the anchor "&x" is set twice; rename one'),
        ("a: 1\n---\nb: 2", '2:1 : a scene file holds one scene; remove this "---"'),
        ("%YAML 3.0\n---\na: 1", "1:1 : remove this line; no version need be named"),
        ("a: !e!x 1", "1:4 : tags are not read; write the plain value"),
        (
            "a: |x\n  f",
            '1:5 : a text may not follow "|" or ">" in the same line; put it into the next one',
        ),
        ("a: 1\nb: \x01", "2:4 : the character U+0001 is not allowed in YAML; remove it"),
        ("a: " + "[" * 5000, "1:1 : the values are nested too deeply"),
        (
            "%TAG ! !\n%TAG ! !\n---\na: 1",
            "2:1 : this is not YAML: duplicate tag handle '!'",
        ),
    ],
)
def test_syntax_errors_are_told_in_plain_words(text: str, problem: str) -> None:
    document = read_yaml(text)
    assert said(document) == [problem]
    assert document.data is None


@pytest.mark.slow
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_very_many_lines_are_no_scene(end: str) -> None:
    document = read_yaml("a: 1" + end * 100_001)
    (problem,) = document.problems
    assert problem.message == "this is longer than 100,000 lines; is it the right file?"
    assert document.data is None


def test_aliases_cannot_ask_for_billions_of_values() -> None:
    bomb = "a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"{after}: &{after} [{','.join([f'*{name}'] * 10)}]\n"
        for name, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    problem = (
        f"1:1 : more than {MAX_VALUES:,} values or {MAX_CHARACTERS:,} characters, aliases written "
        "out; use fewer: a curve with a key for every frame is shorter as a formula"
    )
    assert said(read_yaml(bomb)) == [problem]


TEXT = """\
# a comment
camera:
  zoom: 1 + t
  roll: "2 * t"
  tilt: >
    3 *
    t
  pan: |
    4 * t
  list: [a, 'b']
  escape: "\\x41 + t"
"""


@pytest.mark.parametrize(
    ("route", "offset", "place"),
    [
        ((), 0, (2, 1)),
        (("camera",), 0, (3, 3)),
        (("camera", "zoom"), 0, (3, 9)),
        (("camera", "zoom"), 4, (3, 13)),
        (("camera", "roll"), 0, (4, 9)),
        (("camera", "roll"), 4, (4, 14)),
        (("camera", "tilt"), 4, (5, 9)),
        (("camera", "pan"), 4, (9, 9)),
        (("camera", "list", 1), 0, (10, 13)),
        (("camera", "escape"), 3, (11, 11)),
        (("camera", "zoom", "deeper"), 0, (3, 3)),
        (("camera", "fov"), 0, (2, 1)),
        (("video", "size"), 0, (2, 1)),
    ],
)
def test_value_places(route: tuple[str | int, ...], offset: int, place: tuple[int, int]) -> None:
    assert read_yaml(TEXT).value_place(route, offset) == place


@pytest.mark.parametrize(
    ("route", "place"),
    [
        (("camera",), (2, 1)),
        (("camera", "zoom"), (3, 3)),
        (("camera", "list", 1), (10, 13)),
        (("camera", "fov"), (2, 1)),
        (("video",), (2, 1)),
    ],
)
def test_key_places(route: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert read_yaml(TEXT).key_place(route) == place


def test_dotted_routes_read_like_settings() -> None:
    assert dotted(("camera", "zoom", "bar 5")) == "camera.zoom.bar 5"
    assert dotted(("prompts", 0, "text")) == "prompts.0.text"


def test_lines_may_end_as_they_did_on_old_computers() -> None:
    """Where the text is no YAML, too, which is told at the line that the reader counts."""
    (problem,) = read_yaml("a: 1\r\r\rb: [1\r").problems
    assert (problem.line, problem.column) == (4, 4)
    (problem,) = read_yaml("a: 1\x85\rb: \x00").problems
    assert (problem.line, problem.column) == (3, 4)


MANY = [
    "a: 1\nb: [x, 'y', \"z\\n\", {c: , d: ~}]\ne:\nf: |\n  one\n  two\ng: >-\n  a\n\n  b\n",
    '{"a": {"b": [1, 2.5, "\\u706f", null]}, "c":  }\n',
    "a: &x {b: 1}\nc: [*x, *x]\n? d\n: e\n- f\n",
    "a: &x {b: 1,\n  c:\n  }\nd: [*x, !!str e]\n灯: 燈 # no\n",
    "",
    "a: [1, 2\n",
    "a: \t1\nb:\t- 2\n",
]


@pytest.mark.parametrize("text", [*MANY, *(path.read_text("utf-8") for path in SCENES)])
def test_both_readers_read_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = read_yaml(text)
    monkeypatch.setattr(yaml_source, "compose", in_python)
    assert read_yaml(text) == fast


def in_python(text: str, max_nodes: int) -> tuple[Node | None, list[Problem]]:
    loader = CoreLoader(text, max_nodes)
    return loader.get_single_node(), loader.tag_problems


def test_a_long_text_that_is_no_yaml_is_told_where_it_breaks_off() -> None:
    text = "# a comment\n" * (LONGEST_EXPLAINED // 10) + "a: {b: 1\n"
    (problem,) = read_yaml(text).problems
    assert problem.line == text.count("\n") + 1
    assert problem.message == "this is not YAML: did not find expected ',' or '}'"

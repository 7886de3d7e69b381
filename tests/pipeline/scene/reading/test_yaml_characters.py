"""Characters that an escape in double quotes asks for."""

from __future__ import annotations

import json

import pytest

from pipeline.scene.reading.yaml_source import read_yaml

HALF = "is half of a character; write the character itself, or both halves"
CONTROL = "is not allowed in a text; remove it. In double quotes a backslash begins an escape"


@pytest.mark.parametrize("text", ["a 🦋 at dawn", "𝄞", "\U0010ffff \U00010000", "ü灯"])
def test_json_writes_an_emoji_as_a_pair_of_halves(text: str) -> None:
    document = read_yaml(json.dumps({"title": text, text: 1}, ensure_ascii=True))
    assert document.problems == ()
    assert document.data == {"title": text, text: 1}


@pytest.mark.parametrize(
    ("escape", "fault"),
    [
        (r"\ud83e", rf'"\ud83e" {HALF}'),
        (r"\udd8b", rf'"\udd8b" {HALF}'),
        (r"\udd8b\ud83e", rf'"\udd8b" {HALF}'),
        (r"\ud83e \udd8b", rf'"\ud83e" {HALF}'),
        (r"\U0000DFFF", rf'"\udfff" {HALF}'),
        (r"\0", f"the character U+0000 {CONTROL}"),
        (r"\e[2J", f"the character U+001B {CONTROL}"),
        (r"\x9b", f"the character U+009B {CONTROL}"),
        (r"\uFFFE", f"the character U+FFFE {CONTROL}"),
    ],
)
@pytest.mark.parametrize("scene", ['a: 1\nb: ["x{}"]', 'a: 1\n"b{}": 2', 'a: 1\nb:\n  {{"{}": 3}}'])
def test_what_is_no_character_of_a_text_is_a_mistake(scene: str, escape: str, fault: str) -> None:
    document = read_yaml(scene.format(escape))
    (problem,) = document.problems
    assert problem.line == scene.count("\n", 0, scene.index("{}")) + 1
    assert problem.message.startswith(fault)
    repr(document.data).encode()
    assert str(document.data).isprintable()


@pytest.mark.parametrize("code", [r"\U00110000", r"\UFFFFFFFF", r"\U7fffffff"])
def test_codes_past_the_last_character_are_mistakes(code: str) -> None:
    document = read_yaml(f'a: 1\nb: "x {code}"')
    (problem,) = document.problems
    assert (problem.line, problem.column) == (2, 9)
    assert problem.message == (
        'this is the code of no character, the last one is "\\U0010ffff"; write the character '
        'itself; write a path with "/", or in single quotes'
    )


def test_an_alias_of_a_faulty_text_is_told_once() -> None:
    document = read_yaml(r'{a: &x "\0", b: [*x, *x, *x]}')
    assert len(document.problems) == 1


def test_a_windows_path_in_double_quotes_is_told_how_to_be_written() -> None:
    document = read_yaml(r'image: "C:\Users\me\castle.png"')
    (problem,) = document.problems
    assert (problem.line, problem.column) == (1, 13)
    assert 'write a path with "/", or in single quotes' in problem.message

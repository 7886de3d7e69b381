"""Prompts as other tools write them, and words that only look like that."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyframes.foreign_prompts import LONGEST, foreign_prompt, quoted

AS_IT_IS = ', or {text: "..."} to keep the text as it is'


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("fog:-0.3", "{text: fog, weight: -0.3}"),
        ("a castle:2", "{text: a castle, weight: 2}"),
        ("a castle :.5", "{text: a castle, weight: 0.5}"),
        ("a castle: 1.5", "{text: a castle, weight: 1.5}"),
        ("a castle: -1", "{text: a castle, weight: -1}"),
        ("a castle by the sea, oil:1000", '{text: "a castle by the sea, oil", weight: 1000}'),
        ("(a castle:1.3)", "{text: a castle, weight: 1.3}"),
        (
            "(a castle:1.3) in fog",
            "[{text: a castle in fog, weight: 1}, {text: a castle, weight: 0.3}]",
        ),
        ("((castle))", "{text: castle, weight: 1.21}"),
        ("(((castle)))", "{text: castle, weight: 1.33}"),
        ("a ((red)) sky", "[{text: a red sky, weight: 1}, {text: red, weight: 0.21}]"),
        ("[castle]", "{text: castle, weight: 0.91}"),
        ("a [red] sky", "[{text: a red sky, weight: 1}, {text: red, weight: -0.09}]"),
    ],
)
def test_weights_inside_a_text(text: str, here: str) -> None:
    words = f"a weight inside a text would be read as words; write {here}{AS_IT_IS}"
    assert foreign_prompt(text) == words


CASTLE_AND_FOG = "[{text: a castle, weight: 1}, {text: fog, weight: 1}]"


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("a castle | fog", CASTLE_AND_FOG),
        ("a castle|fog", CASTLE_AND_FOG),
        ("a castle AND fog", CASTLE_AND_FOG),
        ("a castle:2 AND fog:-0.3", "[{text: a castle, weight: 2}, {text: fog, weight: -0.3}]"),
        ("a castle::2 fog::-1", "[{text: a castle, weight: 2}, {text: fog, weight: -1}]"),
        ("a castle:: fog", CASTLE_AND_FOG),
        ("a castle:2, fog", "[{text: a castle, weight: 2}, {text: fog, weight: 1}]"),
    ],
)
def test_several_prompts_inside_a_text(text: str, here: str) -> None:
    words = f"several prompts inside a text would be read as words; write {here}{AS_IT_IS}"
    assert foreign_prompt(text) == words


@pytest.mark.parametrize("option", ["--neg", "--no", "--negative"])
def test_negative_prompts_inside_a_text(option: str) -> None:
    here = "{text: a castle, weight: 1}, {text: fog, weight: -0.3}"
    assert foreign_prompt(f"a castle {option} fog", in_list=True) == (
        f"a negative prompt inside a text would be read as words; write {here}{AS_IT_IS}"
    )


def test_options_inside_a_text() -> None:
    said = foreign_prompt("a castle --ar 16:9")
    assert said is not None and said.startswith('"--ar 16:9" would be words of the prompt; ')


@pytest.mark.parametrize(
    "text",
    [
        *("a clock at 10:30", "portrait, 4:3", "16:9", "widescreen 2.39:1", "12:30:45", "10:30.5"),
        *("Blade Runner: 2049", "Alien: 3", "(Blade Runner: 2049)", "New York:1999", "Psalm 23:4"),
        *(
            "a castle (in fog)",
            "a map [1850]",
            "a [ b",
            "R AND B",
            "CATS AND DOGS",
            "cats and dogs",
        ),
        *("the WAR AND PEACE poster", "a castle -- at dawn", "a --- b", "std::vector", "C::C"),
        *(
            "a castle.png on a desk",
            "a .png",
            "a castle: at dawn, 2 towers",
            "scale 1:50",
            "f/2:8",
            "time: 12:30",
            "|",
            "--",
            "",
        ),
        *("\u201cHope\u201d by Banksy", "it\u2019s raining", "an arrow -> and a + sign, 50%"),
    ],
)
def test_words_are_words(text: str) -> None:
    assert foreign_prompt(text) is None


@pytest.mark.parametrize("text", ["\u201ca castle\u201d", "\u201ea castle\u201c", "\u2018a castle"])
def test_curly_quotes(text: str) -> None:
    words = 'curly quotes would be read as letters; write "a castle"'
    assert foreign_prompt(text) == words


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("like.png", "like.png"),
        ("art/My_Sea.JPG", "art/My_Sea.JPG"),
        ("https://example.org/a.webp", '"https://example.org/a.webp"'),
    ],
)
def test_names_of_pictures(name: str, shown: str) -> None:
    words = f"the name of a picture would be read as words; write {{image: {shown}}}"
    assert foreign_prompt(name) == words


def test_weights_behind_their_texts_as_values() -> None:
    written = {"a castle": 1, "fog": -0.3}
    listed = "{text: a castle, weight: 1}, {text: fog, weight: -0.3}"
    words = "a text and its weight are written with their names: "
    assert foreign_prompt(written) == f"{words}[{listed}]"
    assert foreign_prompt(written, in_list=True) == f"{words}{listed}"
    for ours in ({"text": "a:2", "weight": 1}, {"txt": "a", "weight": 2}, {"a": True}, {}, 3, None):
        assert foreign_prompt(ours) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a castle", "a castle"),
        ("it's late (in fog)", "it's late (in fog)"),
        ("a castle, fog", '"a castle, fog"'),
        ("no: a castle", '"no: a castle"'),
        ("12", '"12"'),
        ("None", '"None"'),
        ('the "sea"', '"the \\"sea\\""'),
        ("x" * (LONGEST + 1), f'"{"x" * LONGEST}..."'),
    ],
)
def test_quotes_where_braces_ask_for_them(text: str, shown: str) -> None:
    assert quoted(text) == shown


pieces = ("a", " ", ":", "1", "-", ".", "(", ")", "[", "]", "|", " AND ", "--neg ", "::", ",", "A")


@pytest.mark.slow
@settings(derandomize=True, deadline=None, max_examples=500)
@given(st.lists(st.sampled_from(pieces), max_size=12).map("".join))
def test_every_text_has_an_answer(text: str) -> None:
    said = foreign_prompt(text)
    assert said is None or "would be" in said


@pytest.mark.slow
def test_long_texts_take_no_long_time() -> None:
    started = time.process_time()
    for part in ("(", " ", "a:", "[", "(a ", "a AND ", "a, ", "a|", "(a:1)", "((a))", "a::1 "):
        foreign_prompt("a" + 50_000 * part)
    # About a second where every one goes by its length; twenty for one that goes by its square.
    assert time.process_time() - started < 10

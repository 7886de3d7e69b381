"""Lines of a song in the words of prompts."""

from __future__ import annotations

from math import inf

import pytest

from keyframes.lyrics import SungLine, check_fields, with_line, with_lyrics
from keyframes.prompts import Prompt, PromptSchedule
from keyframes.word_weights import plain_text

LINES = (SungLine(10.4, 20.0, "one"), SungLine(20.0, 29.5, "two"), SungLine(40.0, inf, "three"))
SUNG = (Prompt("a singer, {lyric}, oil"),)


def texts(schedule: PromptSchedule, count: int) -> list[str]:
    return [" + ".join(prompt.text for prompt in prompts) for prompts in schedule.over(count)]


def test_a_line_is_there_from_its_nearest_frame_on() -> None:
    shown = texts(with_lyrics(PromptSchedule(((0, SUNG),)), LINES), 60)
    none, one, two, three = (f"a singer,{line} oil" for line in ("", " one,", " two,", " three,"))
    assert shown == [none] * 10 + [one] * 10 + [two] * 10 + [none] * 10 + [three] * 20


def test_only_prompts_that_hold_it_change_with_the_lines() -> None:
    keys = ((5.0, SUNG), (15.0, (Prompt("the sea"),)), (25.0, (Prompt("{lyric}"), Prompt("fog"))))
    assert [(frame, [prompt.text for prompt in prompts]) for frame, prompts in
            with_lyrics(PromptSchedule(keys), LINES).keys] == [
        (0, ["a singer, oil"]),
        (10.4, ["a singer, one, oil"]),
        (15, ["the sea"]),
        (25, ["two", "fog"]),
        (29.5, ["fog"]),
        (40, ["three", "fog"]),
    ]  # fmt: skip


def test_without_it_nothing_changes() -> None:
    schedule = PromptSchedule(((0, (Prompt("the sea"),)), (9, (Prompt("fog"),))), 2)
    assert with_lyrics(schedule, LINES) is schedule


def test_a_blend_longer_than_the_time_to_the_next_change_is_as_long_as_that() -> None:
    keys = ((0.0, (Prompt("fog"),)), (8.0, SUNG))
    faded = with_lyrics(PromptSchedule(keys, 9.7), LINES)
    assert [frame for frame, _ in faded.keys] == [0, 8, 10.4, 20, 29.5, 40]
    assert faded.blends == pytest.approx((8.0, 2.4, 9.6, 9.5, 9.7, 9.7))
    assert [(prompt.text, prompt.weight) for prompt in faded(12.8)] == [
        ("a singer, oil", 0.75),
        ("a singer, one, oil", pytest.approx(0.25)),
    ]


def test_a_picture_is_not_read_for_fields() -> None:
    schedule = PromptSchedule(((0, (Prompt("{lyric}.png", 1, image=True),)),))
    assert with_lyrics(schedule, LINES) is schedule


def test_a_prompt_of_nothing_but_the_line_needs_words_beside_it() -> None:
    with pytest.raises(ValueError) as error:
        with_lyrics(PromptSchedule(((0, (Prompt("{lyric}"),)),)), LINES)
    assert str(error.value) == (
        "nothing is left of the prompts at frame 0, where no line is sung; write words beside "
        "{lyric} that are always there"
    )


@pytest.mark.parametrize(
    ("text", "line", "filled"),
    [
        ("a, {lyric}, b", "x,  y", "a, x,  y, b"),
        ("a, {lyric}, b", "", "a, b"),
        ("{lyric}, b", "", "b"),
        ("a  {lyric} b, {lyric}", "", "a b"),
        ("a {lyric}, b", "", "a, b"),
        ("a,  b ,", "", "a,  b ,"),
        ("{lyric}", "", ""),
    ],
)
def test_blanks_and_commas_around_no_line_are_tidied(text: str, line: str, filled: str) -> None:
    assert with_line(text, line) == filled


@pytest.mark.parametrize(
    ("text", "line", "filled", "words"),
    [
        (
            "a singer, {lyric}",
            "(Both:) sail",
            r"a singer, \(Both:\) sail",
            "a singer, (Both:) sail",
        ),
        ("a singer, {lyric}", "(x:2) :)", r"a singer, \(x:2\) :\)", "a singer, (x:2) :)"),
        ("({lyric}:1.3), oil", "a) b", r"(a\) b:1.3), oil", "a) b, oil"),
        ("a (red:1.5) sea, ({lyric}:1.3), oil", "", "a (red:1.5) sea, oil", "a red sea, oil"),
        (r"\({lyric}:1.3\), oil", "", r"\(:1.3\), oil", "(:1.3), oil"),
        ("(a singer, {lyric}:1.3)", "", "(a singer, :1.3)", "a singer,"),
    ],
)
def test_a_line_is_words_where_words_have_weights(
    text: str, line: str, filled: str, words: str
) -> None:
    assert with_line(text, line, weighs=True) == filled
    assert plain_text(filled) == words


@pytest.mark.parametrize(
    ("text", "is_sung", "message"),
    [
        (
            "a {lyrics}",
            True,
            'unknown field "{lyrics}" (did you mean "{lyric}"?); a prompt can hold {lyric}, the '
            "line that is sung",
        ),
        (
            "a {}",
            True,
            'unknown field "{}"; a prompt can hold {lyric}, the line that is sung',
        ),
        ("a {{lyric}}", True, 'found "a {{lyric}}"; braces are written once, as in {lyric}'),
        (
            "a {lyric}",
            False,
            "{lyric} is the line that is sung, and there are no lyrics; write music: "
            "{lyrics: song.lrc}",
        ),
    ],
)
def test_no_field(text: str, is_sung: bool, message: str) -> None:
    with pytest.raises(ValueError) as error:
        check_fields(text, is_sung)
    assert str(error.value) == message


def test_other_braces_are_words() -> None:
    check_fields("a } curly { face :{", is_sung=False)

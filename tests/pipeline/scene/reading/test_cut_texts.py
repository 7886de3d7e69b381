"""Texts that a `#` cuts off, and comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.scene_files import VIDEO, complaints, load


def cut(words: str) -> str:
    return (
        f'"{words}" would be cut off, as a # behind a blank begins a comment; put the text in '
        'quotes as a whole, or write "# " before a comment'
    )


def test_texts_that_would_be_cut_off(tmp_path: Path) -> None:
    text = (
        "video:\n  size: [64, 64]\n  duration: 48\n  title: Reel #7\n"
        "prompts:\n  0s: a castle #3 at dawn  \n  1s:\n    - the sea\n      and more #art\n"
        "    - {text: fog #5\n      , weight: 3}\n"
    )
    assert complaints(tmp_path, text) == [
        f"4:15: video.title: {cut('#7')}",
        f"6:16: prompts.0s: {cut('#3 at dawn')}",
        f"9:16: prompts.1s.0: {cut('#art')}",
        f"10:18: prompts.1s.1.text: {cut('#5')}",
    ]


def test_the_prompts_of_a_shot_that_would_be_cut_off(tmp_path: Path) -> None:
    text = f"{VIDEO}shots:\n  - name: ruins #1\n    prompts: an abbey #1 of two\n"
    assert complaints(tmp_path, text) == [f"4:23: shots.0.prompts: {cut('#1 of two')}"]


@pytest.mark.parametrize(
    "prompts",
    [
        *("a castle # the second", "a castle #", "a castle ## here", "a castle#3"),
        *("'a castle #3'", '"a castle" #3', "|\n  a castle #3", "{0s: a castle, blend: 5} #3"),
    ],
)
def test_comments_and_quoted_texts_are_left_alone(tmp_path: Path, prompts: str) -> None:
    prompt = load(tmp_path, f"{VIDEO}prompts: {prompts}\n").prompts(0)[0].text
    kept = prompts.startswith(("'", "|")) or "#3" in prompts.split(" ")[1]
    assert prompt.strip() in ("a castle #3", "a castle#3") if kept else prompt == "a castle"


def test_what_cannot_lose_words_may_have_any_comment(tmp_path: Path) -> None:
    text = (
        f"{VIDEO}prompts: #all of them\n  0s: fog\n  1s: rain\n  blend: 2 #frames\n"
        "camera: {mode: 2d} #flat\noutput:\n  preset: fast #er\n"
    )
    assert load(tmp_path, text).prompts.blends == (2, 2)


def test_a_bracket_that_a_comment_hides(tmp_path: Path) -> None:
    assert complaints(tmp_path, VIDEO + "prompts: {0s: a castle #3}\n") == [
        '2:10: a bracket is opened here and never closed; add "}"; a # behind a blank begins a '
        "comment, which hides the end of its line"
    ]


def test_what_cannot_be_seen_in_a_line_that_is_no_yaml(tmp_path: Path) -> None:
    assert complaints(tmp_path, VIDEO + "prompts: a castle\nseed:\u00a03\n") == [
        '3:1: a key without ":" after it; look at the line, which holds a no-break space (U+00A0): '
        "type plain blanks"
    ]

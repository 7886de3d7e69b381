"""Stressed words of web interfaces become weights of words that a scene knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyframes.word_weights import LARGEST_STRESS, Words, plain_text, weighted_words
from pipeline.scene.importers.stresses import explicit


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("a red barn", "a red barn"),
        ("a (red:1.3) barn", "a (red:1.3) barn"),
        ("a (red: 2) barn", "a (red:2.0) barn"),
        ("(red) barn", "(red:1.1) barn"),
        ("a ((red)) [old] barn", "a (red:1.21) (old:0.91) barn"),
        ("(an (old:1.5) barn:2)", "(an:2.0) (old:3.0) (barn:2.0)"),
        # Never closed, they hold to the end; never opened, they are text.
        ("a (red barn", "a (red barn:1.1)"),
        ("a red) barn]", "a red) barn]"),
        (r"a \(red\) barn", r"a \(red\) barn"),
        ("a [(barn)]", "a barn"),
        # As a number alone it would be a time or a ratio, and beyond bounds a mistake.
        ("in (1999)", "in 1999"),
        ("(red:-1) (blue:40)", "(red:0.0) (blue:10.0)"),
        ("", ""),
    ],
)
def test_brackets_become_numbers(there: str, here: str) -> None:
    assert explicit(there) == here


def test_a_scene_reads_what_was_meant() -> None:
    assert weighted_words(explicit("a ((red)) barn [at night]")) == (
        Words("a "),
        Words("red", 1.21),
        Words(" barn "),
        Words("at night", 0.91),
    )


@given(st.text("ab :.(1)[]\\", max_size=40))
def test_whatever_is_written_a_scene_can_read(text: str) -> None:
    written = explicit(text)
    assert all(0 <= piece.weight <= LARGEST_STRESS for piece in weighted_words(written))
    letters = [letter for letter in text if letter.isalpha()]
    assert [letter for letter in plain_text(written) if letter.isalpha()] == letters

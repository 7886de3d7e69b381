from __future__ import annotations

import pytest

from keyframes.nearest import nearest

KNOWN = ("translate_x", "zoom", "fov")


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("zom", ' (did you mean "zoom"?)'),
        ("Zoom", ' (did you mean "zoom"?)'),
        ("translation_x", ' (did you mean "translate_x"?)'),
        ("colour", ""),
        ("", ""),
    ],
)
def test_names_the_word_that_looks_alike(word: str, hint: str) -> None:
    assert nearest(word, KNOWN) == hint


def test_a_long_text_is_no_mistyped_word() -> None:
    known = "zoom" * 20
    assert nearest(known, [known]) == ""


@pytest.mark.parametrize(("alike", "hint"), [(0.85, ' (did you mean "zoom"?)'), (0.86, "")])
def test_how_much_alike_may_be_asked_for(alike: float, hint: str) -> None:
    assert nearest("zom", KNOWN, alike=alike) == hint  # 6 of 7 letters

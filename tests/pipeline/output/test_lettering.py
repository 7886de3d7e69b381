"""Words in pictures, of any script and length."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.output.lettering import in_lines, lettered, shortened_to, width_of


def test_letters_cover_as_much_as_they_are_wide() -> None:
    drawn = lettered("lighthouse", 12)
    assert drawn.shape[1] == width_of("lighthouse", 12)
    assert drawn.max() == 1 and 0.05 < drawn.mean() < 0.5
    assert width_of("lighthouse", 24) > 1.8 * width_of("lighthouse", 12)


@pytest.mark.parametrize(
    "text", ["", "море и маяк", "海の灯台", "منارة", "🏰🌊", "a\tb\nc\x00", "\udcff", "x" * 10_000]
)
def test_nothing_is_refused(text: str) -> None:
    drawn = lettered(text, 11)
    assert drawn.ndim == 2 and np.isfinite(drawn).all()
    assert all(width_of(line, 11) <= 90 for line in in_lines(text, 11, 90, 2))


def test_words_break_into_lines_and_end_in_an_ellipsis() -> None:
    text = "a beautiful painting of a lighthouse by the sea"
    whole = in_lines(text, 11, 100, 9)
    assert " ".join(whole) == text and len(whole) > 2
    short = in_lines(text, 11, 100, 2)
    assert len(short) == 2 and short[0] == whole[0] and short[1].endswith("…")


def test_a_text_is_shortened_to_what_fits() -> None:
    assert shortened_to("sea", 11, 200) == "sea"
    assert width_of(shortened_to("a lighthouse in a storm", 11, 60), 11) <= 60
    assert shortened_to("sea", 11, 2) in ("", "…")

"""Our reading of texts without open_clip: the same numbers as open_clip's own, text by text."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from open_clip import SimpleTokenizer
from open_clip.tokenizer import get_clean_fn

from pipeline.catalogue import byte_pair_tokenizer
from pipeline.catalogue.byte_pair_tokenizer import BytePairTokenizer
from pipeline.catalogue.clean_text import Clean, cleaned, is_plain
from pipeline.errors import ModelError

OURS, THEIRS = BytePairTokenizer(), SimpleTokenizer()
HOWS: tuple[Clean, ...] = ("lower", "whitespace", "canonicalize")
PIECES = (
    *("lighthouse", "Zdzisław", "o'clock", "it's", "WE'LL", "8k", "1997", "aaaaa", "x_y", "..."),
    *("  ", "\n", "\t", ", ", " - ", "!", "#", "<start_of_text>", "<END_OF_TEXT>", "\x1b[31m"),
    *("&amp;", "&eacute;", "Ã©", "â€™", "“", "ﬁ", "灯塔", "🙂", "e\u0301", "\u200b", "\x00"),
    # A wide digit, and a letter that is an s to some.
    *("\uff11", "\u017f"),
)


def texts(count: int) -> list[str]:
    random = Random(20261128)
    return ["".join(random.choices(PIECES, k=random.randint(0, 40))) for _ in range(count)]


@pytest.mark.slow
def test_texts_give_the_numbers_of_open_clip() -> None:
    assert OURS.vocab_size == THEIRS.vocab_size
    for text in texts(200):
        assert OURS.encode(text) == THEIRS.encode(text), text
        assert OURS.row(text) == THEIRS([text])[0].tolist(), text


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_any_characters_do(text: str) -> None:
    assert OURS.encode(text) == THEIRS.encode(text)


@pytest.mark.parametrize("how", HOWS)
def test_texts_are_cleaned_as_by_open_clip(how: Clean) -> None:
    clean = get_clean_fn(how)
    for text in texts(200):
        assert cleaned(text, how) == clean(text), text


def test_a_plain_text_is_left_as_it_is_and_has_no_more_tokens_than_letters() -> None:
    plain = [text for text in texts(2000) if is_plain(text)]
    assert len(plain) > 10
    for text in plain:
        assert cleaned(text, "whitespace") == " ".join(text.split())
        assert len(OURS.encode(text)) <= len(text)


def test_a_text_fits_as_far_as_its_tokens_go() -> None:
    text = " ".join(["tumultuous"] * 20)
    length = len(OURS.encode(text))
    assert OURS.fits(text, length) and not OURS.fits(text, length - 1)
    # One letter is one token.
    assert OURS.fits("a" * 20, 20)


def test_a_lost_list_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(byte_pair_tokenizer, "open_clip_folder", lambda: tmp_path)
    monkeypatch.setattr(byte_pair_tokenizer, "_tables", byte_pair_tokenizer._tables.__wrapped__)
    with pytest.raises(ModelError, match=r"bpe_simple_vocab_16e6.txt.gz: cannot be read; install"):
        OURS.encode("a castle")

"""The word tokenizer: one id a word, the same everywhere, the end mark on top."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalogue.word_tokenizer import WordTokenizer, load_tokenizer
from pipeline.errors import ModelError
from tests.pipeline.networks.tiny import change_json

TOKENIZER = WordTokenizer(["castle", "dawn", "sea"], buckets=4, context_length=6)
# Padding 0, start 1, buckets 2 to 5, then the words, then the end.
CASTLE, DAWN, SEA, END = 6, 7, 8, 9


def test_ids_are_start_words_end_and_padding() -> None:
    assert TOKENIZER.row("castle dawn") == [1, CASTLE, DAWN, END, 0, 0]
    assert TOKENIZER.row("") == [1, END, 0, 0, 0, 0]
    assert TOKENIZER.vocab_size == END + 1


def test_capitals_and_punctuation_do_not_count() -> None:
    assert TOKENIZER.encode("Castle,\n(DAWN)_sea!") == [CASTLE, DAWN, SEA]


@pytest.mark.parametrize("word", ["zyzzyva", "x42", "o'clock", "Σίσυφος", "海"])
def test_an_unknown_word_is_one_bucket(word: str) -> None:
    (bucket,) = TOKENIZER.encode(word)
    assert 2 <= bucket < CASTLE


def test_buckets_are_the_same_on_every_machine() -> None:
    # Checksums, not Python's hash, which differs from process to process.
    assert TOKENIZER.encode("a lighthouse in storm and fog") == [5, 2, 4, 3, 3, 5]


def test_words_beyond_the_context_are_left_out_and_the_end_stays() -> None:
    assert TOKENIZER.row("sea dawn sea dawn castle castle") == [1, SEA, DAWN, SEA, DAWN, END]
    assert TOKENIZER.fits("sea dawn sea dawn", 4) and not TOKENIZER.fits("sea dawn sea dawn", 3)


def test_words_that_the_vocabulary_lacks_are_named() -> None:
    assert TOKENIZER.unknown("A CASTLE, o'clock at Dawn_moat") == ["a", "o'clock", "at", "moat"]


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(st.text(max_size=80))
def test_the_end_is_the_highest_id_of_any_text(text: str) -> None:
    row, words = TOKENIZER.row(text), min(len(TOKENIZER.encode(text)), 4)
    assert len(row) == 6 and row[0] == 1 and row.index(max(row)) == words + 1 and max(row) == END
    assert [number != 0 for number in row] == [place < words + 2 for place in range(6)]


def test_a_saved_vocabulary_loads_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.json"
    tokenizer = WordTokenizer(["brontë", "sea"], buckets=7, context_length=5)
    tokenizer.save(path)
    loaded = load_tokenizer(path)
    assert (loaded.words, loaded.buckets, loaded.context_length) == (("brontë", "sea"), 7, 5)
    assert loaded.row("the sea of brontë") == tokenizer.row("the sea of brontë")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"words": ...}, "words: is missing"),
        ({"words": "castle"}, 'words: found "castle"; it should be a valid array'),
        ({"words": ["sea", 3]}, "words.1: found 3; it should be a valid string"),
        (
            {"words": ["sea", "fog", "sea"]},
            'words: "sea" stands here more than once; every word has one id',
        ),
        ({"buckets": 0}, "buckets: found 0; it should be greater than or equal to 1"),
        ({"buckets": 4.5}, "buckets: found 4.5; it should be a valid integer"),
        ({"context_length": 2}, "context_length: found 2; it should be greater than or equal to 3"),
        (
            {"bucket": 4},
            'bucket: unknown key (did you mean "buckets"?); '
            "allowed: buckets, context_length, words",
        ),
    ],
)
def test_a_vocabulary_that_cannot_be_used_is_named(
    tmp_path: Path, changes: dict[str, object], fault: str
) -> None:
    path = tmp_path / "vocabulary.json"
    TOKENIZER.save(path)
    change_json(path, **changes)
    with pytest.raises(ModelError) as caught:
        load_tokenizer(path)
    assert str(caught.value) == (
        f"{path}: this configuration cannot be used:\n  {fault}\n"
        "restore the file, or use another model"
    )

"""Tokenizers as the hub has them, without a library that would ask it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.catalogue.hub_tokenizer import load_hub_tokenizer
from pipeline.errors import ModelError
from tests.pipeline.networks.hub import END, PIECES, ids, save_tokenizer


def test_a_text_is_cleaned_split_ended_and_filled_up(tmp_path: Path) -> None:
    ours = load_hub_tokenizer(*save_tokenizer(tmp_path), length=6, clean="canonicalize")
    assert ours.encode("A Sea, at DAWN!") == [*ids("▁a", "▁sea", "▁at", "▁dawn"), END]
    assert ours.row("A Sea!") == [*ids("▁a", "▁sea"), END, END, END, END]
    assert ours.row("at dawn") == [*ids("▁at", "▁dawn"), END, END, END, END]


def test_a_text_that_is_cut_keeps_its_end(tmp_path: Path) -> None:
    ours = load_hub_tokenizer(*save_tokenizer(tmp_path), length=3)
    assert ours.row("a sea at dawn") == [*ids("▁a", "▁sea"), END]
    # What was cut is counted whole after that.
    assert len(ours.encode("a sea at dawn")) == 5
    assert ours.fits("a sea at dawn", 5) and not ours.fits("a sea at dawn", 4)


def test_capitals_stay_where_the_text_is_only_straightened(tmp_path: Path) -> None:
    ours = load_hub_tokenizer(*save_tokenizer(tmp_path), length=6)
    assert ours.encode("  a \n sea ") == [*ids("▁a", "▁sea"), END]
    assert ours.encode("A") == [*ids("▁", "<unk>"), END]


def test_a_mark_may_be_described(tmp_path: Path) -> None:
    described = {"content": "<pad>", "lstrip": False}
    ours = load_hub_tokenizer(*save_tokenizer(tmp_path, described), length=4)
    assert ours.row("a sea") == [*ids("▁a", "▁sea"), END, PIECES.index("<pad>")]


def test_the_separator_of_berts_texts_is_left_out(tmp_path: Path) -> None:
    vocabulary, config = save_tokenizer(tmp_path, "<pad>")
    config.write_text('{"pad_token": "<pad>", "sep_token": "</s>"}')
    ours = load_hub_tokenizer(vocabulary, config, length=4, strip_sep_token=True)
    assert ours.row("a sea") == [*ids("▁a", "▁sea"), 0, 0]


def test_a_damaged_vocabulary_is_named(tmp_path: Path) -> None:
    vocabulary, config = save_tokenizer(tmp_path)
    vocabulary.write_text("{}")
    with pytest.raises(ModelError, match=r"tokenizer.json: is no tokenizer \(.+\); remove it"):
        load_hub_tokenizer(vocabulary, config, length=4)


def test_a_mark_that_the_vocabulary_lacks_is_named(tmp_path: Path) -> None:
    vocabulary, config = save_tokenizer(tmp_path)
    config.write_text("{}")
    with pytest.raises(ModelError, match=r'tokenizer_config.json: names the mark "\[PAD\]"'):
        load_hub_tokenizer(vocabulary, config, length=4)

"""T5's tokenizers from both kinds of files, beside those of transformers."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.catalogue.t5_tokenizer import END, PADDING, load_t5_tokenizer
from pipeline.errors import ModelError
from tests.pipeline.networks.text_to_image.tiny_texts import save_t5_tokenizer

TEXTS = ("a castle at sea", "An oil  painting\n of fog!", "", "über 12 \u2603", " dawn ")


@pytest.mark.parametrize("layout", ["spiece.model", "tokenizer.json"])
def test_files_are_read_as_transformers_does(tmp_path: Path, layout: str) -> None:
    theirs = save_t5_tokenizer(tmp_path)
    folder = tmp_path
    if layout == "tokenizer.json":
        folder = tmp_path / "new"
        theirs.save_pretrained(folder)
        assert not (folder / "spiece.model").exists()
    ours = load_t5_tokenizer(folder, 20)
    for text in TEXTS:
        assert theirs(text).input_ids == [*ours.pieces(text), END]
        padded = theirs(text, padding="max_length", max_length=20, truncation=True)
        assert padded.input_ids == ours.row(text)


def test_a_text_is_counted_without_its_end_and_cut_with_it(tmp_path: Path) -> None:
    save_t5_tokenizer(tmp_path)
    ours = load_t5_tokenizer(tmp_path, 4)
    ids = ours.pieces("a castle at sea")
    assert ours.row("a castle at sea") == [*ids[:3], END]
    assert (ours.context_length, ours.room) == (4, 3)
    assert not ours.fits("a castle at sea", len(ids) - 1) and ours.fits("a castle at sea", len(ids))
    assert ours.row("") == [END, PADDING, PADDING, PADDING]


def test_a_text_may_be_cleaned_first(tmp_path: Path) -> None:
    save_t5_tokenizer(tmp_path)
    plain = load_t5_tokenizer(tmp_path, 20)
    ours = load_t5_tokenizer(tmp_path, 20, str.lower)
    assert ours.row("A Castle") == plain.row("a castle") != plain.row("A Castle")


def test_missing_and_damaged_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no tokenizer; allowed: spiece\.model, or tok"):
        load_t5_tokenizer(tmp_path, 20)
    (tmp_path / "spiece.model").write_bytes(b"nothing")
    with pytest.raises(ModelError, match=r"spiece\.model: is no model of sentencepiece \("):
        load_t5_tokenizer(tmp_path, 20)

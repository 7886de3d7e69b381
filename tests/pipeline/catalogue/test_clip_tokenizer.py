"""CLIP's tokenizers from files, beside those of transformers and of open_clip."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers.pre_tokenizers import ByteLevel
from transformers import CLIPTokenizer

from pipeline.catalogue.byte_pair_tokenizer import BytePairTokenizer
from pipeline.catalogue.clip_tokenizer import load_clip_tokenizer, standard_clip_tokenizer
from pipeline.catalogue.open_clip_files import open_clip_folder
from pipeline.errors import ModelError
from tests.pipeline.networks.text_to_image.tiny_texts import (
    BEGIN,
    END,
    save_clip_tokenizer,
    vocabulary,
)

TEXTS = ("a red Cat's", "12 fogs!! über\n x", "", "e\u0301clair \u2603", "  at\t sea ")


def test_files_of_byte_pairs_are_read_as_transformers_does(tmp_path: Path) -> None:
    theirs, ours = save_clip_tokenizer(tmp_path), load_clip_tokenizer(tmp_path)
    for text in TEXTS:
        assert theirs(text).input_ids == [ours.begin, *ours.ids(text), ours.end]
        padded = theirs(text, padding="max_length", max_length=77, truncation=True)
        assert padded.input_ids == ours.row(text)
    assert ours.ids("red") == [vocabulary()["red</w>"]]
    assert (ours.length, ours.context_length, ours.room) == (77, 77, 75)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("tokenizer")
    save_clip_tokenizer(home)
    return home


@settings(max_examples=50)
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="<|>"), max_size=30))
def test_any_text_is_read_as_transformers_does(folder: Path, text: str) -> None:
    theirs, ours = CLIPTokenizer.from_pretrained(folder), load_clip_tokenizer(folder)
    assert theirs.encode(text, add_special_tokens=False) == ours.ids(text)


def test_the_same_in_one_file(tmp_path: Path) -> None:
    save_clip_tokenizer(tmp_path / "old").save_pretrained(tmp_path / "new")
    assert not (tmp_path / "new" / "merges.txt").exists()
    old, new = load_clip_tokenizer(tmp_path / "old"), load_clip_tokenizer(tmp_path / "new")
    for text in TEXTS:
        assert old.row(text) == new.row(text)


def test_what_is_too_long_is_cut_and_keeps_its_end(tmp_path: Path) -> None:
    save_clip_tokenizer(tmp_path)
    ours = load_clip_tokenizer(tmp_path)
    text = "red " * 80
    assert ours.row(text) == [ours.begin, *ours.ids("red") * 75, ours.end]
    assert ours.fits("red " * 75, 75) and not ours.fits("red " * 76, 75)


def test_padding_may_be_a_sign(tmp_path: Path) -> None:
    save_clip_tokenizer(tmp_path, "!")
    ours = load_clip_tokenizer(tmp_path)
    assert ours.row("red")[-1] == vocabulary()["!"]
    # As OpenCLIP reads it; transformers takes a sign of the text for padding.
    assert ours.ids("!") == [vocabulary()["!</w>"]]


def test_marks_may_be_described_or_left_out(tmp_path: Path) -> None:
    save_clip_tokenizer(tmp_path)
    (tmp_path / "tokenizer_config.json").write_text(
        json.dumps({"pad_token": {"content": "!", "lstrip": False}, "model_max_length": 10**30})
    )
    (tmp_path / "special_tokens_map.json").unlink()
    ours, ids = load_clip_tokenizer(tmp_path), vocabulary()
    assert (ours.begin, ours.end, ours.padding) == (ids[BEGIN], ids[END], ids["!"])
    assert ours.length == 77


def test_the_standard_one_is_open_clips() -> None:
    ours = standard_clip_tokenizer()
    theirs = BytePairTokenizer().row("a red cat")
    count = len(ours.ids("a red cat"))
    assert ours.row("a red cat")[: count + 2] == theirs[: count + 2]
    assert ours.row("a")[-1] == ours.end == 49_407
    assert standard_clip_tokenizer(padding=0).row("a") == BytePairTokenizer().row("a")


def test_the_published_vocabulary_in_files_is_the_standard_one(tmp_path: Path) -> None:
    _, *lines = (
        gzip.decompress((open_clip_folder() / "bpe_simple_vocab_16e6.txt.gz").read_bytes())
        .decode()
        .split("\n")
    )
    merges = lines[: 49_152 - 256 - 2]
    # Bytes in the order of Latin-1, those that cannot be seen last, as in the published files.
    letters = sorted(ByteLevel.alphabet())
    words = [*letters, *(f"{letter}</w>" for letter in letters)]
    tokens = [*words, *(pair.replace(" ", "") for pair in merges), BEGIN, END]
    (tmp_path / "vocab.json").write_text(json.dumps({one: n for n, one in enumerate(tokens)}))
    (tmp_path / "merges.txt").write_text("\n".join(["#version: 0.2", *merges, ""]))
    read, standard = load_clip_tokenizer(tmp_path), standard_clip_tokenizer()
    assert (read.begin, read.end, read.padding) == (49_406, 49_407, 49_407)
    for text in ("An oil painting of a lighthouse, don't!", "12 caf\u00e9s (in fog) @ 16:9 \u2603"):
        assert read.row(text) == standard.row(text)


def test_a_folder_without_a_tokenizer_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no tokenizer; allowed: vocab.json with merges.t"):
        load_clip_tokenizer(tmp_path)


def test_damaged_files_are_told(tmp_path: Path) -> None:
    save_clip_tokenizer(tmp_path)
    (tmp_path / "vocab.json").write_text("[")
    with pytest.raises(ModelError, match=r"vocab\.json: makes no tokenizer with merges\.txt \("):
        load_clip_tokenizer(tmp_path)
    (tmp_path / "vocab.json").unlink()
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match=r"tokenizer\.json: is no tokenizer \("):
        load_clip_tokenizer(tmp_path)


def test_a_mark_that_the_vocabulary_lacks_is_told(tmp_path: Path) -> None:
    save_clip_tokenizer(tmp_path)
    (tmp_path / "tokenizer_config.json").write_text('{"pad_token": "<pad>"}')
    with pytest.raises(ModelError, match='the tokenizer has no "<pad>", which its configuration'):
        load_clip_tokenizer(tmp_path)

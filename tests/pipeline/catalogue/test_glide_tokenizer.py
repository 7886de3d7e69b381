"""GLIDE's tokenizer on a list of byte pairs of our own: ids, padding, and other files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipeline.catalogue.glide_tokenizer import MERGES, PADDING, load_glide_tokenizer
from pipeline.errors import ModelError
from tests.pipeline.merges import KNOWN, save_merges

THE, _THE, CAT, _CAT, SEA = (
    256 + KNOWN.index(pair) for pair in ("th e", "Ġ the", "ca t", "Ġ cat", "se a")
)
BLANK = 0xBC + 0x20
"""The id of a blank: behind the 188 bytes that can be seen, and the 32 before it."""


@pytest.mark.parametrize("name", MERGES)
def test_the_pairs_that_come_first_are_merged_first(tmp_path: Path, name: str) -> None:
    save_merges(tmp_path, name)
    tokenizer = load_glide_tokenizer(tmp_path, 16)
    assert tokenizer.encode("the cat") == [THE, _CAT]
    assert tokenizer.encode("The SEA") == [THE, BLANK, SEA], "in small letters"
    assert tokenizer.encode("cat the") == [CAT, _THE]


def test_letters_that_no_pair_has_are_their_bytes(tmp_path: Path) -> None:
    save_merges(tmp_path)
    encode = load_glide_tokenizer(tmp_path, 16).encode
    assert encode("!~") == [0, 93], "bytes that can be seen come first"
    assert encode("") == []
    assert encode("a  b") == [64, BLANK, BLANK, 65], "blanks are not taken together"
    assert encode("\n") == [0xBC + ord("\n")]


def test_a_row_is_padded_or_cut(tmp_path: Path) -> None:
    save_merges(tmp_path)
    tokenizer = load_glide_tokenizer(tmp_path, 3)
    assert tokenizer.row("the") == [THE, PADDING, PADDING]
    assert tokenizer.row("the the the the") == [THE, _THE, _THE]
    assert tokenizer.fits("the the the", 3)
    assert not tokenizer.fits("the the the the", 3)
    assert PADDING == 50_256


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_glide_tokenizer(folder, 128)
    return str(caught.value)


def test_a_folder_without_a_list_is_told_where_it_comes_from(tmp_path: Path) -> None:
    assert refusal(tmp_path) == (
        f"{tmp_path}: holds no list of byte pairs, by which GLIDE reads prompts (one of "
        "vocab.bpe.gz, vocab.bpe, merges.txt); put vocab.bpe.gz beside the weights, from the "
        "folder glide_text2im/tokenizer of GLIDE's code, or merges.txt of any GPT-2"
    )


def test_another_list_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "merges.txt"
    path.write_text("#version: 0.2\nt h\nth e</w>\n", encoding="utf-8")
    assert refusal(tmp_path) == (
        f"{path}: has 2 byte pairs; those of GPT-2, by which GLIDE reads, are 50000: fetch that "
        "list, which is not CLIP's"
    )


def test_a_damaged_list_is_refused(tmp_path: Path) -> None:
    path = save_merges(tmp_path)
    path.write_bytes(path.read_bytes()[:1000])
    assert refusal(tmp_path).startswith(f"{path}: cannot be read (")
    path.write_bytes(gzip.compress(b"\xff\xfe"))
    assert refusal(tmp_path).endswith("; fetch it again")

"""How much of a prompt the networks in diffusers folders read, asked without loading them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.catalogue.prompt_reader import PromptReader
from pipeline.catalogue.text_readers import text_reader
from pipeline.catalogue.weightless import without_weights
from pipeline.errors import ModelError
from tests.pipeline.networks.text_to_image.tiny_texts import (
    save_clip_tokenizer,
    save_t5_tokenizer,
)


def folder_of(path: Path, kind: str, tokenizer: str = "", *, guided: bool = True) -> Path:
    (path / "model_index.json").write_text(json.dumps({"_class_name": kind}))
    if tokenizer:
        save_t5_tokenizer(path / tokenizer)
    (path / "transformer").mkdir()
    (path / "transformer" / "config.json").write_text(json.dumps({"guidance_embeds": guided}))
    return path


def reader_of(folder: Path) -> PromptReader:
    reader = text_reader(folder)
    assert reader is not None
    return reader


@pytest.mark.parametrize(
    ("kind", "tokenizer", "room"),
    [
        ("IFPipeline", "tokenizer", 76),
        ("IFImg2ImgPipeline", "tokenizer", 76),
        ("PixArtAlphaPipeline", "tokenizer", 119),
        ("PixArtSigmaPipeline", "tokenizer", 299),
        ("StableDiffusion3Pipeline", "tokenizer_3", 255),
        ("FluxPipeline", "tokenizer_2", 511),
    ],
)
def test_networks_with_t5_have_a_length(
    tmp_path: Path, kind: str, tokenizer: str, room: int
) -> None:
    reader = reader_of(folder_of(tmp_path, kind, tokenizer))
    assert reader.room == room
    # A piece each.
    assert reader.too_long("a " * room) is None
    too_long = reader.too_long("a " * (room + 1))
    assert too_long is not None and too_long.read == 2 * room - 1
    assert f"the encoder {tmp_path} reads, which has room for {room} tokens" in too_long.message


def test_flux_without_a_scale_of_guidance_reads_half(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "FluxPipeline", "tokenizer_2", guided=False)
    assert reader_of(folder).room == 255


@pytest.mark.parametrize(
    "kind", ["StableDiffusionPipeline", "StableDiffusionXLPipeline", "StableDiffusion3Pipeline"]
)
def test_networks_that_read_in_rows_have_none(tmp_path: Path, kind: str) -> None:
    assert text_reader(folder_of(tmp_path, kind)) is None


def test_a_prior_reads_one_row(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "KandinskyV22PriorPipeline")
    save_clip_tokenizer(folder / "tokenizer")
    reader = reader_of(folder)
    assert reader.too_long("red " * 75) is None and reader.too_long("red " * 76) is not None


def test_weights_of_words_take_no_room(tmp_path: Path) -> None:
    save_clip_tokenizer(tmp_path / "tokenizer")
    reader = reader_of(folder_of(tmp_path, "UnCLIPPipeline"))
    assert reader.too_long("(red:1.3) " * 75) is None
    assert reader.rows(["a (red:1.3) cat"]) == reader.rows(["a red cat"])
    too_long = reader.too_long("(red:1.3) " * 76)
    assert too_long is not None and too_long.read == 10 * 75 - 1


def test_a_weight_without_sense_is_no_length(tmp_path: Path) -> None:
    save_clip_tokenizer(tmp_path / "tokenizer")
    reader = without_weights(reader_of(folder_of(tmp_path, "UnCLIPPipeline")))
    assert reader.too_long("(red:1,3)") is None
    with pytest.raises(ValueError, match="makes no sense: found 1,3"):
        reader.rows(["(red:1,3)"])


def test_a_folder_that_says_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "model_index.json").write_text("{}")
    with pytest.raises(ModelError, match=r"model_index\.json: .*\n +_class_name: is missing"):
        text_reader(tmp_path)


def test_no_torch_is_imported() -> None:
    heavy = "torch", "transformers", "sentencepiece"
    code = "import sys, pipeline.catalogue.text_readers; print(set(sys.modules) & set(sys.argv))"
    argv = [sys.executable, "-c", code, *heavy]
    found = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"

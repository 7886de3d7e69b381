"""Files of learned words, in each form that goes round, and beside diffusers' own reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.testing import assert_close

from keyframes.prompts import Prompt
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.texts.embedding_files import ONLY, read_word, words_of
from tests.pipeline.networks.text_to_image.texts.test_clip_texts import (
    EXACT,
    encoded,
    sd_folder,
    sd_pipeline,
    sd_text,
    sdxl_folder,
    sdxl_pipeline,
    sdxl_text,
)


def vectors(count: int, width: int) -> Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(count + width))


def saved(path: Path, content: Any) -> Path:
    if path.suffix == ".safetensors":
        save_file(content, path)
    else:
        torch.save(content, path)
    return path


WEB = {
    "string_to_token": {"*": torch.tensor(265)},
    "string_to_param": {"*": nn.Parameter(vectors(2, 16))},
    "name": "cat",
    "step": 500,
    "sd_checkpoint": None,
}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.safetensors", {"<cat>": vectors(2, 16)}),
        ("a.bin", {"<cat>": vectors(2, 16)}),
        ("a.pt", WEB),
        ("a.safetensors", {"emb_params": vectors(2, 16)}),
    ],
)
def test_every_form_of_one_encoder_is_read(tmp_path: Path, name: str, content: Any) -> None:
    found = read_word(saved(tmp_path / name, content))
    assert list(found) == [ONLY]
    assert torch.equal(found[ONLY], vectors(2, 16)) and not found[ONLY].requires_grad


def test_a_single_vector_may_have_no_rows(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.bin", {"<cat>": vectors(1, 16)[0].half()})
    assert_close(read_word(path)[ONLY], vectors(1, 16).half().float())


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["a.safetensors", "a.bin"])
def test_stable_diffusion_reads_them_as_diffusers_does(
    tmp_path: Path, name: str, count: int
) -> None:
    folder = sd_folder(tmp_path)
    path = saved(tmp_path / name, {"<other>": vectors(count, 16)})
    pipeline = sd_pipeline(folder)
    pipeline.load_textual_inversion(str(path), token="<cat-toy>")
    side = sd_text(folder, embeddings={"<cat-toy>": path})
    for prompt in ("a red <cat-toy> at sea", "<cat-toy>, <cat-toy>", "a cat"):
        assert_close(side(Prompt(prompt)).sequence, encoded(pipeline, prompt)[0], **EXACT)
    assert not torch.equal(
        side(Prompt("a <cat-toy>")).sequence, side(Prompt("a <cat-doll>")).sequence
    )


def test_sdxl_reads_them_as_diffusers_does(tmp_path: Path) -> None:
    folder = sdxl_folder(tmp_path)
    state = {"clip_l": vectors(2, 16), "clip_g": vectors(2, 24)}
    path = saved(tmp_path / "a.safetensors", state)
    pipeline = sdxl_pipeline(folder)
    # With the end of early configurations diffusers takes a learned word for it.
    pipeline.text_encoder_2.text_model.eos_token_id = pipeline.tokenizer_2.eos_token_id
    for vector, part in (("clip_l", ""), ("clip_g", "_2")):
        pipeline.load_textual_inversion(
            state[vector],
            token="<cat>",
            text_encoder=getattr(pipeline, f"text_encoder{part}"),
            tokenizer=getattr(pipeline, f"tokenizer{part}"),
        )
    side = sdxl_text(folder, embeddings={"<cat>": path})
    theirs, _, whole, _ = encoded(pipeline, "a red <cat> at sea")
    ours = side(Prompt("a red <cat> at sea"))
    assert_close(ours.sequence, theirs, **EXACT)
    assert_close(ours.vectors["text_embeds"], whole, **EXACT)


def test_a_word_of_letters_is_found_whole_and_in_any_case(tmp_path: Path) -> None:
    folder = sd_folder(tmp_path)
    path = saved(tmp_path / "a.bin", {"x": vectors(2, 16)})
    side = sd_text(folder, embeddings={"mycat": path, "mycat 2": path})
    plain = sd_text(folder)
    assert torch.equal(side(Prompt("a MyCat")).sequence, side(Prompt("a mycat")).sequence)
    for unknown in ("a mycats", "bmycat"):
        assert torch.equal(side(Prompt(unknown)).sequence, plain(Prompt(unknown)).sequence)
    # The longer of two names is taken, so no 2 is left over.
    assert torch.equal(side(Prompt("mycat 2")).sequence, side(Prompt("mycat")).sequence)
    assert torch.equal(side(Prompt("a (mycat:1.0),")).sequence, side(Prompt("a mycat,")).sequence)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ({"a": vectors(1, 4), "b": vectors(1, 4)}, "found: a, b; allowed: a word with its vectors"),
        ({"a": vectors(4, 4)[None]}, r"numbers of shape \(1, 4, 4\) where vectors are"),
        ({"a": "b"}, "no tensor where vectors are"),
        ([1], "found: list;"),
        ({"a": vectors(80, 16)}, "a word of 80 vectors; allowed: 75"),
        ({"a": torch.full((1, 16), torch.nan)}, "the word holds numbers that are infinite or none"),
    ],
)
def test_what_is_no_learned_word_is_told(tmp_path: Path, content: Any, fault: str) -> None:
    with pytest.raises(ModelError, match=rf"a\.pt: .*{fault}"):
        read_word(saved(tmp_path / "a.pt", content))


@pytest.mark.parametrize(
    ("content", "widths", "fault"),
    [
        (
            {"a": vectors(1, 1024)},
            {ONLY: 768},
            "was made for Stable Diffusion 2: its vectors have 1024 numbers, and those of this "
            "denoiser's encoder 768; use one",
        ),
        ({"a": vectors(1, 768)}, {ONLY: 1024}, "was made for Stable Diffusion 1: "),
        ({"a": vectors(1, 5)}, {ONLY: 768}, "was made for another network: "),
        (
            {"clip_l": vectors(1, 768), "clip_g": vectors(1, 1280)},
            {ONLY: 768},
            "was made for SDXL: its vectors have clip_l 768, clip_g 1280 numbers, and those of",
        ),
        (
            {"a": vectors(1, 768)},
            {"clip_l": 768, "clip_g": 1280},
            "was made for Stable Diffusion 1: its vectors have 768 numbers, and those of this "
            "denoiser's encoder clip_l 768, clip_g 1280",
        ),
        (
            {"clip_l": vectors(1, 768), "clip_g": vectors(2, 1280)},
            {"clip_l": 768, "clip_g": 1280},
            r"other numbers of vectors for each encoder \(clip_l 1, clip_g 2\)",
        ),
    ],
)
def test_a_word_of_another_network_is_told(
    tmp_path: Path, content: Any, widths: dict[str, int], fault: str
) -> None:
    with pytest.raises(ModelError, match=fault):
        words_of({"cat": saved(tmp_path / "a.safetensors", content)}, widths)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    for name in ("a.pt", "a.safetensors"):
        with pytest.raises(ModelError, match=rf"{name}: no "):
            read_word(tmp_path / name)

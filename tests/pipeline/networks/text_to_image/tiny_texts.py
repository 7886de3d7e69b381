"""Tiny text encoders with random weights and their tokenizers, in the layouts of published ones."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import sentencepiece
import torch
from tokenizers.pre_tokenizers import ByteLevel
from torch import nn
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    T5Config,
    T5EncoderModel,
    T5Tokenizer,
)

BEGIN, END = "<|startoftext|>", "<|endoftext|>"
MERGES = ("c a", "ca t</w>", "r e", "re d</w>", "f o", "fo g</w>", "s e", "se a</w>", "a t</w>")
"""Pairs that make words of letters; every other word is read letter by letter."""

Model = TypeVar("Model", bound=nn.Module)


def vocabulary() -> dict[str, int]:
    """The tokens and their ids: letters, letters that end a word, a few pairs, the two marks."""
    letters = sorted(ByteLevel.alphabet())
    words = [*letters, *(f"{letter}</w>" for letter in letters)]
    pairs = [pair.replace(" ", "") for pair in MERGES]
    return {token: number for number, token in enumerate([*words, *pairs, BEGIN, END])}


def save_clip_tokenizer(folder: Path, padding: str = END) -> CLIPTokenizer:
    """The files of the published tokenizers; the second encoder of SDXL has `padding` "!"."""
    folder.mkdir(parents=True, exist_ok=True)
    marks = {"bos_token": BEGIN, "eos_token": END, "unk_token": END, "pad_token": padding}
    merges = ["#version: 0.2", *MERGES]
    (folder / "vocab.json").write_text(json.dumps(vocabulary()), encoding="utf-8")
    (folder / "merges.txt").write_text("\n".join([*merges, ""]), encoding="utf-8")
    (folder / "special_tokens_map.json").write_text(json.dumps(marks))
    described = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77}
    (folder / "tokenizer_config.json").write_text(json.dumps(marks | described))
    return CLIPTokenizer.from_pretrained(folder, local_files_only=True)


def clip_config(width: int = 16, layers: int = 3, activation: str = "quick_gelu") -> CLIPTextConfig:
    """The configuration of a tiny encoder, with the wrong end that early configurations have."""
    ids = vocabulary()
    return CLIPTextConfig(
        vocab_size=len(ids),
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=layers,
        num_attention_heads=2,
        max_position_embeddings=77,
        projection_dim=width,
        hidden_act=activation,
        bos_token_id=0,
        eos_token_id=2,
        pad_token_id=1,
    )


def seeded(build: Callable[[], Model], seed: int = 0) -> Model:
    """A network with weights that are random and the same each time, none of them at rest."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = build().eval().requires_grad_(False)
        for parameter in network.parameters():
            parameter.add_(0.2 * torch.randn(parameter.shape))
    return network


def clip_text_model(seed: int = 0, width: int = 16, layers: int = 3) -> CLIPTextModel:
    """The encoder of Stable Diffusion 1 and 2, and the first of SDXL."""
    return seeded(lambda: CLIPTextModel(clip_config(width, layers)), seed)


def projected_clip_text_model(seed: int = 1, width: int = 24) -> CLIPTextModelWithProjection:
    """The second encoder of SDXL, and both of CLIP's in Stable Diffusion 3."""
    config = clip_config(width, activation="gelu")
    return seeded(lambda: CLIPTextModelWithProjection(config), seed)


def save_clip_encoder(folder: Path, part: str = "", *, seed: int = 0, width: int = 16) -> None:
    """`text_encoder` and `tokenizer` of Stable Diffusion, with `part` behind their names."""
    clip_text_model(seed, width).save_pretrained(folder / f"text_encoder{part}")
    save_clip_tokenizer(folder / f"tokenizer{part}")


def save_projected_clip_encoder(
    folder: Path, part: str = "_2", *, seed: int = 1, width: int = 24, padding: str = "!"
) -> None:
    """`text_encoder_2` and `tokenizer_2` of SDXL, or others with `part` behind their names."""
    model = projected_clip_text_model(seed, width)
    model.save_pretrained(folder / f"text_encoder{part}")
    save_clip_tokenizer(folder / f"tokenizer{part}", padding)


SENTENCES = ("a red cat at sea", "a castle in the fog", "an oil painting of a lighthouse at dawn")


@cache
def pieces() -> bytes:
    """A model of sentencepiece with the marks where T5 has them."""
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 4),
        model_writer=written,
        vocab_size=60,
        hard_vocab_limit=False,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        minloglevel=2,
    )
    return written.getvalue()


def save_t5_tokenizer(folder: Path) -> T5Tokenizer:
    """`spiece.model` and what is beside it, as T5's first tokenizers were published."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spiece.model").write_bytes(pieces())
    marks = {"eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    described = {"tokenizer_class": "T5Tokenizer", "model_max_length": 512, "extra_ids": 0}
    (folder / "special_tokens_map.json").write_text(json.dumps(marks))
    (folder / "tokenizer_config.json").write_text(json.dumps(marks | described))
    return T5Tokenizer.from_pretrained(folder, local_files_only=True)


def t5_model(seed: int = 2, width: int = 32) -> T5EncoderModel:
    """A tiny encoder of T5, with the gated layers of version 1.1."""
    config = T5Config(
        vocab_size=120,
        d_model=width,
        d_kv=8,
        d_ff=2 * width,
        num_layers=2,
        num_heads=2,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
    )
    return seeded(lambda: T5EncoderModel(config), seed)


def save_t5_encoder(folder: Path, part: str = "", *, seed: int = 2, width: int = 32) -> None:
    """`text_encoder` and `tokenizer` of PixArt and DeepFloyd IF; with "_3" those of SD3."""
    t5_model(seed, width).save_pretrained(folder / f"text_encoder{part}")
    save_t5_tokenizer(folder / f"tokenizer{part}")

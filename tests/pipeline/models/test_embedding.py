"""Prompts as directions: each different one encoded once, alone, by each encoder."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.models.embedding import embed, embed_prompts
from tests.pipeline.toy_models import QuartersEncoder, toy_models


class CountingEncoder:
    """Says how many letters a text has, and remembers what it was asked."""

    size = 8

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """Never needed here."""
        raise NotImplementedError

    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """The lengths of the texts."""
        self.asked.append(list(texts))
        return torch.tensor([[float(len(text))] for text in texts]).reshape(-1, 1)


PROMPTS = [Prompt(text) for text in ("sea", "castle", "sea", "sea")]


def test_each_different_text_is_encoded_once_and_alone() -> None:
    encoder = CountingEncoder()
    models = toy_models(encoders={"one": encoder}, prompt_encoder=encoder)
    embeddings = embed_prompts(models, iter(PROMPTS))
    assert encoder.asked == [["castle"], ["sea"]]
    read = {text: vector.tolist() for text, vector in embeddings.sought["one"].items()}
    assert read == {"castle": [6.0], "sea": [3.0]}
    assert embeddings.told == embeddings.sought["one"]


def test_every_encoder_has_vectors_of_its_own() -> None:
    one, other = QuartersEncoder(), CountingEncoder()
    models = toy_models(encoders={"one": one, "other": other}, prompt_encoder=one)
    embeddings = embed_prompts(models, [Prompt("red")])
    assert embeddings.sought["one"]["red"].shape == (13,)
    assert embeddings.sought["other"]["red"].tolist() == [3.0]
    assert torch.equal(embeddings.told["red"], embeddings.sought["one"]["red"])


def test_a_denoiser_that_takes_no_prompt_is_told_none() -> None:
    assert embed_prompts(toy_models(prompt_encoder=None), [Prompt("red")]).told == {}


def test_no_texts_are_no_vectors() -> None:
    assert embed(CountingEncoder(), []) == {}

"""Where a training of CLIP begins: from weights of another vocabulary, with or without texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from open_clip.model import CLIP
from safetensors.torch import load_file
from torch import Tensor

from pipeline.catalogue.word_tokenizer import WordTokenizer, load_tokenizer
from pipeline.networks.encoders.open_clip_folder import load_encoder
from tools.world.attributes import NONE, Attributes


def start_from(model: CLIP, tokenizer: WordTokenizer, folder: Path) -> None:
    """Give `model` the weights in `folder`; a word keeps its vector where its id has changed."""
    state = load_file(folder / "open_clip_model.safetensors")
    known = load_tokenizer(folder / "vocabulary.json")
    old, new = state["token_embedding.weight"], model.token_embedding.weight.detach().clone()
    first = new.shape[0] - 1 - len(tokenizer.words)
    new[:first], new[-1] = old[:first], old[-1]
    for word in set(tokenizer.words) & set(known.words):
        (there,), (here,) = known.encode(word), tokenizer.encode(word)
        new[here] = old[there]
    model.load_state_dict({**state, "token_embedding.weight": new})


def keep_texts(model: CLIP) -> None:
    """Train nothing of `model` on which the embeddings of texts depend."""
    pictures = {id(parameter) for parameter in model.visual.parameters()}
    for parameter in model.parameters():
        parameter.requires_grad_(id(parameter) in pictures)
    model.logit_scale.requires_grad_()


class Held:
    """What the CLIP in a folder could say, and where its embeddings of it are."""

    def __init__(self, folder: Path, device: torch.device) -> None:
        self._encoder = load_encoder(folder, device)
        self._vocabulary = load_tokenizer(folder / "vocabulary.json")

    def moved(
        self, texts: Tensor, captions: Sequence[str], told: Sequence[Attributes]
    ) -> Tensor | float:
        """How far from there `texts`, unit vectors `(N, D)` of captions, are: mean 1 - cosine.

        Captions with words that it did not have are free, and so are those of pictures in a style,
        whose words meant nothing to it. Where all are free the answer is 0.
        """
        old = [
            k
            for k, (caption, one) in enumerate(zip(captions, told, strict=True))
            if one.style == NONE and not self._vocabulary.unknown(caption)
        ]
        if not old:
            return 0.0
        there = self._encoder.encode_texts([captions[k] for k in old]).to(texts)
        return 1 - (texts[old] * there).sum(1).mean()

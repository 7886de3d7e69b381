"""Where a training of CLIP begins: from weights of another vocabulary, with or without texts."""

from __future__ import annotations

from pathlib import Path

from open_clip.model import CLIP
from safetensors.torch import load_file

from pipeline.catalogue.word_tokenizer import WordTokenizer, load_tokenizer


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

"""A tiny tokenizer with the parts of SigLIP's: pieces by their likelihood, and an end mark."""

from __future__ import annotations

import json
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

PIECES = ("<pad>", "</s>", "<unk>", "▁", "▁a", "▁sea", "▁s", "ea", "s", "e", "a", "▁at", "▁dawn")
"""The likeliest first; `</s>` ends a text and, as in SigLIP, fills it up."""

END = PIECES.index("</s>")


def ids(*pieces: str) -> list[int]:
    """The numbers of the pieces."""
    return [PIECES.index(piece) for piece in pieces]


def save_tokenizer(folder: Path, padding: object = "</s>") -> tuple[Path, Path]:
    """The two files of a repository."""
    likelihoods = [(piece, -float(place)) for place, piece in enumerate(PIECES)]
    tokenizer = Tokenizer(Unigram(likelihoods, unk_id=PIECES.index("<unk>")))
    tokenizer.add_special_tokens(["<pad>", "</s>", "<unk>"])
    tokenizer.pre_tokenizer = Metaspace()
    tokenizer.post_processor = TemplateProcessing(single="$A </s>", special_tokens=[("</s>", END)])
    folder.mkdir(exist_ok=True)
    vocabulary, config = folder / "tokenizer.json", folder / "tokenizer_config.json"
    tokenizer.save(str(vocabulary))
    config.write_text(json.dumps({"pad_token": padding, "eos_token": "</s>"}))
    return vocabulary, config

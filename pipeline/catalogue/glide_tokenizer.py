"""The tokenizer of GLIDE: GPT-2's byte pairs, over texts in small letters. Imports no torch.

Of GPT-2's vocabulary only the list of merges is read, which all of it follows from: the ids of the
256 bytes come first, then one for each merge, then the mark of a text's end (Radford et al. 2019,
"Language Models are Unsupervised Multitask Learners"). GLIDE ships the list with its code, so it
lies beside the weights, under one of the names that it is published by.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.catalogue.byte_pair_tokenizer import LETTERS
from pipeline.catalogue.glide_config import VOCAB_SIZE
from pipeline.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MERGES = ("vocab.bpe.gz", "vocab.bpe", "merges.txt")
"""Names of the list of merges: in GLIDE's code, in GPT-2's, and on the hub."""

PADDING = VOCAB_SIZE - 1
"""The mark of a text's end, which no text has and with which short ones are filled up."""

_COUNT = VOCAB_SIZE - len(LETTERS) - 1
_GZIP = b"\x1f\x8b"


class GlideTokenizer:
    """Texts to ids, without marks at either end."""

    def __init__(self, tokenizer: Tokenizer, context_length: int) -> None:
        self.context_length = context_length
        self._tokenizer = tokenizer

    def encode(self, text: str) -> list[int]:
        """The ids of one text, however many."""
        ids: list[int] = self._tokenizer.encode(text.lower()).ids
        return ids

    def fits(self, text: str, room: int) -> bool:
        """Whether a text has no more than `room` ids."""
        return len(self.encode(text)) <= room

    def row(self, text: str) -> list[int]:
        """The `context_length` ids of one text, cut or padded with the mark of a text's end."""
        ids = self.encode(text)[: self.context_length]
        return ids + [PADDING] * (self.context_length - len(ids))


def load_glide_tokenizer(folder: Path, context_length: int) -> GlideTokenizer:
    """The tokenizer whose list of merges lies in `folder`.

    Raises:
        ModelError: there is none, or it is not GPT-2's.
    """
    return GlideTokenizer(_tokenizer(merges_file(folder)), context_length)


def merges_file(folder: Path) -> Path:
    """Where the list of merges lies.

    Raises:
        ModelError: it is not there.
    """
    for name in MERGES:
        if (folder / name).is_file():
            return folder / name
    raise ModelError(
        f"{folder}: holds no list of byte pairs, by which GLIDE reads prompts "
        f"(one of {', '.join(MERGES)}); put vocab.bpe.gz beside the weights, from the folder "
        "glide_text2im/tokenizer of GLIDE's code, or merges.txt of any GPT-2"
    )


@lru_cache(maxsize=2)
def _tokenizer(path: Path) -> Tokenizer:
    # A scene that reads no prompts by it need not wait for the library.
    from tokenizers import Tokenizer
    from tokenizers.models import BPE
    from tokenizers.pre_tokenizers import ByteLevel

    pairs = _pairs(path)
    letters = sorted(LETTERS.values())
    ids = {token: number for number, token in enumerate([*letters, *map("".join, pairs)])}
    tokenizer = Tokenizer(BPE(ids, pairs))
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
    return tokenizer


def _pairs(path: Path) -> list[tuple[str, str]]:
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if data.startswith(_GZIP) else data).decode()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: cannot be read ({error}); fetch it again") from error
    lines = [line for line in text.split("\n") if line and not line.startswith("#version")]
    pairs = [(first, second) for first, _, second in (line.partition(" ") for line in lines)]
    if len(pairs) != _COUNT or not all(second for _, second in pairs):
        raise ModelError(
            f"{path}: has {len(pairs)} byte pairs; those of GPT-2, by which GLIDE reads, are "
            f"{_COUNT}: fetch that list, which is not CLIP's"
        )
    return pairs

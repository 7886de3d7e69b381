"""Tokenizers as the hub has them: SigLIP's, and those of other text towers than OpenAI's.

Convention:
    Marks at the beginning and the end of a text count among its ids, and a text that is cut keeps
    them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import torch
from open_clip.tokenizer import get_clean_fn
from tokenizers import Tokenizer
from torch import Tensor

from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.errors import ModelError

Clean = Literal["lower", "whitespace", "canonicalize"]
"""What becomes of a text first, in open_clip's words."""


class HubTokenizer:
    """Texts to ids `(N, length)`, as transformers gives them to open_clip."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        *,
        length: int,
        padding: str,
        clean: Clean = "whitespace",
        blank: int | None = None,
    ) -> None:
        """`padding` fills up short texts; the id `blank` becomes 0."""
        self.length = length
        self._tokenizer = tokenizer
        self._padding = padding
        self._clean = get_clean_fn(clean)
        self._blank = blank

    def encode(self, text: str) -> list[int]:
        """The ids of one text, however many, with its marks."""
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        ids: list[int] = self._tokenizer.encode(self._clean(text)).ids
        return ids

    def __call__(self, texts: Sequence[str]) -> Tensor:
        self._tokenizer.enable_truncation(self.length)
        self._tokenizer.enable_padding(
            length=self.length,
            pad_id=self._tokenizer.token_to_id(self._padding),
            pad_token=self._padding,
        )
        encoded = self._tokenizer.encode_batch([self._clean(text) for text in texts])
        ids = torch.tensor([one.ids for one in encoded])
        return ids if self._blank is None else ids.masked_fill(ids == self._blank, 0)


def load_hub_tokenizer(
    vocabulary: Path,
    config: Path,
    *,
    length: int,
    clean: Clean = "whitespace",
    strip_sep_token: bool = False,
) -> HubTokenizer:
    """The tokenizer in the files `tokenizer.json` and `tokenizer_config.json` of a repository.

    `clean` and `strip_sep_token` are what open_clip says of an architecture.

    Raises:
        ModelError: a file is missing, damaged, or of another kind.
    """
    marks = read_config(config, _Marks)
    try:
        tokenizer = Tokenizer.from_file(str(vocabulary))
    except Exception as error:  # The library raises nothing narrower.
        raise ModelError(
            f"{vocabulary}: is no tokenizer ({error}); remove it, and pull its encoder again"
        ) from error

    def id_of(mark: str) -> int:
        found: int | None = tokenizer.token_to_id(mark)
        if found is None:
            raise ModelError(
                f'{config}: names the mark "{mark}", which {vocabulary.name} does not have; '
                "remove both files, and pull their encoder again"
            )
        return found

    id_of(_text(marks.pad_token))
    return HubTokenizer(
        tokenizer,
        length=length,
        padding=_text(marks.pad_token),
        clean=clean,
        blank=id_of(_text(marks.sep_token)) if strip_sep_token else None,
    )


class _Mark(ForeignConfig):
    content: str


class _Marks(ForeignConfig):
    """What `tokenizer_config.json` leaves out is BERT's, whose old files name no marks."""

    pad_token: str | _Mark = "[PAD]"
    sep_token: str | _Mark = "[SEP]"


def _text(mark: str | _Mark) -> str:
    return mark if isinstance(mark, str) else mark.content

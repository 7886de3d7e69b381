"""Tokenizers as the hub has them: SigLIP's, and those of other text towers than OpenAI's.

Imports no torch.

Convention:
    Marks at the beginning and the end of a text count among its ids, and a text that is cut keeps
    them.
"""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from pipeline.catalogue.clean_text import Clean, cleaned
from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.tokenizer_marks import Mark, mark_text
from pipeline.errors import ModelError


class HubTokenizer:
    """Texts to ids, as transformers gives them to open_clip."""

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
        self.context_length = length
        self._tokenizer = tokenizer
        self._padding = padding
        self._clean = clean
        self._blank = blank

    def encode(self, text: str) -> list[int]:
        """The ids of one text, however many, with its marks."""
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        ids: list[int] = self._tokenizer.encode(cleaned(text, self._clean)).ids
        return ids

    def fits(self, text: str, room: int) -> bool:
        """Whether a text has no more than `room` ids, with its marks."""
        return len(self.encode(text)) <= room

    def row(self, text: str) -> list[int]:
        """The `context_length` ids of one text, padded or cut; one that is cut keeps its marks."""
        self._tokenizer.enable_truncation(self.context_length)
        self._tokenizer.enable_padding(
            length=self.context_length,
            pad_id=self._tokenizer.token_to_id(self._padding),
            pad_token=self._padding,
        )
        ids: list[int] = self._tokenizer.encode(cleaned(text, self._clean)).ids
        return [0 if number == self._blank else number for number in ids]


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
    tokenizer = _read_vocabulary(vocabulary)

    def id_of(mark: str) -> int:
        found: int | None = tokenizer.token_to_id(mark)
        if found is None:
            raise ModelError(
                f'{config}: names the mark "{mark}", which {vocabulary.name} does not have; '
                "remove both files, and pull their encoder again"
            )
        return found

    id_of(mark_text(marks.pad_token))
    return HubTokenizer(
        tokenizer,
        length=length,
        padding=mark_text(marks.pad_token),
        clean=clean,
        blank=id_of(mark_text(marks.sep_token)) if strip_sep_token else None,
    )


def _read_vocabulary(path: Path) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # The library raises nothing narrower.
        raise ModelError(
            f"{path}: is no tokenizer ({error}); remove it, and pull its encoder again"
        ) from error


class _Marks(ForeignConfig):
    """`tokenizer_config.json`; marks that it leaves out are BERT's, whose old files name none."""

    pad_token: str | Mark = "[PAD]"
    sep_token: str | Mark = "[SEP]"

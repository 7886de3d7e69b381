"""The tokenizers of CLIP's text encoders in diffusers folders, and the one that most share.

A folder holds `vocab.json` and `merges.txt`, a list of byte pairs, or `tokenizer.json`, the same in
the format of the tokenizers library; `tokenizer_config.json`, and `special_tokens_map.json` beside
it in older ones, name the marks. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Regex, Tokenizer
from tokenizers.models import BPE
from tokenizers.normalizers import NFC, Lowercase, Replace
from tokenizers.normalizers import Sequence as Normalizers
from tokenizers.pre_tokenizers import ByteLevel, Split
from tokenizers.pre_tokenizers import Sequence as Splitters

from pipeline.catalogue.byte_pair_tokenizer import VOCAB_SIZE, BytePairTokenizer
from pipeline.catalogue.tokenizer_marks import Marks, read_marks, read_tokenizer
from pipeline.errors import ModelError

CLIP_LENGTH = 77
"""Tokens that a text encoder of CLIP takes at once, with the marks of beginning and end."""

_WORD = (
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
)
"""The ends of English words, letters, single digits, and whatever else stands together."""
_LAST = "</w>"
"""Mark behind the last character of a word."""


@dataclass(frozen=True, slots=True)
class ClipTokenizer:
    """Texts to ids, and the ids around them."""

    ids: Callable[[str], list[int]]
    """The ids of a text, however many, without marks."""
    begin: int
    end: int
    padding: int
    length: int = CLIP_LENGTH
    """Ids that the encoder takes at once, with the marks of beginning and end."""

    @property
    def context_length(self) -> int:
        """How many ids the encoder takes at once, with the marks of beginning and end."""
        return self.length

    @property
    def room(self) -> int:
        """Ids of a text that the encoder takes at once."""
        return self.length - 2

    def fits(self, text: str, room: int) -> bool:
        """Whether a text has no more than `room` ids, without beginning and end."""
        return len(self.ids(text)) <= room

    def framed(self, ids: list[int]) -> list[int]:
        """The `length` ids that the encoder takes: beginning, `ids`, end, padding."""
        row = [self.begin, *ids, self.end]
        return row + [self.padding] * (self.length - len(row))

    def row(self, text: str) -> list[int]:
        """The `length` ids of one text, padded or cut; one that is cut keeps its end."""
        return self.framed(self.ids(text)[: self.room])


def standard_clip_tokenizer(padding: int | None = None) -> ClipTokenizer:
    """The tokenizer of OpenAI's CLIP and of most others, as open_clip has it.

    `padding` is the id behind the end; None fills up with ends, as OpenAI's encoders are asked.
    """
    begin, end = VOCAB_SIZE - 2, VOCAB_SIZE - 1
    ids = BytePairTokenizer(CLIP_LENGTH).encode
    return ClipTokenizer(ids, begin, end, end if padding is None else padding)


def load_clip_tokenizer(folder: Path) -> ClipTokenizer:
    """The tokenizer in one folder of a diffusers folder, such as `tokenizer_2`.

    Raises:
        ModelError: a file is missing, damaged, or of another kind.
    """
    marks = read_marks(folder)
    tokenizer = _byte_pairs(folder, marks)
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def ids(text: str) -> list[int]:
        found: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
        return found

    begin, end, padding = (
        _id_of(mark, tokenizer, folder) for mark in (marks.begin, marks.end, marks.padding)
    )
    return ClipTokenizer(ids, begin, end, padding, marks.length or CLIP_LENGTH)


def _byte_pairs(folder: Path, marks: Marks) -> Tokenizer:
    vocabulary, merges = folder / "vocab.json", folder / "merges.txt"
    if not vocabulary.is_file() or not merges.is_file():
        return read_tokenizer(folder / "tokenizer.json", "vocab.json with merges.txt")
    try:
        model = BPE.from_file(
            str(vocabulary),
            str(merges),
            unk_token=marks.unknown,
            continuing_subword_prefix="",
            end_of_word_suffix=_LAST,
        )
    except Exception as error:  # The library raises nothing narrower.
        raise ModelError(
            f"{vocabulary}: makes no tokenizer with {merges.name} ({error}); "
            "fetch the model's files again"
        ) from error
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = Normalizers([NFC(), Replace(Regex(r"\s+"), " "), Lowercase()])
    words = Split(Regex(_WORD), behavior="removed", invert=True)
    tokenizer.pre_tokenizer = Splitters([words, ByteLevel(add_prefix_space=False)])
    return tokenizer


def _id_of(mark: str, tokenizer: Tokenizer, folder: Path) -> int:
    found: int | None = tokenizer.token_to_id(mark)
    if found is None:
        raise ModelError(
            f'{folder}: the tokenizer has no "{mark}", which its configuration names as a mark; '
            "fetch the model's files again"
        )
    return found

"""A list of byte pairs as long as GPT-2's, which is not ours to ship, in its place."""

from __future__ import annotations

import gzip
from itertools import islice, product
from pathlib import Path

from pipeline.catalogue.byte_pair_tokenizer import LETTERS

KNOWN = ("t h", "th e", "Ġ the", "c a", "ca t", "Ġ cat", "s e", "se a")
"""The first pairs; what follows are pairs that no English text has."""

LENGTH = 50_000


def merges() -> str:
    """The text of the list."""
    foreign = [letter for byte, letter in LETTERS.items() if byte >= 0x80]
    singles = (f"{a} {b}" for a, b in product(foreign, foreign))
    doubles = (f"{a}{b} {c}" for a, b, c in product(foreign, foreign, foreign))
    filler = (pair for pairs in (singles, doubles) for pair in pairs)
    lines = [*KNOWN, *islice(filler, LENGTH - len(KNOWN))]
    return "\n".join(["#version: 0.2", *lines, ""])


def save_merges(folder: Path, name: str = "vocab.bpe.gz") -> Path:
    """The list in a file of `folder`, compressed where its name says so."""
    data = merges().encode()
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path

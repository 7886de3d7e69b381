"""The files of a published model. Imports no torch."""

from __future__ import annotations

from pipeline.catalogue.publication import Published
from pipeline.catalogue.published_tokenizers import tokenizer_files


def model_files(entry: Published) -> tuple[Published, ...]:
    """What is fetched for a model: the files of its folder, or its own and its tokenizer's."""
    return entry.parts or (entry, *tokenizer_files(entry))

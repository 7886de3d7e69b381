"""How the encoder that a scene names reads prompts. Imports no torch."""

from __future__ import annotations

from pipeline.catalogue.clip_folder import clip_folder_reader, read_clip_config
from pipeline.catalogue.facts import folder_of
from pipeline.catalogue.open_clip_encoders import named_reader
from pipeline.catalogue.prompt_reader import PromptReader
from pipeline.catalogue.publication import Role
from pipeline.catalogue.store import find_store
from pipeline.spec.sources import NamedSource, Source


def prompt_reader(source: Source) -> PromptReader | None:
    """The reader of an encoder; None for one whose tokenizer has not been fetched yet.

    Raises:
        ModelError: a file is missing or damaged, or the encoder is one that no render can use.
    """
    folder = folder_of(source, Role.ENCODER)
    if folder is not None:
        return clip_folder_reader(folder, read_clip_config(folder))
    if not isinstance(source, NamedSource):
        raise ValueError(f"{source} is no encoder")
    return named_reader(source.name, find_store())

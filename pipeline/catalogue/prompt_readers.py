"""How the encoder that a scene names reads prompts. Imports no torch.

What the starter does not need is imported when another encoder asks for it.
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.catalogue.facts import CLIP_VOCABULARY, STARTER_FOLDERS, folder_of
from pipeline.catalogue.glide_folder import glide_reader, is_glide
from pipeline.catalogue.pipelines import is_pipeline
from pipeline.catalogue.prompt_reader import PromptReader
from pipeline.catalogue.publication import Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.word_tokenizer import WordTokenizer, load_tokenizer
from pipeline.spec.sources import STARTER, NamedSource, Source


@lru_cache(maxsize=1)
def starter_tokenizer() -> WordTokenizer:
    """The words that the starter knows."""
    return load_tokenizer(STARTER_FOLDERS[Role.ENCODER] / CLIP_VOCABULARY)


def denoiser_reader(source: Source) -> PromptReader | None:
    """The reader of a text-to-image network's prompts.

    None for one that reads prompts of any length, has not been fetched yet, or is no such network.

    Raises:
        ModelError: a file is missing or damaged.
    """
    folder = folder_of(source, Role.DENOISER)
    if folder is None and isinstance(source, NamedSource):
        from pipeline.catalogue.store import find_store

        entry, store = PUBLISHED[source.name], find_store()
        folder = store.path(entry) if entry.parts and store.is_complete(entry) else None
    if folder is None:
        return None
    if is_glide(folder):
        return glide_reader(folder)
    from pipeline.catalogue.text_readers import text_reader

    return text_reader(folder) if is_pipeline(folder) else None


def prompt_reader(source: Source) -> PromptReader | None:
    """The reader of an encoder; None for one whose tokenizer has not been fetched yet.

    Raises:
        ModelError: a file is missing or damaged, or the encoder is one that no render can use.
    """
    if source == NamedSource(STARTER):
        tokenizer = starter_tokenizer()
        return PromptReader(STARTER, tokenizer, tokenizer.context_length - 2)
    if isinstance(source, NamedSource):
        from pipeline.catalogue.open_clip_encoders import named_reader
        from pipeline.catalogue.store import find_store

        return named_reader(source.name, find_store())
    from pipeline.catalogue.clip_folder import clip_folder_reader, read_clip_config

    folder = folder_of(source, Role.ENCODER)
    if folder is None:
        raise ValueError(f"{source} is no encoder")
    return clip_folder_reader(folder, read_clip_config(folder))

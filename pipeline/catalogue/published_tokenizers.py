"""The tokenizers of encoders whose texts do not go through OpenAI's. Imports no torch.

Each is two files of a repository on the hub, in the format of the tokenizers library. An encoder
that needs them is fetched with them, and is missing as long as one of them is.
"""

from __future__ import annotations

from pipeline.catalogue.publication import NOT_STATED, Published, Role

VOCABULARY = "tokenizer.json"
"""Name of the file that says how a text becomes ids."""

CONFIG = "tokenizer_config.json"
"""Name of the file that says which ids are marks, such as the one for padding."""


def tokenizer_files(entry: Published) -> tuple[Published, ...]:
    """The two files that the encoder `entry` reads texts by; none where open_clip has its own."""
    if not entry.tokenizer:
        return ()
    return tuple(tokenizer_file(entry.tokenizer, file) for file in (VOCABULARY, CONFIG))


def tokenizer_file(repository: str, file: str) -> Published:
    """A file of a repository; its name is that of the repository, a slash, and its own."""
    return Published(
        name=f"{repository}/{file}",
        role=Role.TOKENIZER,
        file=f"{repository.replace('/', '-')}-{file}",
        mirrors=(f"https://huggingface.co/{repository}/resolve/main/{file}",),
        size=None,
        licence=NOT_STATED,
        sha256="",
        architecture="tokenizers",
    )

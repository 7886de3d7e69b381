"""The sums of the files that make up a network."""

from __future__ import annotations

from pathlib import Path

from pipeline.catalogue.cache_folder import cache_folder
from pipeline.catalogue.glide_folder import BASE_FILE, UPSAMPLER_FILE
from pipeline.catalogue.glide_tokenizer import MERGES as GLIDE_MERGES
from pipeline.errors import ModelError
from pipeline.files.hashing import bytes_digest
from pipeline.files.known_sums import KnownSums
from pipeline.files.left_by_systems import is_left_by_system

UPSCALER = Path(__file__).with_name("starter") / "upscaler"
"""The folder of the network behind `output.upscale: starter`."""

_NETWORK_FILES = frozenset({".safetensors", ".bin", ".json"})
_TOKENIZERS = frozenset({*GLIDE_MERGES, "merges.txt", "spiece.model"})
"""Names of what texts are read by and that has no suffix of a network."""
_GLIDE = frozenset({BASE_FILE, UPSAMPLER_FILE})
"""Names of weights in a folder whose other files of that suffix are not loaded."""

_NOTES = ".verified.json"
"""Ends the names of what a store notes of the files beside them."""


def network_digests(folder: Path, remedy: str) -> dict[str, str]:
    """The SHA-256 of each file that makes up the network in `folder`, by its name there.

    Raises:
        ModelError: the folder is missing or empty, or a file cannot be read; says the `remedy`.
    """
    try:
        files = network_files(folder)
    except OSError as error:
        raise ModelError(f"{folder}: cannot be read ({error.strerror}); {remedy}") from error
    if not files:
        raise ModelError(f"{folder}: there is no network here; {remedy}")
    return {path.relative_to(folder).as_posix(): network_digest(path, remedy) for path in files}


def network_files(folder: Path) -> list[Path]:
    """The files that make up the network in `folder`, sorted; OSError if it cannot be read."""
    return sorted(path for path in folder.rglob("*") if _belongs(path))


def network_digest(path: Path, remedy: str) -> str:
    """The SHA-256 of a network's file; `ModelError`, which says the `remedy`, without one.

    A large file is read once for each of its contents.
    """
    try:
        return known_sums().digest(path)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); {remedy}") from error


def known_sums() -> KnownSums:
    """The sums of the networks that are the user's own."""
    return KnownSums(cache_folder() / "sums.json")


def _belongs(path: Path) -> bool:
    is_note = path.name.startswith(".") and path.name.endswith(_NOTES)
    is_kind = path.suffix in _NETWORK_FILES or path.name in _TOKENIZERS | _GLIDE
    return is_kind and not is_note and not is_left_by_system(path.name)


def upscaler_fingerprint() -> str:
    """The SHA-256 over the files of the upscaler.

    Raises:
        ModelError: the folder is missing or empty, or a file cannot be read.
    """
    digests = network_digests(UPSCALER, "install the package again")
    return bytes_digest(" ".join(digests.values()).encode())

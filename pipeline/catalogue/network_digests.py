"""The sums of the files that make up a network."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import ModelError
from pipeline.files.hashing import bytes_digest, file_digest

UPSCALER = Path(__file__).with_name("starter") / "upscaler"
"""The folder of the network behind `output.upscale: starter`."""

_NETWORK_FILES = frozenset({".safetensors", ".bin", ".json"})


def network_digests(folder: Path, remedy: str) -> dict[str, str]:
    """The SHA-256 of each file that makes up the network in `folder`, by its name there.

    Raises:
        ModelError: the folder is missing or empty, or a file cannot be read; says the `remedy`.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix in _NETWORK_FILES)
    if not files:
        raise ModelError(f"{folder}: there is no network here; {remedy}")
    return {path.relative_to(folder).as_posix(): network_digest(path, remedy) for path in files}


def network_digest(path: Path, remedy: str) -> str:
    """The SHA-256 of a network's file; `ModelError`, which says the `remedy`, without one."""
    try:
        return file_digest(path)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); {remedy}") from error


def upscaler_fingerprint() -> str:
    """The SHA-256 over the files of the upscaler.

    Raises:
        ModelError: the folder is missing or empty, or a file cannot be read.
    """
    digests = network_digests(UPSCALER, "install the package again")
    return bytes_digest(" ".join(digests.values()).encode())

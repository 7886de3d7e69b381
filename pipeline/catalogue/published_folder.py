"""How a published folder is written down: its files in groups, as publishers lay them out.

Sizes are those that the hub shows, with three digits, or four bytes for each parameter where none
was found; sums are there where the hub shows them for a file or for a copy of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.catalogue.publication import Published, Role
from pipeline.spec.samplers import Spacing

KB, MB, GB = 10**3, 10**6, 10**9
FP16 = "diffusion_pytorch_model.fp16.safetensors"
FP32 = "diffusion_pytorch_model.safetensors"
ENCODER_FP16 = "model.fp16.safetensors"
ENCODER_FP32 = "model.safetensors"


@dataclass(frozen=True, slots=True)
class File:
    """A file of a published folder."""

    path: str
    """Place in the folder."""
    size: float | None
    """Size in bytes, None where it was not found."""
    sha256: str = ""
    source: str = ""
    """Place in the repository where that is another one, or its whole address."""
    repository: str = ""
    """Another repository that it comes from; "" for the folder's own."""
    numbers: int | None = None
    """Parameters, where the size is estimated from them."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository of the hub at one of its revisions."""

    name: str
    revision: str = "main"
    gated: bool = False
    host: str = "https://huggingface.co"

    @property
    def page(self) -> str:
        """Where people read about it."""
        return f"{self.host}/{self.name}"

    def address(self, path: str) -> str:
        """Where a file of it is given."""
        return f"{self.page}/resolve/{self.revision}/{path}"


def folder(
    name: str,
    repository: Repository,
    licence: str,
    files: Iterable[File],
    *,
    role: Role = Role.DENOISER,
    architecture: str = "",
    copy: Repository | None = None,
    spacing: Spacing | None = None,
) -> Published:
    """A published folder of these files; `copy` is a repository that has all of them too.

    The architecture has the folder's name unless it is written. `spacing` is that of a network
    whose scheduler is another's.
    """
    whole = Published(
        name=name,
        role=role,
        file=name,
        mirrors=(),
        size=None,
        licence=licence,
        sha256="",
        architecture=architecture or name,
        page=repository.page,
        gated=repository.gated,
        spacing=spacing,
    )
    parts = (_part(whole, file, tuple(_addresses(file, repository, copy))) for file in files)
    return replace(whole, parts=tuple(parts))


def _part(whole: Published, file: File, addresses: tuple[str, ...]) -> Published:
    """A file of a published folder, as something that is published by itself."""
    return replace(
        whole,
        name=f"{whole.name}/{file.path}",
        file=f"{whole.name}/{file.path}",
        mirrors=addresses,
        size=None if file.size is None else round(file.size),
        sha256=file.sha256,
        numbers=file.numbers,
    )


def _addresses(file: File, repository: Repository, copy: Repository | None) -> Iterable[str]:
    path = file.source or file.path
    if path.startswith("https://"):
        yield path
        return
    if file.repository:
        yield Repository(file.repository).address(path)
        return
    yield repository.address(path)
    if copy is not None:
        yield copy.address(path)


def index() -> tuple[File, ...]:
    """What says which parts a pipeline has."""
    return (File("model_index.json", 0.7 * KB),)


def scheduler(part: str = "scheduler") -> tuple[File, ...]:
    """The noise that a network was trained on."""
    return (File(f"{part}/scheduler_config.json", 0.5 * KB),)


def network(
    part: str, size: float | None, sha256: str = "", *, file: str = FP16
) -> tuple[File, ...]:
    """A part with its configuration and its weights in one file."""
    return (File(f"{part}/config.json", 1 * KB), File(f"{part}/{file}", size, sha256))


def estimated(part: str, numbers: int, *, file: str = FP32) -> tuple[File, ...]:
    """A part of `numbers` parameters whose file has a size that was not found."""
    config = File(f"{part}/config.json", 1 * KB)
    return (config, File(f"{part}/{file}", None, numbers=numbers))


def sharded(part: str, stem: str, index_file: str, *sizes: float) -> tuple[File, ...]:
    """A part with its weights in several files, and the index that says which has what."""
    count = len(sizes)
    shards = (
        File(f"{part}/{stem}-{number:05}-of-{count:05}.safetensors", size)
        for number, size in enumerate(sizes, 1)
    )
    return (File(f"{part}/config.json", 1 * KB), File(f"{part}/{index_file}", 20 * KB), *shards)


def clip_tokenizer(part: str = "tokenizer") -> tuple[File, ...]:
    """CLIP's byte pairs."""
    return (
        File(f"{part}/merges.txt", 525 * KB),
        File(f"{part}/special_tokens_map.json", 0.5 * KB),
        File(f"{part}/tokenizer_config.json", 0.8 * KB),
        File(f"{part}/vocab.json", 1.06 * MB),
    )


def t5_tokenizer(part: str = "tokenizer") -> tuple[File, ...]:
    """The pieces of words that T5 reads."""
    return (
        File(f"{part}/special_tokens_map.json", 2.2 * KB),
        File(f"{part}/spiece.model", 792 * KB),
        File(f"{part}/tokenizer_config.json", 2.5 * KB),
    )


def from_repository(repository: str, files: Iterable[File]) -> tuple[File, ...]:
    """Files that come from another repository, where they lie at the same places."""
    return tuple(replace(file, repository=repository) for file in files)


def renamed(prefix: str, repository: str, files: Iterable[File]) -> tuple[File, ...]:
    """Files of another repository whose parts have a word before their names in this folder."""
    return tuple(
        replace(file, path=f"{prefix}{file.path}", source=file.path, repository=repository)
        for file in files
    )

"""What is known of a published model, of one file or many, before it is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipeline.spec.samplers import Spacing

NOT_STATED = "not stated"
"""The licence of weights whose publisher names none."""


class Role(StrEnum):
    """What a network does in a render."""

    DENOISER = "denoiser"
    SECONDARY = "secondary"
    """The small denoiser through which guidance can be differentiated."""
    ENCODER = "encoder"
    TOKENIZER = "tokenizer"
    """The tokenizer, which turns prompts into an encoder's ids."""
    DEPTH = "depth"
    FLOW = "flow"
    """The network that sees how things move from one picture to the next."""
    PERCEPTUAL = "perceptual"
    """The network that measures how far apart people see two pictures."""
    REFINER = "refiner"
    """The network that paints the last steps of another one's pictures."""
    SECOND_STAGE = "second stage"
    """The network of a cascade that enlarges what the first has painted."""
    AUTOENCODER = "autoencoder"
    """A small network between latents and pictures, in place of a denoiser's own."""
    CONTROLNET = "ControlNet"
    """The network that holds a denoiser to edges or to depth."""
    IP_ADAPTER = "IP-Adapter"
    """What a denoiser takes a picture for a prompt through."""
    LORA = "LoRA"
    EMBEDDING = "learned word"
    """The vectors that stand for a word of prompts, learned from pictures."""


@dataclass(frozen=True, slots=True)
class Published:
    """What somebody has published: a file of weights, or a folder of files that work together."""

    name: str
    role: Role
    file: str
    """Name in the store: of the file, of the folder, or `<folder>/<file>` for a part of one."""
    mirrors: tuple[str, ...]
    """Addresses, in the order in which they are tried; empty for a folder."""
    size: int | None
    """Size in bytes, None where it is not known; for people only, as the sum decides."""
    licence: str
    """Licence as stated for the weights, or for the repository that publishes them."""
    sha256: str
    """SHA-256 in hex: the whole sum, its first digits, or "" where none is published."""
    architecture: str
    """What the network is built by: an open_clip architecture, or a named configuration."""
    numbers: int | None = None
    """Parameters of the network, where its size is to be estimated from them."""

    tokenizer: str = ""
    """Repository on the hub of an encoder's tokenizer, where it is not OpenAI's."""

    page: str = ""
    """Address of the page on which a publisher of a folder describes it and gives its licence."""
    gated: bool = False
    """Whether the files are given only to those who have accepted the licence on `page`."""
    parts: tuple[Published, ...] = ()
    """The files of a folder, each with its place in the store for its name."""
    spacing: Spacing | None = None
    """Which timesteps it was distilled for, where a scheduler of another network is fetched."""

    @property
    def estimate(self) -> int | None:
        """Size in bytes, or else four for each parameter; None where neither is known.

        That of a folder is the sum of its files'.
        """
        if self.parts:
            sizes = [part.estimate for part in self.parts]
            return None if None in sizes else sum(size or 0 for size in sizes)
        return 4 * self.numbers if self.size is None and self.numbers else self.size

    def accepts(self, sha256: str) -> bool:
        """Whether a file with this sum can be the published one."""
        return sha256.startswith(self.sha256)


def size_text(size: int | None) -> str:
    """A size in words: `2.21 GB`, `354 MB`, `7 kB` or `unknown size`; a MB is a million bytes."""
    if size is None:
        return "unknown size"
    if size >= 10**9:
        return f"{size / 10**9:.2f} GB"
    return f"{size / 10**6:.0f} MB" if size >= 10**6 else f"{size / 10**3:.0f} kB"


def total_text(entries: Iterable[Published]) -> str:
    """The size of all together, of which some may be estimated and others unknown.

    `2.59 GB`, `about 2.59 GB`, `2.59 GB and 2 of unknown size`, `unknown size`.
    """
    listed = tuple(entries)
    sizes = [entry.estimate for entry in listed]
    known, unknown = [size for size in sizes if size is not None], sizes.count(None)
    if unknown and not known:
        return size_text(None)
    is_exact = all(entry.size == entry.estimate for entry in listed)
    total = f"{'' if is_exact else 'about '}{size_text(sum(known))}"
    return f"{total} and {unknown} of unknown size" if unknown else total

"""How much of a prompt the networks in diffusers folders read. Imports no torch.

Stable Diffusion 1, 2 and XL read prompts of any length, in rows of 75 tokens. Those that read with
T5 have a length that they were trained with, which is nowhere in their files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import Field

from pipeline.catalogue.clip_tokenizer import load_clip_tokenizer
from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.kandinsky_folder import find_prior
from pipeline.catalogue.pipelines import read_model_index
from pipeline.catalogue.prompt_reader import PromptReader
from pipeline.catalogue.t5_tokenizer import as_written, load_t5_tokenizer
from pipeline.catalogue.weightless import without_weights


@dataclass(frozen=True, slots=True)
class T5Use:
    """How a network uses T5."""

    tokenizer: str
    """The part of the folder with the tokenizer."""
    length: int
    """Tokens that it was trained with, the end mark among them."""
    clean: Callable[[str], str] = as_written


def as_caption(text: str) -> str:
    """A prompt in small letters, as the captions of their training were."""
    return text.lower().strip()


_FLUX = T5Use("tokenizer_2", 512)
_USES: Mapping[str, T5Use] = MappingProxyType(
    {
        "IF": T5Use("tokenizer", 77, as_caption),
        "PixArtAlpha": T5Use("tokenizer", 120, as_caption),
        "PixArtSigma": T5Use("tokenizer", 300, as_caption),
        "StableDiffusion3": T5Use("tokenizer_3", 256),
        "Flux": _FLUX,
    }
)
"""By the beginning of the class of diffusers that a folder names in its `model_index.json`."""

_ONE_ROW: Mapping[str, Callable[[Path], Path]] = MappingProxyType(
    {
        "KandinskyV22Prior": lambda folder: folder / "tokenizer",
        "KandinskyV22": lambda folder: find_prior(folder).path("tokenizer"),
        "UnCLIP": lambda folder: folder / "tokenizer",
    }
)
"""Where the tokenizer lies of networks that read one row of CLIP's tokens, as they take the whole
prompt as a vector; by the beginning of the class."""


def text_reader(folder: Path) -> PromptReader | None:
    """The reader of the network in a diffusers folder; None where a prompt has no greatest length.

    Raises:
        ModelError: a file is missing or damaged.
    """
    kind = read_model_index(folder).class_name
    for start, tokenizer in _ONE_ROW.items():
        if kind.startswith(start):
            clip = load_clip_tokenizer(tokenizer(folder))
            return without_weights(PromptReader(str(folder), clip, clip.room))
    use = t5_use(folder)
    return None if use is None else t5_reader(folder, use)


def t5_use(folder: Path) -> T5Use | None:
    """How the network in a folder uses T5; None where it has none.

    Raises:
        ModelError: a file is missing or damaged.
    """
    kind = read_model_index(folder).class_name
    use = next((use for start, use in _USES.items() if kind.startswith(start)), None)
    if use is _FLUX and not read_config(folder / "transformer" / "config.json", _Flux).guided:
        # FLUX.1-schnell, which takes no scale of guidance, was trained with half the length.
        return T5Use(use.tokenizer, 256)
    # Stable Diffusion 3 also works without its third encoder.
    return use if use is not None and (folder / use.tokenizer).is_dir() else None


def t5_reader(folder: Path, use: T5Use) -> PromptReader:
    """The reader of the prompts of the network in `folder`, which uses T5.

    Raises:
        ModelError: a file is missing or damaged.
    """
    tokenizer = load_t5_tokenizer(folder / use.tokenizer, use.length, use.clean)
    return without_weights(PromptReader(str(folder), tokenizer, tokenizer.room))


class _Flux(ForeignConfig):
    guided: bool = Field(default=False, alias="guidance_embeds")

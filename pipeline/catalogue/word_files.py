"""Whom a learned word (textual inversion) is for, by the shapes in its file. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pydantic import Field

from keyframes.quoting import quoted
from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.facts import folder_of
from pipeline.catalogue.part_files import CONFIG
from pipeline.catalogue.publication import Role
from pipeline.catalogue.weight_shapes import Shapes, read_shapes
from pipeline.errors import ModelError
from pipeline.spec.sources import CheckpointSource, Source

ONLY = ""
"""The name of the encoder where a network has one."""

OF_SDXL = frozenset({"clip_l", "clip_g"})
"""Names of a word's vectors for each of SDXL's encoders."""

FORMS = (
    "a word with its vectors as diffusers writes it, string_to_param or emb_params as web "
    "interfaces write them, or clip_l with clip_g for SDXL"
)

_MADE_FOR: Mapping[int, str] = MappingProxyType(
    {
        768: "Stable Diffusion 1",
        1024: "Stable Diffusion 2",
        1280: "the second encoder of SDXL",
    }
)
_SAFE = ".safetensors"


def check_word(word: Source, denoiser: Source) -> None:
    """Refuse a learned word of one's own that is none, or was made for another denoiser.

    Only safetensors files are looked at, and only beside a folder of one's own: what else there is
    has to be loaded.

    Raises:
        ModelError: as said, or a file cannot be read.
    """
    if not isinstance(word, CheckpointSource) or not word.file.lower().endswith(_SAFE):
        return
    path = Path(word.file)
    shapes = read_shapes(path)
    folder = folder_of(denoiser, Role.DENOISER)
    if shapes is None:
        return
    found = _widths(shapes, path)
    takes = {} if folder is None else _encoders(folder)
    if any(found.get(encoder) != width for encoder, width in takes.items()):
        raise made_for_another(path, found, takes)


def made_for_another(path: Path, found: Mapping[str, int], takes: Mapping[str, int]) -> ModelError:
    """What to say of a word whose vectors, by the names of encoders, are not those they take."""
    made_for = "SDXL" if ONLY not in found else _MADE_FOR.get(found[ONLY], "another network")
    has, taken = (
        ", ".join(f"{name} {width}".strip() for name, width in widths.items())
        for widths in (found, takes)
    )
    return ModelError(
        f"{path}: this learned word was made for {made_for}: its vectors have {has} numbers, and "
        f"those of this denoiser's encoder {taken}; use one that was made for this denoiser"
    )


def no_word(path: Path, names: list[str]) -> ModelError:
    """What to say of a file that holds `names` and no learned word."""
    shown = quoted(", ".join(names[:5])) or "nothing"
    return ModelError(
        f"{path}: holds no learned word (textual inversion); found: {shown}; allowed: {FORMS}"
    )


def _widths(shapes: Shapes, path: Path) -> dict[str, int]:
    """How many numbers a vector has, by the name of the encoder that it is for."""
    if set(shapes) >= OF_SDXL:
        named = {name: shapes[name] for name in sorted(OF_SDXL, reverse=True)}
    elif "emb_params" in shapes or len(shapes) == 1:
        named = {ONLY: shapes.get("emb_params") or next(iter(shapes.values()))}
    else:
        raise no_word(path, list(shapes))
    return {name: shape[-1] if shape else 0 for name, shape in named.items()}


def _encoders(folder: Path) -> dict[str, int]:
    """How many numbers the embeddings of each encoder in a folder have, as far as it says."""
    parts = [folder / part / CONFIG for part in ("text_encoder", "text_encoder_2")]
    widths = [read_config(path, _Encoder).width for path in parts if path.is_file()]
    names = [ONLY] if len(widths) == 1 else ["clip_l", "clip_g"]
    return dict(zip(names, widths, strict=False))


class _Encoder(ForeignConfig):
    """`config.json` of a text encoder; what it leaves out is what transformers assumes."""

    width: int = Field(default=512, alias="hidden_size")

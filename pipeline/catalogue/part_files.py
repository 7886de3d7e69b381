"""Where one part of a diffusers folder lies: its configuration and its weights. Imports no torch.

A part, such as `vae` or `text_encoder`, is a folder with `config.json` beside its weights: one
file, or several shards and an index that says which tensor is in which. The empty name stands for
the folder itself, which then holds nothing but that part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from pydantic import Field

from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.catalogue.weight_shapes import Shape, Shapes, read_shapes
from pipeline.errors import ModelError


@dataclass(frozen=True, slots=True)
class PartFiles:
    """The files of one part."""

    config: Path
    """Settings of the part, as JSON."""
    weights: Path
    """The file of weights, or the index of its shards: what errors name."""
    shards: tuple[Path, ...]
    """Every file that holds weights."""

    @property
    def all(self) -> tuple[Path, ...]:
        """Each file that is read, once."""
        return tuple(dict.fromkeys((self.config, self.weights, *self.shards)))


CONFIG = "config.json"

_STEMS = ("diffusion_pytorch_model", "model")
_SAFE = ("", ".fp16")
"""What stands in the names of files in full and in half precision."""


def part_files(folder: Path, part: str) -> PartFiles:
    """The files of `part` in a diffusers folder.

    Of several sets of weights the first is taken of: safetensors before pickles, full precision
    before half.

    Raises:
        ModelError: the part, its configuration or its weights are not there, or an index is
            damaged or names a file that is not there.
    """
    home = folder / part
    config = home / CONFIG
    if not config.is_file():
        raise ModelError(
            f"{config}: there is no such file; is the model's folder whole? fetch the model again"
        )
    found = next((home / name for name in _names() if (home / name).is_file()), None)
    if found is None:
        usual = "diffusion_pytorch_model.safetensors or model.safetensors"
        raise ModelError(
            f"{home}: holds {CONFIG} and no weights beside it; allowed: {usual}, also as .bin, "
            "in half precision (.fp16) or in shards with an index; fetch the model again"
        )
    return PartFiles(config, found, _shards(found) if found.suffix == ".json" else (found,))


def has_part(folder: Path, part: str) -> bool:
    """Whether a diffusers folder has this part."""
    return (folder / part / CONFIG).is_file()


def part_shapes(files: PartFiles) -> Shapes | None:
    """The shapes of all tensors of a part; None where only loading tells them.

    Raises:
        ModelError: a file is missing, damaged or cut short.
    """
    shapes: dict[str, Shape] = {}
    for path in files.shards:
        found = read_shapes(path)
        if found is None:
            return None
        shapes.update(found)
    return shapes


def check_class(config: Path, settings: Mapping[str, object], allowed: Sequence[str]) -> None:
    """Raise ModelError if the settings in `config` name a class of diffusers other than these."""
    found = settings.get("_class_name", allowed[0])
    if found not in allowed:
        raise ModelError(
            f"{config}: describes a {found}; allowed here: {', '.join(allowed)}; "
            "is this the right part, and the right model?"
        )


def _names() -> Iterator[str]:
    """The names that diffusers and transformers give to weights, the most welcome first."""
    for variant, stem in product(_SAFE, _STEMS):
        yield f"{stem}{variant}.safetensors"
        yield f"{stem}.safetensors.index{variant}.json"
        yield f"{stem}{variant}.safetensors.index.json"
    for variant, stem in product(_SAFE, ("diffusion_pytorch_model", "pytorch_model")):
        yield f"{stem}{variant}.bin"
        yield f"{stem}.bin.index{variant}.json"
        yield f"{stem}{variant}.bin.index.json"


class _Index(ForeignConfig):
    """Which tensor is in which file beside the index."""

    weight_map: Mapping[str, str] = Field(min_length=1)


def _shards(index: Path) -> tuple[Path, ...]:
    names = sorted(set(read_config(index, _Index).weight_map.values()))
    if foreign := [name for name in names if Path(name).name != name]:
        raise ModelError(
            f"{index}: names {foreign[0]}, which is not beside it; fetch the model again"
        )
    if missing := [name for name in names if not (index.parent / name).is_file()]:
        raise ModelError(
            f"{index}: of {len(names)} files of weights that it names {len(missing)} are not "
            f"beside it: {', '.join(missing[:3])}; fetch the model again"
        )
    return tuple(index.parent / name for name in names)

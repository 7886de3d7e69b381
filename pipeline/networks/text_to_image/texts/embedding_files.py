"""Files of words that were learned from pictures (textual inversion), in the forms that go round.

    {"<cat>": (D,) or (n, D)}                               diffusers: the word, and its vectors
    {"string_to_param": {"*": (n, D)}, "name": ...}         AUTOMATIC1111's web interface
    {"emb_params": (n, D)}                                  the same as safetensors
    {"clip_l": (n, 768), "clip_g": (n, 1280)}               SDXL: one for each of its encoders

What a file calls the word says nothing here: the scene names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from pipeline.catalogue.word_files import FORMS, OF_SDXL, ONLY, made_for_another, no_word
from pipeline.errors import ModelError
from pipeline.networks.files.checkpoint import read_content
from pipeline.networks.files.weights import check_finite, read_weights

_MOST = 75
"""Vectors of a word: an encoder reads no more of a prompt at once."""


def words_of(files: Mapping[str, Path], widths: Mapping[str, int]) -> dict[str, dict[str, Tensor]]:
    """For each encoder of `widths` the vectors, `(n, D)`, of each word in `files`, in float32.

    `widths` has D for each encoder: `ONLY`, or `clip_l` and `clip_g`.

    Raises:
        ModelError: a file is missing or damaged, no learned word, or made for another network.
    """
    read = {name: _fitting(path, widths) for name, path in files.items()}
    return {
        encoder: {name: vectors[encoder] for name, vectors in read.items()} for encoder in widths
    }


def _fitting(path: Path, widths: Mapping[str, int]) -> dict[str, Tensor]:
    found = read_word(path)
    for encoder, width in widths.items():
        if encoder not in found:
            raise _made_for_another(path, found, widths)
        if found[encoder].shape[1] != width:
            raise _made_for_another(path, found, widths)
    if len({len(found[encoder]) for encoder in widths}) > 1:
        counts = ", ".join(f"{name} {len(found[name])}" for name in widths)
        raise ModelError(
            f"{path}: has other numbers of vectors for each encoder ({counts}); "
            "it is damaged: fetch it again"
        )
    return found


def _made_for_another(
    path: Path, found: Mapping[str, Tensor], widths: Mapping[str, int]
) -> ModelError:
    has = {name: vectors.shape[1] for name, vectors in found.items()}
    return made_for_another(path, has, widths)


def read_word(path: Path) -> dict[str, Tensor]:
    """The vectors of a learned word, `(n, D)`, for each encoder that it was made for, in float32.

    Raises:
        ModelError: the file is missing, damaged, or holds no learned word.
    """
    content: Any = (
        read_weights(path) if path.suffix.lower() == ".safetensors" else read_content(path)
    )
    vectors = {name: _rows(value, path) for name, value in _vectors(content, path).items()}
    check_finite({name or "the word": value for name, value in vectors.items()}, path)
    return vectors


def _vectors(content: object, path: Path) -> Mapping[str, object]:
    if isinstance(content, Mapping):
        if set(content) >= OF_SDXL:
            return {name: content[name] for name in sorted(OF_SDXL, reverse=True)}
        if isinstance(inner := content.get("string_to_param"), Mapping) and len(inner) == 1:
            return {ONLY: next(iter(inner.values()))}
        if "emb_params" in content:
            return {ONLY: content["emb_params"]}
        if len(content) == 1:
            return {ONLY: next(iter(content.values()))}
    keys = list(content) if isinstance(content, Mapping) else [type(content).__name__]
    raise no_word(path, list(map(str, keys)))


def _rows(value: object, path: Path) -> Tensor:
    if not isinstance(value, Tensor) or value.ndim not in (1, 2) or not value.numel():
        what = (
            f"numbers of shape {tuple(value.shape)}" if isinstance(value, Tensor) else "no tensor"
        )
        raise ModelError(
            f"{path}: holds no learned word (textual inversion): {what} where vectors are; "
            f"allowed: {FORMS}"
        )
    rows = value.detach().float().reshape(-1, value.shape[-1])
    if len(rows) > _MOST:
        raise ModelError(
            f"{path}: a word of {len(rows)} vectors; allowed: {_MOST}, as an encoder reads no "
            "more at once; is it a file of another kind?"
        )
    return rows

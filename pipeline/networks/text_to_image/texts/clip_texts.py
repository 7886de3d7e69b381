"""The text sides of networks that read prompts with CLIP alone: Stable Diffusion 1, 2 and XL."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from pipeline.networks.text_to_image.parts.condition import Condition, continued
from pipeline.networks.text_to_image.parts.unets import TEXT_EMBEDS
from pipeline.networks.text_to_image.texts.clip_tower import ClipTower, Reading
from pipeline.networks.text_to_image.texts.side import Texts, texts_by


def clip_texts(tower: ClipTower) -> Texts:
    """The text side of Stable Diffusion 1 and 2: one encoder, its tokens."""
    return texts_by(lambda text: Condition(sequence=tower(text).sequence))


def sdxl_texts(towers: Sequence[ClipTower], *, zeros_for_empty: bool = True) -> Texts:
    """The text side of SDXL: two encoders beside each other, or the second alone (the refiner).

    Podell et al. 2023, arXiv:2307.01952, section 2.1. With `zeros_for_empty` nothing but zeros
    stands for no prompt, as the base network was trained; else the empty text. A prompt goes on
    with the empty text beside a longer one either way: among its tokens zeros would take their
    part of attention, and give nothing.
    """

    def encode(text: str) -> Condition:
        readings = [tower(text) for tower in towers]
        sequence = beside(readings, towers)
        return Condition(sequence=sequence, vectors={TEXT_EMBEDS: readings[-1].whole})

    def nothing() -> Condition:
        read = encode("")
        assert read.sequence is not None
        vectors = {name: torch.zeros_like(vector) for name, vector in read.vectors.items()}
        return Condition(torch.zeros_like(read.sequence), None, vectors)

    def fill() -> Tensor:
        return beside([tower("") for tower in towers], towers)

    return texts_by(encode, nothing, fill) if zeros_for_empty else texts_by(encode)


def beside(readings: Sequence[Reading], towers: Sequence[ClipTower]) -> Tensor:
    """The tokens of several encoders in one vector each, `(L, D + D' + ...)`.

    Where one needed fewer rows than another, the empty prompt's follow.
    """
    length = max(len(reading.sequence) for reading in readings)
    return torch.cat(
        [
            reading.sequence
            if len(reading.sequence) == length
            else continued(reading.sequence, length, tower("").sequence)
            for reading, tower in zip(readings, towers, strict=True)
        ],
        dim=-1,
    )

"""Of which pictures the denoiser's training leaves the prompt out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.diffusion.schedule import cosine_schedule
from tests.tools.recipes import DENOISER
from tools.train.data import World
from tools.train.denoiser import DenoiserLoss
from tools.world.attributes import ATTRIBUTES, NONE, Attributes, encode
from tools.world.editions import THIRD


class Encoder:
    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        return torch.ones(len(texts), 16) / 4


class Listening:
    """A denoiser that keeps the embeddings that it is told."""

    schedule = cosine_schedule(1000)
    unet = torch.zeros(())

    def __init__(self) -> None:
        self.told: list[Tensor] = []

    def denoise(self, x: Tensor, t: Tensor, embedding: Tensor) -> Tensor:
        self.told.append(embedding)
        return x


def left_out(style: str) -> float:
    """The share of pictures in a style whose prompt is left out, of 400."""
    world = World(
        pictures=np.zeros((2, 24, 32, 3), np.uint8),
        inverse_depth=np.zeros((2, 24, 32), np.uint8),
        attributes=np.stack([encode(Attributes(style=style))] * 2).astype(np.int64),
        edition=THIRD,
    )
    listening: Any = Listening()
    DenoiserLoss(listening, Encoder(), [world], DENOISER)(400, torch.Generator().manual_seed(1))
    (told,) = listening.told
    return float((told == 0).all(dim=1).float().mean())


@pytest.mark.parametrize("style", ATTRIBUTES["style"])
def test_pictures_in_gouache_lose_their_prompt_at_times_and_others_never(style: str) -> None:
    wanted = DENOISER["prompt_dropout"] if style == NONE else 0.0
    assert left_out(style) == pytest.approx(wanted, abs=0.07)

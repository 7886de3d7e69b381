"""Prompts of decoders that are conditioned on embeddings of pictures: texts through a prior."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import CLIPVisionModelWithProjection

from keyframes.prompts import Prompt
from pipeline.files.pictures import read_picture
from pipeline.files.png import Pixels
from pipeline.networks.memory.offload import loaded_on
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.unclip.clip_reader import ClipReader
from pipeline.networks.text_to_image.unclip.prior import Prior, text_generator

IMAGE = "image_embeds"
"""The name of a picture's embedding among the vectors of a condition."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureReader:
    """A CLIP picture tower; its weights are on `device` only while it works."""

    processor: Any
    """What makes the tower's input of pixels."""
    tower: CLIPVisionModelWithProjection
    device: torch.device

    def __call__(self, picture: Pixels) -> Tensor:
        """The embedding `(D,)` of a picture: the square in its middle, scaled to the tower."""
        return self._seen(self.processor(images=picture, return_tensors="pt").pixel_values)

    def nothing(self) -> Tensor:
        """The embedding `(D,)` of zeros in the tower's input, of which no picture comes."""
        config: Any = self.tower.config
        side = int(config.image_size)
        return self._seen(torch.zeros(1, 3, side, side))

    @torch.no_grad()
    def _seen(self, values: Tensor) -> Tensor:
        with loaded_on(self.tower, self.device):
            seen: Tensor = self.tower(values.to(self.device, self.tower.dtype)).image_embeds
        return seen[0].float()


@dataclass(frozen=True, slots=True, eq=False)
class ImagePrompts:
    """A `TextSide` whose conditions are embeddings of pictures, one vector each.

    Texts go through the prior, pictures straight through the picture tower. Prompts are blended on
    the embeddings of pictures.
    """

    texts: ClipReader
    prior: Prior
    pictures: PictureReader

    def __call__(self, prompt: Prompt) -> Condition:
        """One prompt, whatever its weight, as `vectors` of the name `IMAGE`.

        Raises:
            ModelError: its text is longer than the text tower reads.
            PictureError: its file is no picture.
        """
        return Condition(vectors={IMAGE: self._embedded(prompt)})

    def empty(self) -> Condition:
        """The picture of nothing, from which the decoder was trained to lead away."""
        return Condition(vectors={IMAGE: self.pictures.nothing()})

    def _embedded(self, prompt: Prompt) -> Tensor:
        if prompt.image:
            return self.pictures(read_picture(Path(prompt.text)))
        text, empty = self.texts(prompt.text), self.texts("")
        return self.prior(text, empty, text_generator(prompt.text))

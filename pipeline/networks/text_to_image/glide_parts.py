"""GLIDE's networks as parts of a text-to-image network: what is asked at every step, what reads
prompts, and what finishes a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from pipeline.catalogue.prompt_reader import PromptReader
from pipeline.diffusion.noise import NoiseSource, standard_normal
from pipeline.networks.denoisers.guided_unet import COLOURS, GuidedUNet
from pipeline.networks.denoisers.sizes import check_sides
from pipeline.networks.memory.offload import loaded_on
from pipeline.networks.text_to_image.glide.text_transformer import GlideText
from pipeline.networks.text_to_image.glide.upsampler import GlideUpsampler
from pipeline.networks.text_to_image.texts.condition import Condition

TIME = "time"
"""Name of the vector of a whole prompt that is added to the embedding of the time."""

FINISHING, FINISHING_TIME = "finishing", "finishing_time"
"""Names of what the upsampler is conditioned on: its sequence, in one row, and its own vector."""


@dataclass(frozen=True, slots=True, eq=False)
class GlideBackbone:
    """The U-Net of the base network: a `Backbone` that predicts noise."""

    unet: GuidedUNet

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """The noise in `x`, `(N, 3, H, W)`, at timesteps `t` of the training, `(N,)`.

        Raises:
            ValueError: a side of `x` is not a multiple of what the levels of the U-Net halve.
        """
        check_sides(x, self.unet.config.size_multiple)
        output = self.unet(x, t, shift=condition.vectors[TIME], context=condition.sequence)
        # A learned variance follows the noise; samplers that are not ancestral have no use for it.
        noise: Tensor = output[:, :COLOURS]
        return noise


@dataclass(frozen=True, slots=True, eq=False)
class GlideReading:
    """Texts read by the transformers of the base network and of the upsampler, one each.

    The empty text is nothing but padding, which is what a fifth of the training was conditioned on
    (section 3.1). Weights are on `device` only while they work.
    """

    reader: PromptReader
    base: GlideText
    upsampler: GlideText | None
    device: torch.device

    def __call__(self, text: str) -> Condition:
        """What the networks are conditioned on by a text.

        Raises:
            ModelError: it is longer than the networks read.
            ValueError: a weight of its words makes no sense.
        """
        (ids,) = self.reader.rows([text])
        sequence, time = self._read(self.base, ids)
        vectors = {TIME: time}
        if self.upsampler is not None:
            finishing, vectors[FINISHING_TIME] = self._read(self.upsampler, ids)
            vectors[FINISHING] = finishing.flatten()
        return Condition(sequence, vectors=vectors)

    @torch.no_grad()
    def _read(self, text: GlideText, ids: Sequence[int]) -> tuple[Tensor, Tensor]:
        """The vectors of one prompt, `(L, D)` and `(E,)`."""
        with loaded_on(text, self.device):
            sequence, vector = text(torch.tensor([ids], device=self.device))
        return sequence[0], vector[0]


@dataclass(frozen=True, slots=True, eq=False)
class GlideFinish:
    """The upsampler as the last stage of a frame; its weights are on `device` while it works."""

    upsampler: GlideUpsampler
    text_length: int
    """Tokens of a prompt, padding included."""
    device: torch.device

    def __call__(
        self, x: Tensor, condition: Condition, noise: NoiseSource, size: tuple[int, int]
    ) -> Tensor:
        """The picture `(1, 3, H, W)` of `size`, (width, height), for a sample `(1, 3, h, w)`."""
        width, height = size
        white = standard_normal((1, x.shape[1], height, width), noise)
        given = condition.to(self.device, torch.float32)
        sequence = given.vectors[FINISHING].view(self.text_length, -1)
        with loaded_on(self.upsampler.unet, self.device):
            return self.upsampler(
                x, white.to(self.device), sequence[None], given.vectors[FINISHING_TIME][None]
            )

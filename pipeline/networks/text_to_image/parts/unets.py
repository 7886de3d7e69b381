"""The U-Nets of Stable Diffusion 1, 2 and XL, and of what was distilled from them, as `Backbone`s.

Attention is torch's own `scaled_dot_product_attention`, whose memory grows with the number of
places and not with its square, so that there is nothing to slice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor

from pipeline.networks.files.part_files import load_part
from pipeline.networks.memory.recompute import recomputed
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.place import Place

TEXT_EMBEDS = "text_embeds"
"""The vector of the whole prompt that SDXL's U-Nets take, as the second encoder projects it,
`(1280,)`."""

TIME_IDS = "time_ids"
"""The numbers about its picture that SDXL's U-Nets take beside it; `sizes_told`."""

SCORE = "aesthetic_score"
"""One number more, `(1,)`, that the refiner takes: how beautiful its picture is, from 0 to 10."""

GUIDANCE = 8.5
"""The guidance scale that a latent consistency model is told unless a scene says otherwise."""


Residuals = tuple[Sequence[Tensor], Tensor]
"""What is added to a U-Net's activations: to those kept on the way down, and in the middle."""

Controls = Callable[[Tensor, Tensor, Condition], Residuals | None]
"""What ControlNets make of what the U-Net is given; None where none of them is asked."""


PictureTokens = Callable[[Tensor, Mapping[str, Tensor]], list[Tensor]]
"""Embeddings of pictures as an IP-Adapter takes them, by x and a condition's vectors."""


def _uncontrolled(x: Tensor, t: Tensor, condition: Condition) -> None:
    return None


@dataclass(frozen=True, slots=True, eq=False)
class UNetBackbone:
    """A `UNet2DConditionModel` of diffusers; differentiable in `x`."""

    unet: UNet2DConditionModel
    guidance_scale: float = GUIDANCE
    """What a network distilled from classifier-free guidance is told of it (`time_cond_proj_dim`),
    at least 1; others are told nothing."""
    controls: Controls = _uncontrolled
    pictures: PictureTokens | None = None
    """What an IP-Adapter in the network gives it of pictures; None where there is none."""

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """What the network was trained to predict, `(N, C, h, w)`."""
        down, middle = self.controls(x, t, condition) or (None, None)
        output: Tensor = self.unet(
            x,
            t,
            encoder_hidden_states=condition.sequence,
            encoder_attention_mask=condition.mask,
            timestep_cond=self._guidance(x),
            added_cond_kwargs=self._added(x, condition.vectors),
            down_block_additional_residuals=down,
            mid_block_additional_residual=middle,
        ).sample
        return output

    def _added(self, x: Tensor, vectors: Mapping[str, Tensor]) -> dict[str, Any] | None:
        added = added_kwargs(vectors)
        if self.pictures is None:
            return added
        return {**(added or {}), "image_embeds": self.pictures(x, vectors)}

    def on_base(self, change: Callable[[UNetBackbone], UNetBackbone]) -> UNetBackbone:
        """This network changed by `change`."""
        return change(self)

    def _guidance(self, x: Tensor) -> Tensor | None:
        width = self.unet.config.time_cond_proj_dim
        if width is None:
            return None
        scales = torch.full((len(x),), self.guidance_scale, device=x.device)
        return guidance_embedding(scales, width).to(x.dtype)


def added_kwargs(vectors: Mapping[str, Tensor]) -> dict[str, Tensor] | None:
    """What SDXL's U-Nets take beside the prompt; None for those that take nothing."""
    numbers = [vectors[name] for name in (TIME_IDS, SCORE) if name in vectors]
    if TEXT_EMBEDS not in vectors or not numbers:
        return None
    return {TEXT_EMBEDS: vectors[TEXT_EMBEDS], TIME_IDS: torch.cat(numbers, dim=1)}


def guidance_embedding(scales: Tensor, width: int) -> Tensor:
    """Sines and cosines of guidance scales, `(N,)`, as `(N, width)` with an even width.

    Frequencies from 1 to 1/10000 of 1000 (w - 1), as latent consistency models take it (Luo et al.
    2023, arXiv:2310.04378, after Kingma et al. 2021).
    """
    half = width // 2
    exponents = torch.arange(half, device=scales.device) * (-math.log(10_000) / (half - 1))
    angles = 1000 * (scales[:, None] - 1) * exponents.exp()
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def sizes_told(size: tuple[int, int]) -> Mapping[str, Tensor]:
    """What SDXL's base is told of pictures of a width and a height in pixels.

    Podell et al. 2023, section 2.2, arXiv:2307.01952: the size of the picture before training
    scaled it, where it was cut out of that, and the size that is painted, height first. Here the
    picture is whole.
    """
    w, h = size
    return {TIME_IDS: torch.tensor([h, w, 0, 0, h, w], dtype=torch.float32)}


def load_unet(folder: Path, place: Place, part: str = "unet") -> UNet2DConditionModel:
    """The U-Net in a diffusers folder, with its weights at their home between its uses.

    Raises:
        ModelError: a file is missing, or does not fit.
    """
    return prepared(load_part(folder, part, UNet2DConditionModel, place.home, place.dtype), place)


def prepared(unet: UNet2DConditionModel, place: Place) -> UNet2DConditionModel:
    """`unet`; where it lies on another device than it works on, gradients recompute its blocks.

    Memory is short there.
    """
    if place.home.type != place.device.type:
        unet.enable_gradient_checkpointing(partial(recomputed, place.device))
    return unet

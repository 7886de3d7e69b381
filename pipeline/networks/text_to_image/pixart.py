"""PixArt: a transformer over latents that reads its prompt, encoded by T5, by cross-attention.

PixArt-alpha (Chen et al. 2023, arXiv:2310.00426) and PixArt-sigma (Chen et al. 2024,
arXiv:2403.04692) are one architecture; sigma reads longer prompts and has another autoencoder.

Convention:
    Latents are noised with constant variance, `x_t = alpha_t x_0 + sigma_t eps`; timesteps count
    from 0 (clean) to 999 (noise). What is predicted is eps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from diffusers import PixArtTransformer2DModel
from torch import Tensor

from pipeline.catalogue.pipelines import Family
from pipeline.catalogue.scheduler_file import SCHEDULER
from pipeline.catalogue.text_ports import check_text_ports
from pipeline.networks.denoisers.scheduler import read_trained_noise
from pipeline.networks.files.part_files import load_part
from pipeline.networks.memory.recompute import recomputed
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.latents import kl_space, load_vae
from pipeline.networks.text_to_image.parts.network import Size, TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.texts.load_t5 import load_pixart_text
from pipeline.networks.text_to_image.transformer_loras import NO_LORAS, transformer_adapters

RESOLUTION, ASPECT_RATIO = "resolution", "aspect_ratio"
"""The vectors of a condition that tell the shape of the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class PixArtBackbone:
    """The transformer of either PixArt; a `Backbone`."""

    transformer: PixArtTransformer2DModel

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """eps, `(N, C, h, w)`, without the variances that the network was trained to tell, too.

        `x` is `(N, C, h, w)`, its sides multiples of the transformer's patches; `t`, `(N,)`, is
        within 0 to 999.
        """
        _, channels, *_ = x.shape
        output: Tensor = self.transformer(
            x,
            encoder_hidden_states=condition.sequence,
            encoder_attention_mask=condition.mask,
            timestep=t,
            added_cond_kwargs={
                name: condition.vectors.get(name) for name in (RESOLUTION, ASPECT_RATIO)
            },
        ).sample
        return output[:, :channels]


def shape_told(transformer: PixArtTransformer2DModel, size: Size) -> dict[str, Tensor]:
    """The vectors that tell a transformer the `size` (width, height) of its pictures, in pixels.

    PixArt-alpha for 1024 x 1024 was trained on pictures of many shapes (section 2.4) and is told
    height and width, and their ratio; PixArt-sigma, and those for less, are told nothing.
    """
    if not transformer.use_additional_conditions:
        return {}
    width, height = size
    return {
        RESOLUTION: torch.tensor([float(height), float(width)]),
        ASPECT_RATIO: torch.tensor([height / width]),
    }


def load_pixart(
    folder: Path,
    place: Place,
    *,
    truncate: bool = False,
    loras: Mapping[str, Path] = NO_LORAS,
) -> TextToImage:
    """PixArt-alpha or PixArt-sigma in a diffusers folder.

    A prompt that is longer than the network reads is refused, or with `truncate` cut. A gradient
    recomputes the transformer block by block. Frames add `loras`, files by their names in the scene.

    Raises:
        ModelError: a file is missing or damaged, or does not fit.
    """
    check_text_ports(folder, Family.PIXART)
    transformer = _transformer(folder, place)
    backbone = PixArtBackbone(transformer)
    texts = load_pixart_text(folder, place, truncate=truncate)
    return TextToImage(
        backbone=backbone,
        module=transformer,
        texts=texts,
        adapt=transformer_adapters(lambda added: backbone, transformer, texts, loras),
        space=kl_space(load_vae(folder, place), place.device),
        noise=read_trained_noise(folder / "scheduler" / SCHEDULER),
        device=place.device,
        dtype=place.dtype,
        told=partial(shape_told, transformer),
        patch=transformer.config.patch_size,
    )


def _transformer(folder: Path, place: Place) -> PixArtTransformer2DModel:
    # PixArt-alpha was published before diffusers had a class of its own for it, and with the
    # caption that stood for none in its training, in the place of which T5 reads the empty text.
    transformer: PixArtTransformer2DModel = load_part(
        folder,
        "transformer",
        PixArtTransformer2DModel,
        place.home,
        place.dtype,
        also=["Transformer2DModel"],
        besides=["caption_projection.y_embedding"],
    )
    transformer.enable_gradient_checkpointing(partial(recomputed, place.device))
    return transformer

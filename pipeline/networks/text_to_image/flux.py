"""Flux: a transformer over latents in patches of 2 x 2, and the prompt beside them.

FLUX.1 dev and schnell by Black Forest Labs (2024). Positions are rotary embeddings (Su et al.
2021, arXiv:2104.09864) of row and column; prompts have none.

Convention:
    Flow matching: latents are noised to `x_s = (1 - s) x_0 + s eps` with s in [0, 1], of which the
    timestep is `1000 s`. What is predicted is the velocity `eps - x_0`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch
from diffusers import FluxTransformer2DModel
from torch import Tensor
from torch.nn.functional import pad, pixel_shuffle, pixel_unshuffle

from pipeline.catalogue.pipelines import Family
from pipeline.catalogue.scheduler_file import SCHEDULER
from pipeline.catalogue.text_ports import check_text_ports
from pipeline.diffusion.added import Added
from pipeline.networks.denoisers.scheduler import read_trained_noise
from pipeline.networks.files.part_files import load_part
from pipeline.networks.memory.recompute import recomputed
from pipeline.networks.text_to_image.lora_files import read_flux_lora
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.latents import kl_space, load_vae
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.texts.load_t5 import load_flux_text
from pipeline.networks.text_to_image.texts.t5_texts import POOLED
from pipeline.networks.text_to_image.transformer_loras import NO_LORAS, transformer_adapters

GUIDANCE = 3.5
"""The guidance at which dev's published examples are sampled."""

_PATCH = 2


@dataclass(frozen=True, slots=True, eq=False)
class FluxBackbone:
    """The transformer of FLUX.1; a `Backbone`."""

    transformer: FluxTransformer2DModel
    guidance_scale: float = GUIDANCE
    """How closely dev follows its prompt: a number that it is told, as it was distilled from
    networks under classifier-free guidance (Meng et al. 2022, arXiv:2210.03142). It takes no second
    pass. A network that was not taught so, such as schnell, is not told."""

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """The velocity, `(N, C, h, w)`, for `x`, `(N, C, h, w)`, and timesteps `t`, `(N,)`.

        h and w are even.
        """
        _, _, h, w = x.shape
        sequence = condition.sequence
        velocity: Tensor = self.transformer(
            hidden_states=packed(x),
            # In half precision the time is rounded, too, as in the publisher's code.
            timestep=t.to(x.dtype) / 1000,
            guidance=self._guidance(t),
            pooled_projections=condition.vectors[POOLED],
            encoder_hidden_states=sequence,
            txt_ids=torch.zeros(_length(sequence), 3, device=x.device),
            img_ids=positions(h // _PATCH, w // _PATCH, x.device),
        ).sample
        return unpacked(velocity, h // _PATCH)

    def adapted(self, added: Added) -> FluxBackbone:
        """This network, told the guidance scale of a frame, if that has one."""
        scale = added.distilled_cfg_scale
        return self if scale is None else replace(self, guidance_scale=scale)

    def _guidance(self, t: Tensor) -> Tensor | None:
        is_told = self.transformer.config.guidance_embeds
        return torch.full_like(t, self.guidance_scale) if is_told else None


def _length(sequence: Tensor | None) -> int:
    if sequence is None:
        raise ValueError("a condition without a sequence; Flux reads the tokens of its prompt")
    _, length, _ = sequence.shape
    return length


def packed(x: Tensor) -> Tensor:
    """Latents `(N, C, h, w)` as a sequence of patches, row by row, `(N, h w / 4, 4 C)`."""
    return pixel_unshuffle(x, _PATCH).flatten(2).mT


def unpacked(sequence: Tensor, rows: int) -> Tensor:
    """`packed` undone, for a sequence of `rows` rows of patches."""
    n, _, channels = sequence.shape
    return pixel_shuffle(sequence.mT.reshape(n, channels, rows, -1), _PATCH)


def positions(rows: int, columns: int, device: torch.device) -> Tensor:
    """The place of each patch, `(rows * columns, 3)`: 0, its row, its column."""
    # In float32: half precision does not count far.
    grid = torch.cartesian_prod(torch.arange(rows), torch.arange(columns))
    return pad(grid, (1, 0)).to(device, torch.float32)


def load_flux(
    folder: Path,
    place: Place,
    *,
    truncate: bool = False,
    guidance_scale: float = GUIDANCE,
    loras: Mapping[str, Path] = NO_LORAS,
) -> TextToImage:
    """FLUX.1 dev or schnell in a diffusers folder.

    A prompt that is longer than the network reads is refused, or with `truncate` cut.
    `guidance_scale` is what dev is told, see `FluxBackbone`; classifier-free guidance would come on
    top of it, and dev needs none. Frames add `loras`, files by their names in the scene. A gradient
    recomputes the transformer block by block.

    Raises:
        ModelError: a file is missing or damaged, or does not fit.
    """
    check_text_ports(folder, Family.FLUX)
    transformer = _transformer(folder, place)
    noise = read_trained_noise(folder / "scheduler" / SCHEDULER)
    backbone = FluxBackbone(transformer, guidance_scale)
    texts = load_flux_text(folder, place, truncate=truncate)
    return TextToImage(
        backbone=backbone,
        module=transformer,
        texts=texts,
        adapt=transformer_adapters(backbone.adapted, transformer, texts, loras, read_flux_lora),
        space=kl_space(load_vae(folder, place), place.device),
        # The file does not say that n steps end at one n-th; diffusers' pipeline does.
        noise=replace(noise, spacing="trailing"),
        device=place.device,
        dtype=place.dtype,
        patch=_PATCH,
    )


def _transformer(folder: Path, place: Place) -> FluxTransformer2DModel:
    transformer: FluxTransformer2DModel = load_part(
        folder, "transformer", FluxTransformer2DModel, place.home, place.dtype
    )
    transformer.enable_gradient_checkpointing(partial(recomputed, place.device))
    return transformer

"""Stable Diffusion 3 and 3.5: one sequence of picture and prompt through a joint transformer.

Esser et al. 2024, "Scaling Rectified Flow Transformers", arXiv:2403.03206.

Convention:
    Flow matching: latents are noised to `x_s = (1 - s) x_0 + s eps` with s in [0, 1], of which the
    timestep is `1000 s`. What is predicted is the velocity `eps - x_0`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from diffusers import SD3Transformer2DModel
from torch import Tensor

from pipeline.catalogue.pipelines import Family
from pipeline.catalogue.scheduler_file import SCHEDULER
from pipeline.catalogue.text_ports import check_text_ports
from pipeline.errors import ModelError
from pipeline.networks.denoisers.scheduler import read_trained_noise
from pipeline.networks.files.part_files import load_part
from pipeline.networks.memory.recompute import recomputed
from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.parts.latents import kl_space, load_vae
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.texts.load_t5 import load_sd3_text
from pipeline.networks.text_to_image.texts.t5_texts import POOLED
from pipeline.networks.text_to_image.transformer_loras import NO_LORAS, transformer_adapters


@dataclass(frozen=True, slots=True, eq=False)
class StableDiffusion3Backbone:
    """The transformer of Stable Diffusion 3 or 3.5; a `Backbone`."""

    transformer: SD3Transformer2DModel
    factor: int
    """Side in pixels of the square that a place of the latents stands for."""

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """The velocity, `(N, C, h, w)`, for `x`, `(N, C, h, w)`, and timesteps `t`, `(N,)`.

        The sides of `x` are multiples of the transformer's patches.

        Raises:
            ModelError: a side has more patches than the transformer knows positions.
        """
        self._check_sides(x)
        velocity: Tensor = self.transformer(
            hidden_states=x,
            timestep=t,
            encoder_hidden_states=condition.sequence,
            pooled_projections=condition.vectors[POOLED],
        ).sample
        return velocity

    def _check_sides(self, x: Tensor) -> None:
        *_, h, w = x.shape
        config, factor = self.transformer.config, self.factor
        most = config.pos_embed_max_size * config.patch_size
        if max(h, w) > most:
            raise ModelError(
                f"video.size: this denoiser knows positions for {most * factor} pixels a side, "
                f"found {w * factor}x{h * factor}; make the frames smaller, and enlarge them with "
                "output.upscale, or use another denoiser"
            )


def load_stable_diffusion_3(
    folder: Path,
    place: Place,
    *,
    truncate: bool = False,
    loras: Mapping[str, Path] = NO_LORAS,
) -> TextToImage:
    """Stable Diffusion 3 or 3.5 in a diffusers folder.

    A prompt that is longer than T5 reads is refused, or with `truncate` cut. A folder may be
    without T5 (`text_encoder_3`), whose part of a prompt is zeros then. A gradient
    recomputes the transformer block by block. Frames add `loras`, files by their names in the scene.

    Raises:
        ModelError: a file is missing or damaged, or does not fit.
    """
    check_text_ports(folder, Family.STABLE_DIFFUSION_3)
    transformer = load_part(folder, "transformer", SD3Transformer2DModel, place.home, place.dtype)
    transformer.enable_gradient_checkpointing(partial(recomputed, place.device))
    space = kl_space(load_vae(folder, place), place.device)
    backbone = StableDiffusion3Backbone(transformer, space.factor)
    texts = load_sd3_text(folder, place, truncate=truncate)
    return TextToImage(
        backbone=backbone,
        module=transformer,
        texts=texts,
        adapt=transformer_adapters(lambda added: backbone, transformer, texts, loras),
        space=space,
        noise=read_trained_noise(folder / "scheduler" / SCHEDULER),
        device=place.device,
        dtype=place.dtype,
        patch=transformer.config.patch_size,
    )

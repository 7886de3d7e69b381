"""Stable Diffusion 3 and 3.5: one sequence of picture and prompt through a joint transformer.

Esser et al. 2024, "Scaling Rectified Flow Transformers", arXiv:2403.03206.

Convention:
    Flow matching: latents are noised to `x_s = (1 - s) x_0 + s eps` with s in [0, 1], of which the
    timestep is `1000 s`. What is predicted is the velocity `eps - x_0`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from diffusers import SD3Transformer2DModel
from torch import Tensor

from pipeline.networks.denoisers.scheduler import read_trained_noise
from pipeline.networks.files.part_files import load_part
from pipeline.networks.text_to_image.latents import kl_space, load_vae
from pipeline.networks.text_to_image.network import TextToImage
from pipeline.networks.text_to_image.place import Place
from pipeline.networks.text_to_image.texts.condition import Condition
from pipeline.networks.text_to_image.texts.load_t5 import load_sd3_text
from pipeline.networks.text_to_image.texts.t5_texts import POOLED


@dataclass(frozen=True, slots=True, eq=False)
class StableDiffusion3Backbone:
    """The transformer of Stable Diffusion 3 or 3.5; a `Backbone`."""

    transformer: SD3Transformer2DModel

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """The velocity, `(N, C, h, w)`, for `x`, `(N, C, h, w)`, and timesteps `t`, `(N,)`.

        The sides of `x` are multiples of the transformer's patches and at most as many patches as
        it has positions, which is as its configuration says.
        """
        velocity: Tensor = self.transformer(
            hidden_states=x,
            timestep=t,
            encoder_hidden_states=condition.sequence,
            pooled_projections=condition.vectors[POOLED],
        ).sample
        return velocity


def load_stable_diffusion_3(folder: Path, place: Place, *, truncate: bool = False) -> TextToImage:
    """Stable Diffusion 3 or 3.5 in a diffusers folder.

    A prompt that is longer than T5 reads is refused, or with `truncate` cut. A folder may be
    without T5 (`text_encoder_3`), whose part of a prompt is zeros then.

    Raises:
        ModelError: a file is missing or damaged, or does not fit.
    """
    transformer = load_part(folder, "transformer", SD3Transformer2DModel, place.home, place.dtype)
    return TextToImage(
        backbone=StableDiffusion3Backbone(transformer),
        module=transformer,
        texts=load_sd3_text(folder, place.home, place.device, place.dtype, truncate=truncate),
        space=kl_space(load_vae(folder, place.home, place.dtype), place.device),
        noise=read_trained_noise(folder / "scheduler" / "scheduler_config.json"),
        device=place.device,
        dtype=place.dtype,
        patch=transformer.config.patch_size,
    )

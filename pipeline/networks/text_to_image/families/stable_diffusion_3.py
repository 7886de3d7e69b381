"""Stable Diffusion 3 and 3.5: one sequence of picture and prompt through a joint transformer.

Esser et al. 2024, "Scaling Rectified Flow Transformers", arXiv:2403.03206.

Convention:
    Flow matching: latents are noised to `x_s = (1 - s) x_0 + s eps` with s in [0, 1], of which the
    timestep is `1000 s`. What is predicted is the velocity `eps - x_0`.
"""

from __future__ import annotations

from dataclasses import dataclass

from diffusers import SD3Transformer2DModel
from torch import Tensor

from pipeline.networks.text_to_image.condition import Condition

POOLED = "pooled_projections"
"""The vector of a condition that tells the whole prompt: both CLIPs', one behind the other."""


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

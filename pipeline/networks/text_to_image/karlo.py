"""Karlo: unCLIP's prior, its decoder of small pictures, and a stage that enlarges them.

Kakao Brain's network follows Ramesh et al. 2022 (arXiv:2204.06125). Its folder holds `prior`,
`text_encoder`, `tokenizer`, `text_proj`, `decoder`, `super_res_first`, `super_res_last` and a
scheduler for each of the three samplings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, pad

from pipeline.diffusion.noise import NoiseSource, standard_normal
from pipeline.networks.memory.offload import loaded_on
from pipeline.networks.text_to_image.image_prompts import IMAGE
from pipeline.networks.text_to_image.karlo_texts import TEXT
from pipeline.networks.text_to_image.prior import spread_timesteps
from pipeline.networks.text_to_image.stage_noise import StageScheduler, sample_stage
from pipeline.networks.text_to_image.texts.condition import Condition

ENLARGING_STEPS = 7
"""Steps of the stage that enlarges."""


class TextProjection(nn.Module):
    """From CLIP's embeddings to what the decoder takes (section 2.1 of the paper).

    The embedding of the picture becomes a few tokens before those of the text, and with that of the
    text is added to the embedding of the timestep. Names of weights are those of published files.
    """

    def __init__(self, clip: int, context: int, time: int, tokens: int) -> None:
        super().__init__()
        self.tokens = tokens
        self.learned_classifier_free_guidance_embeddings = nn.Parameter(torch.zeros(clip))
        self.embedding_proj = nn.Linear(clip, time)
        self.clip_image_embeddings_project_to_time_embeddings = nn.Linear(clip, time)
        self.clip_extra_context_tokens_proj = nn.Linear(clip, tokens * context)
        self.encoder_hidden_states_proj = nn.Linear(clip, context)
        self.text_encoder_hidden_states_norm = nn.LayerNorm(context)

    def forward(self, picture: Tensor, text: Tensor, sequence: Tensor) -> tuple[Tensor, Tensor]:
        """Tokens `(N, tokens + L, context)`, and what is added to the timestep, `(N, time)`.

        `picture` and `text` are `(N, clip)`, `sequence` is `(N, L, clip)`.
        """
        of_picture = self.clip_image_embeddings_project_to_time_embeddings(picture)
        # The numbers of a token lie `tokens` apart in the projection.
        extra = self.clip_extra_context_tokens_proj(picture).unflatten(1, (-1, self.tokens)).mT
        read = self.text_encoder_hidden_states_norm(self.encoder_hidden_states_proj(sequence))
        return torch.cat([extra, read], 1), of_picture + self.embedding_proj(text)


@dataclass(frozen=True, slots=True, eq=False)
class KarloBackbone:
    """The decoder's U-Net with its projection, as a `Backbone`."""

    unet: Any
    projection: TextProjection

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """The noise in small pictures `(N, 3, h, w)`; the predicted variance is dropped."""
        assert condition.sequence is not None and condition.mask is not None, "KarloTexts has both"
        vectors = condition.vectors
        tokens, added = self.projection(vectors[IMAGE], vectors[TEXT], condition.sequence)
        mask = pad(condition.mask, (self.projection.tokens, 0), value=True)
        output: Tensor = self.unet(
            x, t, tokens, class_labels=added, attention_mask=mask, return_dict=False
        )[0]
        return output[:, : x.shape[1]]


@dataclass(frozen=True, slots=True, eq=False)
class Enlarging:
    """Karlo's last stage: it reads no prompt, and its last step has a network of its own.

    Its weights are on `device` while it works.
    """

    first: Any
    """`UNet2DModel` of 6 channels of all steps but the last."""
    last: Any
    scheduler: StageScheduler
    device: torch.device
    steps: int = ENLARGING_STEPS

    @torch.no_grad()
    def __call__(
        self, x: Tensor, condition: Condition, noise: NoiseSource, size: tuple[int, int]
    ) -> Tensor:
        """The pictures `(N, 3, H, W)` of small ones, `x`; `size` is (width, height) in pixels.

        All random numbers come from `noise`, so the same frame is finished the same way again.
        """
        width, height = size
        small = x.to(self.device).clamp(-1, 1)
        large = interpolate(
            small, (height, width), mode="bicubic", align_corners=False, antialias=True
        )
        start = standard_normal(large.shape, noise).to(large)
        times = spread_timesteps(self.scheduler.num_train_timesteps, self.steps)

        def ask(x: Tensor, t: int) -> tuple[Tensor, Tensor]:
            network = self.last if t == times[-1] else self.first
            seen = torch.cat([x, large], 1).to(network.dtype)
            with loaded_on(network, self.device):
                output: Tensor = network(seen, t, return_dict=False)[0].to(x.dtype)
            return output[:, : x.shape[1]], output[:, x.shape[1] :]

        return sample_stage(ask, start, self.scheduler, times, noise)

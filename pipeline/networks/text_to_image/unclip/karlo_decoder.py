"""Karlo's decoder: a U-Net of small pictures, and what it makes of CLIP's embeddings before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.unclip.image_prompts import IMAGE
from pipeline.networks.text_to_image.unclip.karlo_texts import TEXT


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

    @classmethod
    def from_config(cls, settings: Mapping[str, Any]) -> TextProjection:
        """The projection of a published `config.json`."""
        return cls(
            clip=settings["clip_embeddings_dim"],
            context=settings["cross_attention_dim"],
            time=settings["time_embed_dim"],
            tokens=settings["clip_extra_context_tokens"],
        )


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

"""The text sides of networks that read prompts with T5, alone or beside CLIP.

DeepFloyd IF and PixArt (Chen et al. 2023, arXiv:2310.00426) have T5 alone; Stable Diffusion 3
(Esser et al. 2024, arXiv:2403.03206, section 5.1.2) has two of CLIP's encoders before it, and Flux
takes the whole prompt from CLIP and its tokens from T5.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import pad

from pipeline.networks.text_to_image.parts.condition import Condition
from pipeline.networks.text_to_image.texts.clip_texts import beside
from pipeline.networks.text_to_image.texts.clip_tower import ClipTower
from pipeline.networks.text_to_image.texts.side import Texts, texts_by
from pipeline.networks.text_to_image.texts.t5_tower import T5Tower

POOLED = "pooled_projections"
"""The whole prompt as the transformers of Stable Diffusion 3 and Flux take it, by CLIP, `(K,)`."""


def if_texts(tower: T5Tower) -> Texts:
    """The text side of DeepFloyd IF, whose U-Net looks at padding too."""
    return texts_by(lambda text: Condition(sequence=tower(text)[0]))


def pixart_texts(tower: T5Tower) -> Texts:
    """The text side of PixArt, whose transformer looks at tokens only."""

    def encode(text: str) -> Condition:
        sequence, mask = tower(text)
        return Condition(sequence=sequence, mask=mask)

    return texts_by(encode)


def flux_texts(clip: ClipTower, t5: T5Tower) -> Texts:
    """The text side of Flux."""

    def encode(text: str) -> Condition:
        sequence, _ = t5(text)
        return Condition(sequence=sequence, vectors={POOLED: clip(text).whole})

    return texts_by(encode)


def sd3_texts(towers: Sequence[ClipTower], t5: T5Tower | None, *, width: int, length: int) -> Texts:
    """The text side of Stable Diffusion 3.

    CLIP's tokens come first, filled up with zeros to `width`, and T5's `length` ones follow; zeros
    where there is no T5. So T5's stay last where those of CLIP go on beside a longer prompt.
    """

    def tokens(text: str) -> Tensor:
        if t5 is None:
            return torch.zeros(length, width, device=towers[0].device)
        return t5(text)[0]

    def encode(text: str) -> Condition:
        readings = [tower(text) for tower in towers]
        seen, last = beside(readings, towers), tokens(text)
        sequence = torch.cat([pad(seen, (0, width - seen.shape[-1])), last])
        whole = torch.cat([one.whole for one in readings])
        return Condition(sequence, vectors={POOLED: whole}, tail=len(last))

    return texts_by(encode)

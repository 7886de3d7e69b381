"""Pictures painted by a text-to-image network as the frame loop paints them, without the loop."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image.frames import sampled


def painted(
    network: TextToImage,
    prompts: Sequence[Prompt],
    sampler: SamplerSpec,
    noise: Tensor,
    *,
    cfg_scale: float = 1.0,
    init: Tensor | None = None,
    seed: int = 0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """The sample in the network's space, `(1, C, h, w)`, from unit `noise` and an `init` there."""
    drawn = generator or torch.Generator().manual_seed(seed)
    return sampled(
        network, prompts, sampler, noise, init=init, cfg_scale=cfg_scale, generator=drawn
    )

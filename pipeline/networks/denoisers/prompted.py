"""A denoiser of embedded prompts with its text side: an encoder that makes the embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor, nn

from keyframes.prompts import Prompt
from pipeline.diffusion.guidance import with_schedule
from pipeline.networks.encoders.prompt_encoder import PromptEncoder
from pipeline.networks.memory.offload import offloaded
from pipeline.protocols import Denoiser, EmbeddedNetwork


@dataclass(frozen=True, slots=True, eq=False)
class EncoderPrompted:
    """A network told by an encoder, whose weights are on `device` while it works.

    A condition is the unit vector `(D,)` of the prompts.
    """

    network: EmbeddedNetwork
    text: PromptEncoder | None
    """None for a network that reads no prompts."""
    module: nn.Module
    """Holds all weights of the network, wherever they lie between its uses."""
    device: torch.device

    def for_steps(self, steps: int) -> Self:
        """On the schedule of so many steps."""
        return replace(self, network=self.network.for_steps(steps))

    def condition(self, prompts: Sequence[Prompt]) -> Tensor | None:
        """The direction of the weighted sum of the prompts."""
        return None if self.text is None else self.text.direction(prompts)

    def bind(self, *conditions: Tensor | None) -> Denoiser:
        """The denoiser for one prompt, or for one prompt a picture; None is no prompt."""
        bound = self.network.bind(_together(conditions))
        return with_schedule(bound.schedule, offloaded(bound, self.module, self.device))


def _together(conditions: Sequence[Tensor | None]) -> Tensor | None:
    """`(D,)` for one condition, `(N, D)` for several, zeros where there is no prompt."""
    if len(conditions) == 1:
        return conditions[0]
    told = next(one for one in conditions if one is not None)
    return torch.stack([torch.zeros_like(told) if one is None else one for one in conditions])

"""A denoiser of embedded prompts with its text side: an encoder that makes the embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor, nn

from keyframes.prompts import Prompt
from pipeline.diffusion.added import Added
from pipeline.diffusion.guidance import with_schedule
from pipeline.diffusion.noise import NoiseSource
from pipeline.diffusion.space import PIXELS
from pipeline.networks.encoders.prompt_encoder import PromptEncoder
from pipeline.networks.memory.offload import offloaded
from pipeline.protocols import Denoiser, EmbeddedNetwork, Space
from pipeline.spec.denoise import SamplerSpec


@dataclass(frozen=True, slots=True, eq=False)
class EncoderPrompted:
    """A network conditioned by an encoder; its weights are on `device` only while it works.

    A condition is the unit vector `(D,)` of the prompts.
    """

    network: EmbeddedNetwork
    text: PromptEncoder | None
    """Encoder of the prompts; None for a network that reads none."""
    module: nn.Module
    """Module of all weights of the network, on whichever device they lie between its uses."""
    device: torch.device

    def for_sampling(self, sampler: SamplerSpec, size: tuple[int, int]) -> Self:
        """This denoiser on the noise levels of a sampling, whatever the size of its pictures."""
        return replace(self, network=self.network.for_sampling(sampler))

    def adapted(self, added: Added) -> Self:
        """This denoiser: of what text-to-image networks are told it has no use for anything.

        Raises:
            ValueError: there are LoRAs or ControlNets.
        """
        if added.loras or added.shown:
            raise ValueError("LoRAs and ControlNets are for text-to-image networks")
        return self

    def apart(self, prompts: Sequence[Prompt]) -> list[tuple[float, Sequence[Prompt]]]:
        """Each prompt by itself, by its weight as a share of the largest one.

        Shares go from -1 to 1. The mean of two embeddings asks for half of each; apart, guidance
        exaggerates each prompt by its own share (Liu et al. 2022, arXiv:2206.01714).
        """
        most = max(abs(prompt.weight) for prompt in prompts)
        return [
            (prompt.weight / most, [replace(prompt, weight=1.0)])
            for prompt in prompts
            if prompt.weight
        ]

    def condition(self, prompts: Sequence[Prompt]) -> Tensor | None:
        """The unit vector `(D,)` along the weighted sum of the prompts; None without an encoder."""
        return None if self.text is None else self.text.direction(prompts)

    @property
    def space(self) -> Space:
        """Pixels."""
        return PIXELS

    def opposite(self, condition: Tensor) -> None:
        """None: what classifier-free guidance leads away from is no prompt at all."""

    def finished(
        self, x: Tensor, prompts: Sequence[Prompt], noise: NoiseSource, size: tuple[int, int]
    ) -> Tensor:
        """`x`, which is the picture."""
        return x

    def bind(self, *conditions: Tensor | None) -> Denoiser:
        """The denoiser for one prompt, or for one prompt a picture; None is no prompt."""
        bound = self.network.bind(_together(conditions))
        return with_schedule(bound.schedule, offloaded(bound, self.module, self.device))


def _together(conditions: Sequence[Tensor | None]) -> Tensor | None:
    """Conditions as one embedding: `(D,)` for one, `(N, D)` for several, zeros for no prompt."""
    if len(conditions) == 1:
        return conditions[0]
    known = next(one for one in conditions if one is not None)
    return torch.stack([torch.zeros_like(known) if one is None else one for one in conditions])

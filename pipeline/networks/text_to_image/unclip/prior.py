"""The prior of unCLIP: from what CLIP reads in a text to the embedding of a picture that shows it.

It is a diffusion over embeddings (Ramesh et al. 2022, section 2.2, arXiv:2204.06125), sampled
ancestrally in a few steps of its own with classifier-free guidance of its own. Its noise is drawn
from a generator that the text alone seeds, so that a text means the same picture in every frame.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

import torch
from diffusers import PriorTransformer
from pydantic import Field
from torch import Tensor

from pipeline.catalogue.config import ForeignConfig
from pipeline.diffusion.ddim import sample_ddim
from pipeline.diffusion.guidance import classifier_free, with_schedule
from pipeline.diffusion.noise import standard_normal
from pipeline.diffusion.schedule import NoiseSchedule, cosine_schedule
from pipeline.networks.memory.offload import loaded_on
from pipeline.networks.text_to_image.unclip.clip_reader import ReadText, stacked_texts

PRIOR_STEPS = 25
"""Steps of the prior's own sampling."""
PRIOR_SCALE = 4.0
"""Scale of the classifier-free guidance of the prior."""


class PriorScheduler(ForeignConfig):
    """`scheduler_config.json` of a prior: noise as `UnCLIPScheduler` of diffusers makes it."""

    class_name: Literal["UnCLIPScheduler"] = Field(alias="_class_name")
    num_train_timesteps: Annotated[int, Field(ge=2, le=100_000)] = 1000
    prediction_type: Literal["sample"]
    variance_type: Literal["fixed_small_log"] = "fixed_small_log"
    clip_sample: bool = True
    clip_sample_range: Annotated[float, Field(gt=0)] = 1.0

    def kept(self, embedding: Tensor) -> Tensor:
        """An estimate within the range that the prior was trained with."""
        bound = self.clip_sample_range
        return embedding.clamp(-bound, bound) if self.clip_sample else embedding


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """A prior network with the noise of its training, on `device` only while it works."""

    network: PriorTransformer
    scheduler: PriorScheduler
    device: torch.device
    steps: int = PRIOR_STEPS
    scale: float = PRIOR_SCALE

    def __call__(self, text: ReadText, empty: ReadText, generator: torch.Generator) -> Tensor:
        """The embedding `(D,)` of a picture that shows the text.

        Guidance leads away from `empty`; `generator` is of the CPU.
        """
        width = int(self.network.config.embedding_dim)
        x = standard_normal((1, width), generator).to(self.device)
        schedule = cosine_schedule(self.scheduler.num_train_timesteps)
        denoiser = with_schedule(schedule, self._denoise(schedule, text, empty))
        times = spread_timesteps(len(schedule), self.steps)
        with loaded_on(self.network, self.device):
            *_, last = sample_ddim(denoiser, x, times, eta=1.0, generator=generator)
            embedding: Tensor = self.network.post_process_latents(last.x.to(self.network.dtype))
        return embedding[0].float()

    def _denoise(
        self, schedule: NoiseSchedule, text: ReadText, empty: ReadText
    ) -> Callable[[Tensor, Tensor], Tensor]:
        pooled, tokens, mask = stacked_texts([text, empty], self.network.dtype)

        def both(x: Tensor, t: Tensor) -> Tensor:
            seen = x.to(self.network.dtype)
            answer: Tensor = self.network(seen, t, pooled, tokens, mask, return_dict=False)[0]
            return answer.to(x.dtype)

        guided = classifier_free(with_schedule(schedule, both), self.scale)
        return lambda x, t: self.scheduler.kept(guided(x, t))


def spread_timesteps(trained: int, steps: int) -> list[int]:
    """`steps` timesteps from `trained - 1` to 0, evenly spread and rounded, as unCLIP's are."""
    if steps == 1:
        return [trained - 1]
    return [round(place * (trained - 1) / (steps - 1)) for place in reversed(range(steps))]


def text_generator(text: str) -> torch.Generator:
    """A CPU generator that is seeded by a text, whatever the frame."""
    digest = hashlib.sha256(f"prior/{text}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)

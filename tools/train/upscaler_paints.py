"""Train the upscaler to paint: `python -m tools.train.upscaler_paints --start DIR ...`.

Of strokes and edges that a draft leaves open, the least error is their mean, which is soft. Here a
discriminator (`tools.train.discriminator`) grows up beside the upscaler, asks for a painting
instead, and lends its features for a perceptual loss. What holds the picture still stays
(`tools.train.upscaler_steady`, whose result this begins from).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from pipeline.networks.upscaler import UpscalerNetwork
from tools.train.discriminator import Discriminator, held, outdone, unlikeness
from tools.train.loop import Training
from tools.train.options import job_parser, read_job
from tools.train.precision import mixed_precision
from tools.train.upscaler import export
from tools.train.upscaler_steady import begun, fidelity, view_source
from tools.train.views import ViewSource


class Rivals(nn.Module):
    """An upscaler and its discriminator, which one optimiser and one checkpoint hold together."""

    def __init__(self, upscaler: UpscalerNetwork, discriminator: Discriminator) -> None:
        super().__init__()
        self.upscaler = upscaler
        self.discriminator = discriminator


class PaintingLoss:
    """The sum of both sides' losses; each has gradients for its own side's weights only."""

    def __init__(self, rivals: Rivals, source: ViewSource, config: dict[str, Any]) -> None:
        self._rivals = rivals
        self._source = source
        self._config = config

    def __call__(self, batch: int, generator: torch.Generator) -> Tensor:
        views = self._source.draw(batch, generator)
        with mixed_precision(views.small.device):
            painted = self._rivals.upscaler(views.small)
            # The second views would tell themselves by their resampling.
            adversarial, discerning = self._rivalry(painted[:batch], views.large[:batch])
        return fidelity(painted.float(), views, self._config) + adversarial + discerning

    def _rivalry(self, painted: Tensor, paintings: Tensor) -> tuple[Tensor, Tensor]:
        """The upscaler's loss and the discriminator's."""
        discriminator = self._rivals.discriminator
        real, fake = discriminator(paintings), discriminator(painted.detach())
        said = held(discriminator, painted)
        weights = self._config["weights"]
        adversarial: Tensor = weights["adversarial"] * outdone(said[-1], real[-1].detach())
        perceptual: Tensor = weights["perceptual"] * unlikeness(said[:-1], real[:-1])
        return adversarial + perceptual, outdone(real[-1], fake[-1])


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, or go on training, and export."""
    options = job_parser(__doc__, __file__).parse_args(arguments)
    job = read_job(options)
    source = view_source(job, *options.data)
    rivals = Rivals(begun(job), Discriminator(job.config["discriminator"]))
    rivals.to(job.device).to(memory_format=torch.channels_last)
    training = Training(rivals, PaintingLoss(rivals, source, job.config), job.recipe, job.out)
    training.run(lambda average, seen: export(average.upscaler, job.config, job.out / "upscaler"))


if __name__ == "__main__":
    main()

"""Train the upscaler to hold still: `python -m tools.train.upscaler_steady --start DIR ...`.

Beside the absolute error and its slopes' there is a loss on how differently two views of one
painting come out, a small motion of the camera apart (`tools.train.views`). First of all
`tools.train.drafts` has to make drafts of the paintings.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from pipeline.networks.upscaler import SCALE, WEIGHTS, UpscalerNetwork
from tools.train.drafts import read_drafts
from tools.train.export import load_weights
from tools.train.loop import Training
from tools.train.options import Job, job_parser, read_job
from tools.train.precision import mixed_precision
from tools.train.upscaler import export
from tools.train.views import Views, ViewSource, moved

_EDGE = 2 * SCALE
"""Pixels of a view's border that may have come from beyond the other view."""


def fidelity(painted: Tensor, views: Views, config: dict[str, Any]) -> Tensor:
    """The loss of enlargements `painted` `(2 N, 3, 8 h, 8 w)` of the drafts in `views`."""
    error = painted - views.large
    slopes = error.diff(dim=-1).abs().mean() + error.diff(dim=-2).abs().mean()
    first, second = painted.chunk(2)
    apart = (second - moved(first, views.ways))[..., _EDGE:-_EDGE, _EDGE:-_EDGE]
    unsteady: Tensor = config["steady_weight"] * apart.abs().mean()
    sloping: Tensor = config["slope_weight"] * slopes
    return error.abs().mean() + sloping + unsteady


class SteadyLoss:
    """Draws views, enlarges them, and says how far they are from their paintings and another."""

    def __init__(
        self, network: UpscalerNetwork, source: ViewSource, config: dict[str, Any]
    ) -> None:
        self._network = network
        self._source = source
        self._config = config

    def __call__(self, batch: int, generator: torch.Generator) -> Tensor:
        views = self._source.draw(batch, generator)
        with mixed_precision(views.small.device):
            painted = self._network(views.small)
        return fidelity(painted.float(), views, self._config)


def view_source(job: Job, folder: Path) -> ViewSource:
    """The views that a recipe asks for, of the paintings and drafts in a folder."""
    (world,), config = job.worlds, job.config
    shapes = config["side"], config["motion"], config["same_draft"]
    return ViewSource(world, read_drafts(folder, world), *shapes, job.device)


def begun(job: Job) -> UpscalerNetwork:
    """The network of a recipe, with the weights that it starts from, if any."""
    network = UpscalerNetwork(**job.config["model"])
    if job.start:
        load_weights(network, job.start / WEIGHTS)
    return network.to(job.device).to(memory_format=torch.channels_last)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, or go on training, and export."""
    options = job_parser(__doc__, __file__).parse_args(arguments)
    job = read_job(options)
    network, source = begun(job), view_source(job, *options.data)
    training = Training(network, SteadyLoss(network, source, job.config), job.recipe, job.out)
    training.run(lambda average, seen: export(average, job.config, job.out / "upscaler"))


if __name__ == "__main__":
    main()

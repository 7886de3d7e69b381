"""Train the starter's depth network: `python -m tools.train.depth --data DIR --out DIR`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from pipeline.networks.depth.folder import WEIGHTS, DepthNetwork
from tools.train.augment import add_some_noise, soften_some
from tools.train.data import World, pick
from tools.train.export import load_weights, save_json, save_weights
from tools.train.loop import Training
from tools.train.options import job_parser, read_job
from tools.train.precision import mixed_precision


class DepthLoss:
    """Draws pictures with their true inverse depth: absolute error, and that of its slopes."""

    def __init__(
        self,
        network: DepthNetwork,
        worlds: Sequence[World],
        config: dict[str, Any],
        device: torch.device,
    ) -> None:
        self._network = network
        self._worlds = worlds
        self._slope_weight: float = config["slope_weight"]
        self._margins: list[int] = config["margins"]
        self._device = device

    def __call__(self, batch: int, generator: torch.Generator) -> Tensor:
        world = pick(self._worlds, generator)
        indices = world.draw(batch, generator)
        pictures, truth = self._cut(
            world.pictures_at(indices), world.inverse_depth_at(indices), generator
        )
        if torch.rand((), generator=generator) < 0.5:
            pictures, truth = pictures.flip(-1), truth.flip(-1)
        pictures = add_some_noise(soften_some(pictures, generator), generator, most=0.15)
        with mixed_precision(self._device):
            estimate: Tensor = self._network(pictures.to(self._device))
        error = estimate.float() - truth.to(self._device)
        slopes = error.diff(dim=-1).abs().mean() + error.diff(dim=-2).abs().mean()
        return error.abs().mean() + self._slope_weight * slopes

    def _cut(
        self, pictures: Tensor, truth: Tensor, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """One random crop of `pictures` and `truth`.

        Crops differ in size: of one size alone, a network learns where in the picture things are,
        and is lost in any other.
        """
        *_, h, w = pictures.shape
        margin = self._margins[int(torch.randint(len(self._margins), (), generator=generator))]
        left, top = torch.randint(margin + 1, (2,), generator=generator).tolist()
        part = (..., slice(top, top + h - margin), slice(left, left + w - margin))
        return pictures[part], truth[part]


def export(network: DepthNetwork, config: dict[str, Any], out: Path) -> None:
    """Write the network in the format of `pipeline.networks.depth.folder`."""
    save_weights(network, out / WEIGHTS)
    save_json({**config["model"], **config["planes"]}, out / "config.json")


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, or go on training, and export."""
    job = read_job(job_parser(__doc__, __file__).parse_args(arguments))
    network = DepthNetwork(**job.config["model"])
    if job.start:
        load_weights(network, job.start / WEIGHTS)
    network.to(job.device)
    loss = DepthLoss(network, job.worlds, job.config, job.device)
    training = Training(network, loss, job.recipe, job.out)
    training.run(lambda average, seen: export(average, job.config, job.out / "depth"))


if __name__ == "__main__":
    main()

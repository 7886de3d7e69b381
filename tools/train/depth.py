"""Train the starter's depth network: `python -m tools.train.depth --data DIR --out DIR`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
import yaml
from torch import Tensor

from pipeline.models.depth import WEIGHTS, DepthNetwork
from tools.train.augment import add_some_noise, soften_some
from tools.train.data import World, open_world
from tools.train.export import save_json, save_weights
from tools.train.loop import Recipe, Training


class DepthLoss:
    """Draws pictures with their true inverse depth: absolute error, and that of its slopes."""

    def __init__(self, network: DepthNetwork, world: World, config: dict[str, Any]) -> None:
        self._network = network
        self._world = world
        self._slope_weight: float = config["slope_weight"]

    def __call__(self, batch: int, generator: torch.Generator) -> Tensor:
        indices = self._world.draw(batch, generator)
        pictures = self._world.pictures_at(indices)
        truth = self._world.inverse_depth_at(indices)
        if torch.rand((), generator=generator) < 0.5:
            pictures, truth = pictures.flip(-1), truth.flip(-1)
        pictures = add_some_noise(soften_some(pictures, generator), generator, most=0.15)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            error: Tensor = self._network(pictures).float() - truth
        slopes = error.diff(dim=-1).abs().mean() + error.diff(dim=-2).abs().mean()
        return error.abs().mean() + self._slope_weight * slopes


def export(network: DepthNetwork, config: dict[str, Any], out: Path) -> None:
    """Write the network in the format of `pipeline.models.depth`."""
    save_weights(network, out / WEIGHTS)
    save_json({**config["model"], **config["planes"]}, out / "config.json")


def main() -> None:
    """Train, or go on training, and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path(__file__).with_suffix(".yaml"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    config = yaml.safe_load(options.config.read_text())
    torch.manual_seed(config["recipe"]["seed"])
    network = DepthNetwork(**config["model"])
    loss = DepthLoss(network, open_world(options.data), config)
    training = Training(network, loss, Recipe(**config["recipe"]), options.out)
    training.run(lambda average, seen: export(average, config, options.out / "depth"))


if __name__ == "__main__":
    main()

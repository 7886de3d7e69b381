"""What every training script reads from its command line and its recipe file."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import yaml

from tools.train.data import World, open_worlds
from tools.train.loop import Recipe
from tools.world.editions import Edition


@dataclass(frozen=True, slots=True)
class Job:
    """One training: its recipe, its data, and where it goes."""

    config: dict[str, Any]
    recipe: Recipe
    worlds: tuple[World, ...]
    out: Path
    device: torch.device
    start: Path | None
    """Folder of a trained network to go on from; None begins with random weights."""

    @property
    def edition(self) -> Edition:
        """The edition of the data; of several, the one that has most."""
        return self.worlds[0].edition


def job_parser(description: str | None, script: str) -> argparse.ArgumentParser:
    """The options of every training; the recipe lies beside `script` if not given."""
    parser = argparse.ArgumentParser(description=(description or "").split("\n", 1)[0])
    parser.add_argument("--config", type=Path, default=Path(script).with_suffix(".yaml"))
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="painted data sets")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="go on from the network in this folder")
    parser.add_argument("--samples", type=int, help="instead of the recipe's number")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser


def read_job(options: argparse.Namespace) -> Job:
    """The job that `options`, of a parser made by `job_parser`, describe."""
    config = yaml.safe_load(options.config.read_text())
    if options.samples:
        config["recipe"]["samples"] = options.samples
    recipe = Recipe(**config["recipe"])
    # The weights' first values come from the global generator; everything else has its own.
    torch.manual_seed(recipe.seed)
    return Job(
        config=config,
        recipe=recipe,
        worlds=open_worlds(options.data),
        out=options.out,
        device=torch.device(options.device),
        start=options.start,
    )

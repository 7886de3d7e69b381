"""How well the depth network sees depth: `python -m tools.train.depth_check --depth DIR`.

Prints the correlation between 1 / z and the painter's inverse depth over held-out paintings; 1 / z
is a linear function of what the network says.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from pipeline.diffusion.image import to_tensor
from pipeline.networks.depth.folder import NetworkDepth, load_depth
from tools.train.zero_shot import FIRST_SEED
from tools.world.paint import paint


def correlation(depth: NetworkDepth, seed: int, width: int, height: int) -> float:
    """Pearson's correlation of 1 / z with the true inverse depth over one painting's pixels."""
    painting = paint(seed, width, height)
    estimate = 1 / depth(to_tensor(painting.picture))[0, 0].numpy()
    return float(np.corrcoef(estimate.ravel(), painting.inverse_depth.ravel())[0, 1])


def main() -> None:
    """Print mean and least."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--depth", type=Path, required=True)
    parser.add_argument("--count", type=int, default=64)
    parser.add_argument("--size", type=int, nargs=2, default=(96, 64))
    options = parser.parse_args()
    depth = load_depth(options.depth, torch.device("cpu"))
    values = [correlation(depth, FIRST_SEED + k, *options.size) for k in range(options.count)]
    mean, least = np.mean(values), min(values)
    print(f"correlation {mean:.3f} in the mean of {len(values)}, {least:.3f} at least")


if __name__ == "__main__":
    main()

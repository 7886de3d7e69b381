"""How well the depth network sees depth: `python -m tools.train.depth_check --depth DIR`.

Prints the correlation between 1 / z and the painter's inverse depth over held-out paintings; 1 / z
is a linear function of what the network says.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from pipeline.diffusion.image import to_tensor
from pipeline.networks.depth.folder import NetworkDepth, load_depth
from tools.world.held_out import held_out, held_out_parser
from tools.world.paint import Painting


def correlation(depth: NetworkDepth, painting: Painting) -> float:
    """Pearson's correlation of 1 / z with the true inverse depth over a painting's pixels."""
    estimate = 1 / depth(to_tensor(painting.picture))[0, 0].numpy()
    return float(np.corrcoef(estimate.ravel(), painting.inverse_depth.ravel())[0, 1])


def main() -> None:
    """Print mean and least."""
    parser = held_out_parser(__doc__, 64)
    parser.add_argument("--depth", type=Path, required=True)
    options = parser.parse_args()
    depth, (_, paintings) = load_depth(options.depth, torch.device("cpu")), held_out(options)
    values = [correlation(depth, painting) for painting in paintings]
    mean, least = np.mean(values), min(values)
    print(f"correlation {mean:.3f} in the mean of {len(values)}, {least:.3f} at least")


if __name__ == "__main__":
    main()

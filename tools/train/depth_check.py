"""How well the depth network sees depth: `python -m tools.train.depth_check --depth DIR`.

Prints the correlation between 1 / z and the painter's inverse depth over held-out paintings, where
there is something near and something far; 1 / z is a linear function of what the network says.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from pipeline.diffusion.image import to_tensor
from pipeline.networks.depth.folder import NetworkDepth, load_depth
from tools.world.held_out import held_out, held_out_parser
from tools.world.paint import Painting

LEAST_SPREAD = 0.02
"""Standard deviation of the inverse depth, of 0 to 1, below which a picture is a single plane, and
a correlation tells of its rounding."""


def correlation(depth: NetworkDepth, painting: Painting) -> float:
    """Pearson's correlation of 1 / z with the true inverse depth over a painting's pixels."""
    estimate = 1 / depth(to_tensor(painting.picture))[0, 0].numpy()
    return float(np.corrcoef(estimate.ravel(), painting.inverse_depth.ravel())[0, 1])


def main() -> None:
    """Print mean, low quantile and least."""
    parser = held_out_parser(__doc__, 64)
    parser.add_argument("--depth", type=Path, required=True)
    options = parser.parse_args()
    depth, (_, paintings) = load_depth(options.depth, torch.device("cpu")), held_out(options)
    deep = [painting for painting in paintings if painting.inverse_depth.std() > LEAST_SPREAD]
    values = [correlation(depth, painting) for painting in deep]
    print(
        f"correlation {np.mean(values):.3f} in the mean of {len(values)} that are no single plane, "
        f"{np.quantile(values, 0.05):.3f} in all but one of twenty, {min(values):.3f} at least"
    )


if __name__ == "__main__":
    main()

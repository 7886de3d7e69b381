"""Whether the scale of depth holds still: `python -m tools.bench.depth_pumping [--flights N]`.

Flies into held-out paintings, where what is seen grows by 2% with each frame and flickers as
rendered frames do, and prints how unevenly the depth of the same things changes from frame to
frame, under several ways to find its scale.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from pipeline.catalogue.facts import STARTER_FOLDERS
from pipeline.catalogue.publication import Role
from pipeline.diffusion.image import to_tensor
from pipeline.networks.depth.blend import blend_depth
from pipeline.networks.depth.folder import load_depth
from pipeline.networks.depth.scale import FIELD, steady
from pipeline.protocols import DepthEstimator
from tools.world.editions import OF_TODAY
from tools.world.paint import paint

WIDTH, HEIGHT = OF_TODAY.size
SHARES = [1.02**-frame for frame in range(24)]
"""Share of the painting's sides that each frame shows."""
FIRST_SEED = 100


def painted(seed: int) -> list[Tensor]:
    """A flight into a painting: its own inverse depth, `(1, 1, H, W)` in [0, 1]."""
    inverse = torch.from_numpy(paint(seed, 2 * WIDTH, 2 * HEIGHT).inverse_depth)[None, None]
    return [middle(inverse, share) for share in SHARES]


def estimated(seed: int) -> list[Tensor]:
    """Inverse depth in [0, 1] of a flight by the starter's network, in pictures that flicker."""
    picture = to_tensor(paint(seed, 2 * WIDTH, 2 * HEIGHT).picture)
    network = load_depth(STARTER_FOLDERS[Role.DEPTH], torch.device("cpu"))
    flicker = torch.Generator().manual_seed(seed)
    frames = []
    for share in SHARES:
        gain, offset = (torch.randn(2, generator=flicker) * 0.05).tolist()
        flickering = middle(picture, share) * (1 + gain) + offset
        frames.append(as_share(1 / network(flickering.clamp(-1, 1))))
    return frames


def middle(image: Tensor, share: float) -> Tensor:
    """The middle `share` of an image `(1, C, h, w)`, at the size of a frame."""
    window = torch.tensor([[[share, 0.0, 0.0], [0.0, share, 0.0]]])
    grid = affine_grid(window, [1, 1, HEIGHT, WIDTH], align_corners=False)
    return grid_sample(image, grid, mode="bilinear", align_corners=False)


def as_share(inverse: Tensor) -> Tensor:
    """1 / z as a share of the way from the far plane to the near one."""
    far, near = 1 / FIELD.far, 1 / FIELD.near
    return (inverse - far) / (near - far)


def disturbed(frames: Sequence[Tensor], seed: int) -> list[Tensor]:
    """`frames` with a random scale and shift each, of about a tenth, which networks leave open."""
    generator = torch.Generator().manual_seed(seed)
    draws = [torch.randn(2, generator=generator) * 0.1 for _ in frames]
    return [draw[0].exp() * p + draw[1] for p, draw in zip(frames, draws, strict=True)]


def fixed(p: Tensor) -> Tensor:
    """One scale for all pictures: right for a network that was trained to keep one."""
    return p.clamp(0, 1)


def min_max(p: Tensor) -> Tensor:
    """Inverse depth with each picture's least and greatest as 0 and 1."""
    return (p - p.amin()) / (p.amax() - p.amin())


def scaled(frames: Sequence[Tensor], scale: Callable[[Tensor], Tensor]) -> list[Tensor]:
    """Depth z of `frames`, inverse depth on any scale, between the planes of `FIELD`."""
    return [FIELD.depth(scale(p)) for p in frames]


def blended(some: Sequence[Tensor], others: Sequence[Tensor]) -> list[Tensor]:
    """Depth z of two estimators of such inverse depths, in equal shares."""
    blend = blend_depth([(0.5, _estimator_of(some)), (0.5, _estimator_of(others))])
    return [blend(p) for p in some]


def _estimator_of(answers: Sequence[Tensor]) -> DepthEstimator:
    rest = iter(answers)
    # Inverse depth is kept away from 0, which has no z.
    return lambda picture: 1 / (next(rest) + 10)


def pumping(depths: Sequence[Tensor]) -> float:
    """How unevenly the depth of the same things changes from frame to frame.

    The things are those that the last frame still shows; a motion passes them at a speed of 1 / z.
    The unit is per cent of the deviation of log z in a picture: a scale that makes all depth alike
    would be no remedy.
    """
    logs = [z.log() for z in depths]
    means = [
        middle(log_z, SHARES[-1] / share).mean().item()
        for log_z, share in zip(logs, SHARES, strict=True)
    ]
    spread = np.mean([log_z.std().item() for log_z in logs])
    return float(100 * np.diff(means).std() / spread)


def table(seeds: Sequence[int]) -> dict[str, tuple[float, float]]:
    """Mean pumping over flights, by way: of the starter's depth, and with each frame disturbed."""
    rows: dict[str, list[tuple[float, float]]] = {}
    for seed in seeds:
        estimates, truth = estimated(seed), painted(seed)
        both = [estimates, disturbed(estimates, seed)]
        other = [truth, disturbed(truth, -seed)]
        ways = {
            "the network's own": [scaled(frames, fixed) for frames in both],
            "each frame's extremes": [scaled(frames, min_max) for frames in both],
            "mean and deviation": [scaled(frames, steady) for frames in both],
            "a blend, so scaled": [blended(a, b) for a, b in zip(both, other, strict=True)],
        }
        for name, (plain, shaken) in ways.items():
            rows.setdefault(name, []).append((pumping(plain), pumping(shaken)))
    return {
        name: (float(np.mean([a for a, _ in pairs])), float(np.mean([b for _, b in pairs])))
        for name, pairs in rows.items()
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--flights", type=int, default=12)
    options = parser.parse_args()
    print(f"{'change of scale a frame, %':<28}{'starter':>10}{'disturbed':>12}")
    for name, (plain, shaken) in table(range(FIRST_SEED, FIRST_SEED + options.flights)).items():
        print(f"{name:<28}{plain:>10.2f}{shaken:>12.2f}")


if __name__ == "__main__":
    main()

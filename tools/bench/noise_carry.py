"""How well noise moves with a picture: `python -m tools.bench.noise_carry [--size 192 128]`.

Prints, after a chain of motions, the deviation of the noise, its largest correlation (of neighbours
along the axes and diagonals, and of one draw and the next), the share of particles kept a motion of
those that could be (1 in a pan, less where the picture shrinks), and the time of a motion.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from time import perf_counter

import numpy as np
import torch
from torch import Tensor

from pipeline.camera.maps import CameraMap, FlatMap, PinholeMap
from pipeline.diffusion.noise_field import NoiseField
from pipeline.scene.motion import matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMotion

DRAWS = 32


def ways(width: int, height: int) -> Mapping[str, CameraMap]:
    """Motions of one frame, by name: of a flat picture, and past a ball before a wall."""
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    ball = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2
    depth = torch.where(ball, 1.0, 2.0)[None, None]
    flat = {
        "pan 0.3": CameraMotion(translate_x=0.3),
        "zoom 1.06, roll 2": CameraMotion(zoom=1.06, roll=2.0),
        "zoom 1.01": CameraMotion(zoom=1.01),
        "zoom 0.98": CameraMotion(zoom=0.98),
        "roll 2": CameraMotion(roll=2.0),
    }
    deep = {
        "forward 6": CameraMotion(translate_z=6.0),
        "forward 6, yaw 0.5": CameraMotion(translate_z=6.0, rotate_y=0.5),
    }
    return {
        **{
            name: FlatMap(matrix_2d(one, width, height), width, height)
            for name, one in flat.items()
        },
        **{name: PinholeMap(depth, matrix_3d(one), 40.0) for name, one in deep.items()},
    }


def kept(field: NoiseField, moved: NoiseField, way: CameraMap) -> float:
    """The share of a field's particles that are there after a motion, of those that could be."""
    height, width = field.ids.shape
    x, y, z = way.forward(*(torch.from_numpy(p.ravel().copy()) for p in (field.x, field.y)))
    inside = (x > -0.5) & (x < width - 0.5) & (y > -0.5) & (y < height - 0.5) & (z > 0)
    return float(np.isin(moved.ids, field.ids).sum()) / int(inside.sum())


def largest_correlation(noise: Tensor) -> float:
    """Of noise `(draws, H, W)`: of neighbours, and of one draw and the next."""
    pairs = (
        (noise[..., 1:], noise[..., :-1]),
        (noise[:, 1:], noise[:, :-1]),
        (noise[:, 1:, 1:], noise[:, :-1, :-1]),
        (noise[:, 1:, :-1], noise[:, :-1, 1:]),
        (noise[1:], noise[:-1]),
    )
    return max(abs(float((one * other).mean())) for one, other in pairs)


def main() -> None:
    """Print one line for each motion."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, nargs=2, default=(192, 128))
    parser.add_argument("--motions", type=int, default=100)
    arguments = parser.parse_args()
    width, height = arguments.size
    for name, way in ways(width, height).items():
        field, shares, seconds = NoiseField.begin(0, width, height), [], 0.0
        for _ in range(arguments.motions):
            started = perf_counter()
            moved = field.carried(way.forward)
            seconds += perf_counter() - started
            shares.append(kept(field, moved, way))
            field = moved
        noise = torch.stack([field.normal(7, number) for number in range(DRAWS)])
        alone = len(np.unique(field.ids)) == field.ids.size
        print(
            f"{name:20} deviation {noise.std():.4f}  correlation {largest_correlation(noise):.4f}  "
            f"kept {np.mean(shares):.3f}  {1000 * seconds / arguments.motions:6.1f} ms  "
            f"{'all alone' if alone else 'SHARED'}",
            flush=True,
        )


if __name__ == "__main__":
    main()

"""Disco's box-shaped projection, against its formulas written out and its measured numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import grid_sample

from pipeline.camera.resample import SAMPLINGS
from pipeline.camera.warp import PROJECTIONS, warp_3d
from pipeline.scene.motion import matrix_3d
from pipeline.spec.camera import CameraMotion
from tests.pipeline.warp_scenes import (
    SIZES,
    hills,
    motion_of,
    noise,
    plane,
)


def disco_grid(depth: Tensor, motion: CameraMotion, fov: float) -> Tensor:
    """Its sampling grid, step by step, with row vectors as it has them."""
    z = depth[0, 0].double().numpy()
    height, width = z.shape
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    points = np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1)
    tx, ty, tz = motion.translate_x, motion.translate_y, motion.translate_z
    turns = motion.rotate_x, motion.rotate_y, motion.roll
    (cx, cy, cz), (sx, sy, sz) = (f(np.radians(turns)) for f in (np.cos, np.sin))
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    new = points @ (about_x @ about_y @ about_z) + np.array([-tx, ty, -tz]) / 200
    k = 1 / np.tan(np.radians(fov) / 2)
    offset = k * (new[:, :2] / new[:, 2:] - points[:, :2] / points[:, 2:])
    centres = [(2 * np.arange(size) + 1) / size - 1 for size in (width, height)]
    identity = np.stack(np.meshgrid(*centres), axis=-1)
    return torch.from_numpy(identity - offset.reshape(height, width, 2))[None]


@pytest.mark.parametrize("padding", ["border", "reflection", "zeros"])
@pytest.mark.parametrize("sampling", sorted(SAMPLINGS.keys() - {"crisp"}))
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_the_box_is_discos(height: int, width: int, sampling: str, padding: str) -> None:
    picture, depth = noise(height, width).double(), hills(height, width).double()
    motion = motion_of((11, -7, 9), (1.5, -2, 3))
    grid = disco_grid(depth, motion, 40)
    # Disco clamps too, and its black is 0.
    raw = grid_sample(picture + 1, grid, sampling, padding, align_corners=False) - 1
    found = warp_3d(
        picture,
        depth,
        matrix_3d(motion),
        40,
        projection="disco",
        padding=padding,
        sampling=sampling,
    )
    torch.testing.assert_close(found, raw.clamp(-1, 1), rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("motion", "u", "v"),
    [
        (motion_of((10, 0, 0)), -0.0916, 0.0),
        (motion_of((0, 10, 0)), 0.0, 0.0916),
        (motion_of(rotation=(1, 0, 0)), 0.0, 0.048),
        (motion_of(rotation=(0, 1, 0)), -0.048, 0.0),
    ],
)
def test_the_box_moves_its_middle_as_measured_in_disco(
    motion: CameraMotion, u: float, v: float
) -> None:
    """A pixel shows the place that lies opposite to the shift of its content."""
    x, y = PROJECTIONS["disco"](plane(101, 201), matrix_3d(motion), 40)
    assert float(x[0, 50, 100]) == pytest.approx(100 - u * 201 / 2, abs=0.02)
    assert float(y[0, 50, 100]) == pytest.approx(50 - v * 101 / 2, abs=0.02)


def test_the_box_approaches_as_measured_in_disco() -> None:
    """translate_z of 10 at depth 1.5: what is at the edge moves outward by 6.3 % of half a side."""
    x, _ = PROJECTIONS["disco"](plane(101, 201), matrix_3d(motion_of((0, 0, 10))), 40)
    assert float(x[0, 50, 200]) == pytest.approx(200 - 0.0632 * 201 / 2, abs=0.02)


def test_the_box_keeps_what_it_passes_on_the_near_plane() -> None:
    """Pushed outward by 1 / 1e-3, all but the middle, and not turned upside down."""
    x, y = PROJECTIONS["disco"](plane(25, 37, 1.0), matrix_3d(motion_of((0, 0, 300))), 40)
    assert (float(x[0, 12, 18]), float(y[0, 12, 18])) == pytest.approx((18, 12), abs=0.01)
    assert (x[0, :, 19:] < 0).all() and (x[0, :, :18] > 36).all()

"""The camera's geometry against kornia's, which is written by others and in another way."""

from __future__ import annotations

from math import radians, tan

import numpy as np
import pytest
import torch
from kornia.geometry import project_points, transform_points, unproject_points
from kornia.geometry.transform import get_rotation_matrix2d, warp_perspective
from torch import Tensor

from pipeline.camera.warp import PROJECTIONS, warp_2d
from pipeline.scene.motion import CameraMotion, matrix_2d, matrix_3d
from tests.pipeline.warp_scenes import motion_of, noise

HEIGHT, WIDTH = 30, 44
FOV = 50.0


def numbers(*values: float) -> Tensor:
    return torch.tensor([values], dtype=torch.float64)


@pytest.mark.parametrize("degrees", [-30.0, 0.0, 10.0])
@pytest.mark.parametrize("zoom", [0.8, 1.0, 1.3])
def test_a_turn_and_a_zoom_are_one_matrix(degrees: float, zoom: float) -> None:
    centre = numbers(WIDTH // 2, HEIGHT // 2)
    theirs = get_rotation_matrix2d(centre, numbers(degrees)[0], numbers(zoom, zoom))
    ours = matrix_2d(motion_of(rotation=(0.0, 0.0, degrees), zoom=zoom), WIDTH, HEIGHT)
    np.testing.assert_allclose(ours[:2], theirs[0].numpy(), rtol=0, atol=1e-12)


def test_a_flat_picture_moves_alike() -> None:
    motion = motion_of(translation=(3.0, -2.0, 0.0), rotation=(0.0, 0.0, 7.0), zoom=1.2)
    matrix = matrix_2d(motion, WIDTH, HEIGHT)
    picture = noise(HEIGHT, WIDTH).double()
    theirs = warp_perspective(
        picture,
        torch.from_numpy(matrix)[None],
        (HEIGHT, WIDTH),
        mode="bilinear",
        padding_mode="border",
        align_corners=True,
    )
    ours = warp_2d(picture, matrix, padding="border", sampling="bilinear")
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    "motion",
    [
        motion_of(translation=(10.0, -6.0, 0.0)),
        motion_of(translation=(0.0, 0.0, 40.0)),
        motion_of(rotation=(2.0, -3.0, 5.0)),
        motion_of(translation=(4.0, 3.0, 20.0), zoom=1.1),
    ],
)
def test_what_a_pixel_shows_is_projected_onto_it(motion: CameraMotion) -> None:
    """From where a pixel is read, a point of a wall goes through the lens, the motion, the lens."""
    depth = torch.full((1, 1, HEIGHT, WIDTH), 1.7, dtype=torch.float64)
    x, y = PROJECTIONS["pinhole"](depth, matrix_3d(motion), FOV)
    focal = HEIGHT / (2 * tan(radians(FOV) / 2))
    lens = numbers(focal, 0, (WIDTH - 1) / 2, 0, focal, (HEIGHT - 1) / 2, 0, 0, 1).view(1, 3, 3)
    read_at = torch.stack([x.flatten(), y.flatten()], dim=-1)
    before = unproject_points(read_at, depth.flatten()[:, None], lens)
    after = transform_points(torch.from_numpy(matrix_3d(motion))[None], before[None])[0]
    rows, columns = torch.meshgrid(torch.arange(HEIGHT), torch.arange(WIDTH), indexing="ij")
    pixels = torch.stack([columns.flatten(), rows.flatten()], dim=-1).double()
    torch.testing.assert_close(project_points(after, lens), pixels, rtol=0, atol=1e-6)

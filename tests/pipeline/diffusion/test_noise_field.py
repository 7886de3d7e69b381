"""Noise that moves with a picture stays white and normal, and goes where the picture goes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.camera.maps import FlatMap, PinholeMap
from pipeline.diffusion.noise_field import Forward, NoiseField
from pipeline.scene.motion import matrix_2d, matrix_3d
from pipeline.spec.camera import CameraMotion

WIDTH, HEIGHT = 48, 32


def flat(width: int = WIDTH, height: int = HEIGHT, **motion: float) -> Forward:
    """The way of a flat picture under one motion."""
    return FlatMap(matrix_2d(CameraMotion(**motion), width, height), width, height).forward


def deep(width: int, height: int, **motion: float) -> Forward:
    """The way of a ball before a wall under one motion of the camera."""
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    ball = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2
    depth = torch.where(ball, 1.0, 2.0)[None, None]
    return PinholeMap(depth, matrix_3d(CameraMotion(**motion)), fov=40.0).forward


def chained(field: NoiseField, forward: Forward, times: int) -> NoiseField:
    for _ in range(times):
        field = field.carried(forward)
    return field


def begun(width: int = WIDTH, height: int = HEIGHT, root: int = 3) -> NoiseField:
    return NoiseField.begin(root, width, height)


def test_a_camera_at_rest_keeps_every_particle() -> None:
    field = chained(begun(), flat(), 5)
    assert np.array_equal(field.ids, begun().ids)
    assert field.begun == WIDTH * HEIGHT


def test_motions_below_a_pixel_add_up() -> None:
    field = chained(begun(), flat(translate_x=0.3), 10)
    np.testing.assert_array_equal(field.ids[:, 3:], begun().ids[:, :-3])
    assert field.begun == (WIDTH + 3) * HEIGHT


def test_a_slow_pan_loses_the_edge_alone() -> None:
    field = begun()
    for _ in range(100):
        field = field.carried(flat(translate_x=0.3, translate_y=0.17))
    # Thirty columns and seventeen rows have come in by then; few particles are lost beside them.
    assert field.begun - WIDTH * HEIGHT < 1.1 * (30 * HEIGHT + 17 * WIDTH)


@pytest.mark.parametrize(
    ("motion", "least"),
    [
        ({"zoom": 1.06, "roll": 2.0}, 0.97),
        ({"roll": 2.0}, 0.93),
        ({"zoom": 1.01}, 0.9),
        ({"zoom": 0.98}, 0.9),
    ],
)
def test_most_of_what_stays_in_sight_is_kept(motion: dict[str, float], least: float) -> None:
    """Against the most there can be: all that the picture still shows, or all that it has room for.

    Where each pixel keeps only what falls into it, these are 0.85 and below.
    """
    forward, field, shares = flat(**motion), begun(), []
    for _ in range(20):
        x, y, _ = forward(*(torch.from_numpy(p.ravel()) for p in (field.x, field.y)))
        inside = (x > -0.5) & (x < WIDTH - 0.5) & (y > -0.5) & (y < HEIGHT - 0.5)
        field, earlier = field.carried(forward), field
        shares.append(np.isin(field.ids, earlier.ids).sum() / min(int(inside.sum()), x.numel()))
    assert np.mean(shares) > least


def test_noise_goes_where_the_camera_takes_the_picture() -> None:
    """A particle is within a pixel and a half of the place its pixel of the start has gone to."""
    forward, field = flat(zoom=1.06, roll=2.0), begun()
    x, y = (torch.from_numpy(p.ravel().copy()) for p in (field.x, field.y))
    for _ in range(8):
        field, (x, y, _) = field.carried(forward), forward(x, y)
    old = field.ids < WIDTH * HEIGHT
    row, column = np.nonzero(old)
    error = np.hypot(x.numpy()[field.ids[old]] - column, y.numpy()[field.ids[old]] - row)
    assert old.mean() > 0.3
    assert error.max() < 1.25
    assert np.sqrt((error**2).mean()) < 0.55


def test_what_the_subject_covers_is_gone_and_the_subject_keeps_its_noise() -> None:
    field = begun().carried(deep(WIDTH, HEIGHT, translate_x=20.0))
    ball = begun().ids[HEIGHT // 2, WIDTH // 2 - 5 : WIDTH // 2 + 5]
    assert np.isin(ball, field.ids).all()


CHAINS = {
    "zoom": flat(zoom=1.02, roll=0.5),
    "rotation": flat(roll=2.0),
    "back": flat(zoom=0.97),
}


@pytest.mark.parametrize("forward", CHAINS.values(), ids=CHAINS)
def test_no_two_pixels_ever_share_a_particle(forward: Forward) -> None:
    field, seen = begun(), set(range(WIDTH * HEIGHT))
    for _ in range(40):
        field, before = field.carried(forward), field
        new = set(field.ids.ravel().tolist()) - set(before.ids.ravel().tolist())
        assert len(np.unique(field.ids)) == WIDTH * HEIGHT
        assert not new & seen
        seen |= new
    assert field.begun == len(seen)


def correlations(noise: Tensor) -> dict[str, float]:
    """Of noise `(draws, H, W)`: of neighbours on axes and diagonals, and of successive draws."""
    pairs = {
        "across": (noise[..., 1:], noise[..., :-1]),
        "down": (noise[:, 1:], noise[:, :-1]),
        "falling": (noise[:, 1:, 1:], noise[:, :-1, :-1]),
        "rising": (noise[:, 1:, :-1], noise[:, :-1, 1:]),
        "draws": (noise[1:], noise[:-1]),
    }
    return {name: float((a * b).mean()) for name, (a, b) in pairs.items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    "forward",
    [
        flat(192, 128, zoom=1.06, roll=2.0),
        flat(192, 128, roll=2.0),
        deep(192, 128, translate_z=6.0, rotate_y=0.5),
    ],
    ids=["zoom", "rotation", "3d"],
)
def test_after_a_hundred_motions_noise_is_white_and_of_deviation_1(forward: Forward) -> None:
    """By 32 draws of 24576 pixels, among which correlations of white noise deviate by 0.0011."""
    field = chained(begun(192, 128), forward, 100)
    noise = torch.stack([field.normal(key) for key in range(32)])
    assert abs(noise.std() - 1) < 0.01
    assert abs(noise.mean()) < 0.01
    assert max(map(abs, correlations(noise).values())) < 0.01


def test_keys_and_roots_make_independent_noise_and_the_same_key_the_same() -> None:
    field = begun(256, 256)
    one, other = field.normal(1), field.normal(2)
    assert torch.equal(one, begun(256, 256).normal(1))
    assert abs((one * other).mean()) < 0.016
    assert one.dtype == torch.float32


def test_noise_is_normal_in_its_tails_too() -> None:
    noise = begun(512, 512).normal(2**64 - 1)
    for bound, share in ((1.0, 0.31731), (2.0, 0.04550), (3.0, 0.00270)):
        deviation = (share / noise.numel()) ** 0.5
        assert abs((noise.abs() > bound).double().mean() - share) < 4 * deviation
    assert abs((noise**4).mean() - 3) < 0.1


def test_arrays_bring_the_field_back_bit_for_bit() -> None:
    field = chained(begun(root=2**63 - 1), CHAINS["zoom"], 3)
    again = NoiseField.from_arrays(field.to_arrays())
    one, other = (chained(each, CHAINS["zoom"], 3) for each in (field, again))
    assert (one.root, one.begun) == (other.root, other.begun) == (2**63 - 1, one.begun)
    for name, values in one.to_arrays().items():
        assert np.array_equal(values, other.to_arrays()[name])
    assert again.seed is None
    seeded = chained(NoiseField.begin(1, 12, 8, seed=2**63 - 1), CHAINS["zoom"], 1)
    assert NoiseField.from_arrays(seeded.to_arrays()).seed == 2**63 - 1


def test_places_behind_the_camera_carry_nothing() -> None:
    def away(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return x / 0.0, y / 0.0, torch.zeros_like(x)

    field = begun().carried(away)
    assert not np.isin(field.ids, begun().ids).any()

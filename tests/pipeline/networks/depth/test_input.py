"""What depth networks are given: sizes, kernel, range."""

from __future__ import annotations

import json
from functools import partial

import cv2
import numpy as np
import pytest
import torch

from pipeline.networks.depth.architectures import DEPTH_ARCHITECTURES
from pipeline.networks.depth.input import DepthInput, dpt_input, minimal, square, upper_bound
from tests.pipeline.networks.seeded_depth import EXPECTED

METHODS = {"minimal": minimal, "upper_bound": upper_bound}
SIZES: dict[str, list[list[int]]] = json.loads((EXPECTED / "depth_sizes.json").read_text("utf-8"))


@pytest.mark.parametrize("method", SIZES)
def test_sizes_are_those_of_the_published_code(method: str) -> None:
    name, side = method.split()
    found = [
        [width, height, *reversed(METHODS[name](int(side), (height, width)))]
        for width, height, *_ in SIZES[method]
    ]
    assert found == SIZES[method]


def test_a_sliver_keeps_one_multiple() -> None:
    assert upper_bound(256, (4, 1000)) == (32, 256)
    assert minimal(384, (400, 2)) == (384, 32)


def test_a_square_has_no_proportions() -> None:
    assert square(256, (100, 900)) == (256, 256)


@pytest.mark.parametrize("size", [(32, 64), (96, 160)])
def test_pictures_are_resized_with_the_cubic_kernel_of_opencv(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).random((60, 100, 3), dtype=np.float32)
    picture = torch.from_numpy(pixels).permute(2, 0, 1)[None] * 2 - 1
    given = DepthInput(lambda _: size, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))(picture)
    wanted = cv2.resize(pixels, size[::-1], interpolation=cv2.INTER_CUBIC)
    np.testing.assert_allclose(given[0].permute(1, 2, 0).numpy(), wanted, atol=2e-5)


def test_channels_are_normalised_by_the_mean_and_deviation_of_each() -> None:
    given = DepthInput(partial(square, 32), (0.1, 0.2, 0.3), (0.5, 0.25, 2.0))
    white = given(torch.ones(1, 3, 8, 8, dtype=torch.float64))
    assert white.dtype == torch.float32
    torch.testing.assert_close(white.mean((0, 2, 3)), torch.tensor([1.8, 3.2, 0.35]))


def test_a_transformer_is_given_what_a_picture_holds() -> None:
    picture = torch.rand(1, 3, 32, 32) * 2 - 1
    torch.testing.assert_close(dpt_input(partial(square, 32))(picture), picture)


@pytest.mark.parametrize(
    ("name", "height", "width", "black"),
    [
        ("midas_v21_small", 128, 256, -2.118),
        ("midas_v21", 224, 384, -2.118),
        ("dpt_large", 384, 672, -1.0),
        ("dpt_hybrid", 384, 672, -1.0),
        ("dpt_swin2_tiny_256", 256, 256, -1.0),
    ],
)
def test_each_network_is_given_its_own(name: str, height: int, width: int, black: float) -> None:
    given = DEPTH_ARCHITECTURES[name].given(torch.full((1, 3, 720, 1280), -1.0))
    assert given.shape == (1, 3, height, width)
    assert given[0, 0].mean().item() == pytest.approx(black, abs=1e-3)

"""The upscaler: sizes, files, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.functional import interpolate

from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.errors import ModelError
from pipeline.files.png import Pixels
from pipeline.networks.upscaler import WEIGHTS, UpscalerNetwork, load_upscaler
from tests.pipeline.networks.tiny import CPU, write_json
from tools.train.export import save_weights


@pytest.fixture
def network() -> UpscalerNetwork:
    torch.manual_seed(0)
    return UpscalerNetwork(width=6, blocks=1).eval()


@pytest.fixture
def pixels() -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)


def save(folder: Path, network: UpscalerNetwork) -> Path:
    save_weights(network, folder / WEIGHTS)
    write_json(folder / "config.json", {"width": 6, "blocks": 1})
    return folder


def test_a_saved_network_enlarges_eight_times(
    tmp_path: Path, network: UpscalerNetwork, pixels: Pixels
) -> None:
    network.half().float()  # what the file keeps
    enlarged = load_upscaler(save(tmp_path, network), CPU).enlarge(pixels)
    assert enlarged.shape == (40, 56, 3)
    with torch.no_grad():
        expected = to_pixels(network(to_tensor(pixels)))
    np.testing.assert_array_equal(enlarged, expected)


def test_a_network_with_nothing_to_add_is_bicubic(network: UpscalerNetwork, pixels: Pixels) -> None:
    torch.nn.init.zeros_(network.paint.spread.weight)
    torch.nn.init.zeros_(network.paint.spread.bias)
    picture = to_tensor(pixels)
    expected = interpolate(picture, scale_factor=8, mode="bicubic", align_corners=False)
    torch.testing.assert_close(network(picture), expected)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"width": 7, "blocks": 1}, "width: found 7"),
        ({"width": 6}, "blocks: is missing"),
        ({"width": 6, "blocks": 1, "depth": 3}, "depth: unknown key"),
        ({"width": 9, "blocks": 1}, "has shape"),
    ],
)
def test_what_does_not_fit_is_named(
    tmp_path: Path, network: UpscalerNetwork, config: dict[str, int], words: str
) -> None:
    write_json(save(tmp_path, network) / "config.json", config)
    with pytest.raises(ModelError, match=words):
        load_upscaler(tmp_path, CPU)

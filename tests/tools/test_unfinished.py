"""Estimates of a denoiser in place of paintings."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from pipeline.networks.denoisers.unet_folder import load_denoiser
from tools.train.unfinished import Unfinished


@pytest.mark.slow
def test_a_share_of_the_pictures_is_estimates(trained_denoiser: Path) -> None:
    network = load_denoiser(trained_denoiser, torch.device("cpu"))
    pictures = torch.rand(4, 3, 40, 24) * 2 - 1
    shown = Unfinished(network, 0.5)(pictures, torch.Generator().manual_seed(0))
    again = Unfinished(network, 0.5)(pictures, torch.Generator().manual_seed(0))
    assert shown.shape == pictures.shape and not shown.requires_grad
    torch.testing.assert_close(shown, again)
    assert (shown[2:] == pictures[2:]).all() and shown.abs().max() <= 1
    assert (shown[:2] - pictures[:2]).abs().mean() > 0.1

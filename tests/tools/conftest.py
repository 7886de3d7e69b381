"""Painted data and networks trained on it for a moment, which later trainings begin from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.recipes import CLIP, DENOISER, arguments
from tools.train import clip, denoiser
from tools.world.dataset import Order, write_dataset


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two data sets, one wide and one tall."""
    folders = [tmp_path_factory.mktemp(name) for name in ("wide", "tall")]
    for folder, (width, height) in zip(folders, ((40, 24), (24, 40)), strict=True):
        write_dataset(Order(folder, 6, width, height, start_seed=3))
    return [str(folder) for folder in folders]


@pytest.fixture(scope="session")
def trained_clip(data: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clip")
    clip.main(arguments(folder, CLIP, data))
    return folder / "out" / "clip"


@pytest.fixture(scope="session")
def trained_denoiser(
    data: list[str], trained_clip: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("denoiser")
    denoiser.main([*arguments(folder, DENOISER, data), "--clip", str(trained_clip)])
    return folder / "out" / "denoiser"

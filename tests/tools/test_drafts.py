"""Drafts of paintings, and the trainings of an upscaler that read them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.functional import avg_pool2d

from pipeline.networks.denoisers.unet_folder import load_denoiser
from pipeline.networks.upscaler import load_upscaler
from tests.tools.recipes import PAINTS, STEADY, arguments
from tools.train import drafts, upscaler_paints, upscaler_steady
from tools.train.data import open_world
from tools.train.drafts import FILE, read_drafts, repainted
from tools.world.dataset import Order, write_dataset
from tools.world.paint import paint

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def large(
    trained_clip: Path, trained_denoiser: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Four paintings with a clean draft of each, and one of 2 steps."""
    folder = tmp_path_factory.mktemp("large")
    write_dataset(Order(folder, 4, 256, 128, start_seed=3))
    networks = ["--denoiser", str(trained_denoiser), "--clip", str(trained_clip)]
    drafts.main(["--data", str(folder), *networks, "--levels", "0", "2"])
    return folder


@pytest.mark.slow
def test_a_draft_of_no_steps_is_the_painting_and_one_of_some_is_not(large: Path) -> None:
    world = open_world(large)
    clean, rough = torch.from_numpy(np.array(read_drafts(large, world))).float()
    assert clean.shape == rough.shape == (4, 3, 16, 32)
    painting = avg_pool2d(world.pictures_at(np.arange(4)), 8)
    torch.testing.assert_close(clean, painting, atol=1e-3, rtol=0)
    assert (rough - painting).abs().mean() > 0.01
    assert rough.abs().max() <= 1


@pytest.mark.slow
def test_a_draft_is_a_function_of_the_noise(trained_denoiser: Path) -> None:
    denoiser, small = load_denoiser(trained_denoiser, CPU), torch.zeros(1, 3, 16, 32)
    made = [
        repainted(small, denoiser, torch.ones(1, 64), 2, torch.Generator().manual_seed(seed))
        for seed in (1, 1, 2)
    ]
    assert torch.equal(made[0], made[1])
    assert not torch.equal(made[0], made[2])


@pytest.mark.slow
def test_an_upscaler_holds_still_then_paints_and_goes_on_where_it_stopped(
    large: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steady, paints = tmp_path / "steady", tmp_path / "paints"
    for folder in (steady, paints):
        folder.mkdir()
    upscaler_steady.main(arguments(steady, STEADY, [str(large)]))
    begin = ["--start", str(steady / "out" / "upscaler")]
    upscaler_paints.main([*arguments(paints, PAINTS, [str(large)]), *begin])
    upscaler_paints.main([*arguments(paints, PAINTS, [str(large)]), *begin, "--samples", "16"])
    assert "continuing after 8 samples" in capsys.readouterr().out
    enlarged = load_upscaler(paints / "out" / "upscaler", CPU).enlarge(paint(1, 24, 16).picture)
    assert enlarged.shape == (128, 192, 3)


def test_paintings_without_drafts_and_with_too_few_are_named(tmp_path: Path) -> None:
    write_dataset(Order(tmp_path, 2, 64, 48, start_seed=3))
    world = open_world(tmp_path)
    with pytest.raises(SystemExit, match=r"drafts\.npy is missing; run `python -m tools\.train\.d"):
        read_drafts(tmp_path, world)
    np.save(tmp_path / FILE, np.zeros((1, 3, 3, 6, 8), np.float16))
    with pytest.raises(SystemExit, match=r"has 3 drafts of 2 paintings; run `python"):
        read_drafts(tmp_path, world)

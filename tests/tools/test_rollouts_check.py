from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.diffusion.image import to_tensor
from pipeline.diffusion.schedule import cosine_schedule
from pipeline.networks.denoisers.unet_folder import UNetDenoiser, load_denoiser
from tests.tools.test_rollouts import CPU, TINY, Painter, Texts
from tools.judge.stills import Wish
from tools.train import denoiser
from tools.train.data import open_world
from tools.train.rollouts_check import drift, report, report_stills, resting, rolled
from tools.world.dataset import Order, write_dataset
from tools.world.paint import paint


@pytest.fixture(scope="module")
def paintings() -> Tensor:
    return torch.cat([to_tensor(paint(seed, 48, 32).picture) for seed in (1, 2)])


def test_what_has_not_changed_has_not_drifted(paintings: Tensor) -> None:
    assert drift(paintings, paintings) == (
        "mean colour off by 0.00, chroma x 1.000, contrast x 1.000, sharpness x 1.00, "
        "0.0 levels from the painting"
    )


def test_drift_tells_grey_from_soft(paintings: Tensor) -> None:
    grey = paintings.mean(dim=1, keepdim=True).expand_as(paintings)
    assert "chroma x 0.00" in drift(grey, paintings)
    soft = torch.nn.functional.avg_pool2d(paintings, 3, 1, 1, count_include_pad=False)
    words = drift(soft, paintings)
    assert float(words.split("sharpness x ")[1].split(",")[0]) < 0.5
    assert float(words.split("chroma x ")[1].split(",")[0]) > 0.9


def test_pictures_roll_as_often_as_asked(paintings: Tensor) -> None:
    """A painter of grey, held by 0.8: each pass leaves four fifths of what is coarse."""
    painter = cast(UNetDenoiser, Painter(torch.zeros_like(paintings), cosine_schedule()))
    start = resting(paintings, torch.zeros(2, 64), 0.8)
    for passes in (0, 1, 3):
        means = rolled(painter, start, passes).mean(dim=(2, 3))
        expected = 0.8**passes * paintings.mean(dim=(2, 3))
        torch.testing.assert_close(means, expected, atol=0.05, rtol=0)


@pytest.mark.slow
def test_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(0)
    denoiser.export(denoiser.build_unet(TINY), [1.0] * 16, TINY, tmp_path / "network")
    tiny = load_denoiser(tmp_path / "network", CPU)
    write_dataset(Order(tmp_path / "world", 3, 48, 32, start_seed=3))
    report(tiny, Texts(), open_world(tmp_path / "world"), count=2, passes=1)
    report_stills(tiny, Texts(), [Wish("a tree", {"subject": "tree"})])
    lines = capsys.readouterr().out.splitlines()
    assert sum("1 frames, init_hold" in line for line in lines) == 2
    assert lines[-1].startswith("  stills: subject ") and " of 1; sharpness " in lines[-1]
    assert np.isfinite([float(line.split()[-2]) for line in lines if "one step" in line]).all()

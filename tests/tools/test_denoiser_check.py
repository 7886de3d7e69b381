"""How far a denoiser is: its errors, and what the judge sees in its stills."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import cv2
import pytest
import torch
from torch import Tensor

from pipeline.diffusion.guidance import with_schedule
from pipeline.diffusion.image import to_tensor
from pipeline.diffusion.schedule import cosine_schedule
from pipeline.networks.denoisers.unet_folder import UNetDenoiser
from pipeline.protocols import Denoiser
from tests.tools.test_rollouts import TINY, Texts
from tests.tools.test_training import CLIP, arguments
from tools.judge import stills
from tools.judge.stills import Gate, Wish
from tools.train import clip, denoiser, denoiser_check
from tools.train.denoiser_check import TIMESTEPS, clean_errors, embeddings_of
from tools.world.dataset import Order, write_dataset
from tools.world.editions import SHIPPED
from tools.world.paint import paint


class Grey:
    """A network that paints nothing."""

    schedule = cosine_schedule()

    def bind(self, embedding: Tensor | None) -> Denoiser:
        return with_schedule(self.schedule, lambda x, t: torch.zeros_like(x))


def pictures() -> Tensor:
    return torch.cat([to_tensor(paint(seed, 48, 32).picture) for seed in range(3)])


def test_errors_are_of_the_estimate_whatever_the_noise() -> None:
    """A painter of grey is off by the pictures themselves at every timestep."""
    shown = pictures()
    errors = clean_errors(cast(UNetDenoiser, Grey()), shown, None)
    assert list(errors) == list(TIMESTEPS)
    assert list(errors.values()) == pytest.approx([float(shown.square().mean())] * len(TIMESTEPS))


def test_two_prompts_are_embedded_half_and_half() -> None:
    wishes = [Wish("a castle", {}), Wish("a ship", {}, "yellow color scheme")]
    first, second = embeddings_of(Texts(), wishes)
    alone = Texts().encode_texts(["a castle", "a ship", "yellow color scheme"])
    torch.testing.assert_close(first, alone[0])
    torch.testing.assert_close(second, (alone[1] + alone[2]) / 2)


@pytest.mark.slow
def test_the_command_prints_errors_and_counts_and_writes_a_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_dataset(Order(tmp_path / "world", 4, 48, 32, start_seed=3))
    (tmp_path / "clip").mkdir()
    clip.main(arguments(tmp_path / "clip", CLIP, [str(tmp_path / "world")]))
    denoiser.export(denoiser.build_unet(TINY), [1.0] * 16, TINY, tmp_path / "network")
    prompts = tmp_path / "prompts.yaml"
    prompts.write_text("- [a castle, {subject: castle}]\n- [[a ship, all red], {subject: ship}]\n")
    monkeypatch.setitem(stills.GATES, SHIPPED, Gate(prompts, ()))  # type: ignore[misc]
    folders = {"denoiser": "network", "clip": "clip/out/clip", "data": "world"}
    options = [word for key, name in folders.items() for word in (f"--{key}", tmp_path / name)]
    sheet = tmp_path / "sheet.jpg"
    denoiser_check.main([*map(str, options), "--count", "2", "--sheet", str(sheet)])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0].strip() for line in lines[-3:]] == [
        "with captions", "without", "stills",
    ]  # fmt: skip
    assert " of 2)" in lines[-1]
    assert cv2.imread(str(sheet)) is not None

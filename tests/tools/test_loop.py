from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from tools.train.loop import Batch, Recipe, Training

RECIPE = Recipe(samples=160, batch=16, lr=0.05, warmup=48, ema=0.9, seed=7)
EVERY_STEP = replace(RECIPE, checkpoint_minutes=0.0)
State = dict[str, Tensor]


class Stop(Exception):
    """The power fails."""


class Network(nn.Module):
    """A linear layer behind a normalisation, whose state has an integer too."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(3)
        self.linear = nn.Linear(3, 1)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.linear(self.norm(x))
        return y


def regression(model: Network, noted: list[Tensor] | None = None) -> Batch:
    """The squared error of `model` as a sum of its inputs, on inputs that `noted` gets to keep."""

    def loss(batch: int, generator: torch.Generator) -> Tensor:
        x = torch.randn(batch, 3, generator=generator)
        if noted is not None:
            noted.append(x)
        error = model.forward(x) - x.sum(dim=1, keepdim=True)
        return error.square().mean()

    return loss


def training(
    out: Path, recipe: Recipe = EVERY_STEP, seed: int = 0, noted: list[Tensor] | None = None
) -> Training[Network]:
    torch.manual_seed(seed)
    model = Network()
    return Training(model, regression(model, noted), recipe, out)


def stop_at(samples: int) -> Callable[[nn.Module, int], None]:
    def when_saved(average: nn.Module, seen: int) -> None:
        if seen == samples:
            raise Stop

    return when_saved


def copied(model: nn.Module) -> State:
    return {key: value.clone() for key, value in model.state_dict().items()}


def assert_equal(a: nn.Module, b: nn.Module) -> None:
    for (key, left), right in zip(a.state_dict().items(), b.state_dict().values(), strict=True):
        assert torch.equal(left, right), key


@pytest.mark.parametrize("samples", [16, 64, 144])
def test_a_resumed_training_ends_bitwise_where_an_undisturbed_one_does(
    tmp_path: Path, samples: int
) -> None:
    whole_batches: list[Tensor] = []
    whole = training(tmp_path / "whole", RECIPE, noted=whole_batches)
    whole.run()
    with pytest.raises(Stop):
        training(tmp_path / "parts").run(stop_at(samples))
    # Other initial weights: what counts is the checkpoint.
    batches: list[Tensor] = []
    resumed = training(tmp_path / "parts", seed=1, noted=batches)
    assert resumed.seen == samples
    resumed.run()
    assert torch.equal(torch.stack(batches), torch.stack(whole_batches[samples // 16 :]))
    assert_equal(resumed.model, whole.model)
    assert_equal(resumed.average, whole.average)
    assert resumed.seen == whole.seen == 160


def test_another_seed_is_another_training(tmp_path: Path) -> None:
    one, other = training(tmp_path / "a"), training(tmp_path / "b", replace(RECIPE, seed=8))
    one.run()
    other.run()
    assert not torch.equal(one.model.linear.weight, other.model.linear.weight)


@pytest.mark.slow
def test_a_training_learns(tmp_path: Path) -> None:
    long = training(tmp_path, replace(RECIPE, samples=3200))
    long.run()
    x = torch.randn(64, 3, generator=torch.Generator().manual_seed(99))
    error = long.average.eval().forward(x) - x.sum(dim=1, keepdim=True)
    assert error.square().mean() < 0.1


def test_a_finished_training_does_nothing_more(tmp_path: Path) -> None:
    training(tmp_path).run()
    batches: list[Tensor] = []
    again = training(tmp_path, noted=batches)
    again.run()
    assert not batches
    assert again.seen == 160


def test_a_checkpoint_that_cannot_be_written_leaves_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(state: object, path: Path) -> None:
        path.write_bytes(b"half of")
        raise OSError("no space left on device")

    with pytest.raises(Stop):
        training(tmp_path).run(stop_at(32))
    with monkeypatch.context() as patch, pytest.raises(OSError, match="no space"):
        patch.setattr(torch, "save", fail)
        training(tmp_path).run()
    assert training(tmp_path).seen == 32


def test_the_average_follows_the_model_and_is_all_that_is_handed_out(tmp_path: Path) -> None:
    """Closed form: a = a + w (m - a), where w falls from 9/11 to 1 - ema; integers are copied."""
    run = training(tmp_path)
    expected = copied(run.model)
    seen_at: list[int] = []

    def when_saved(average: nn.Module, seen: int) -> None:
        step = seen // 16
        seen_at.append(seen)
        assert average is run.average
        for key, value in run.model.state_dict().items():
            weight = 1 - min(0.9, (1 + step) / (10 + step))
            moved = expected[key] + weight * (value - expected[key])
            expected[key] = moved if value.is_floating_point() else value.clone()
            torch.testing.assert_close(average.state_dict()[key], expected[key])

    run.run(when_saved)
    assert seen_at == list(range(16, 161, 16))
    assert not any(parameter.requires_grad for parameter in run.average.parameters())
    assert run.average.norm.num_batches_tracked == 10


def test_checkpoints_come_by_the_clock_and_at_the_end(tmp_path: Path) -> None:
    seen_at: list[int] = []
    training(tmp_path, RECIPE).run(lambda average, seen: seen_at.append(seen))
    assert seen_at == [160]


def test_the_progress_says_how_much_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Stop):
        training(tmp_path).run(stop_at(144))
    assert capsys.readouterr().out == ""
    training(tmp_path).run()
    resumed, last = capsys.readouterr().out.splitlines()
    assert resumed == "continuing after 144 samples"
    assert last.startswith("      160 of 160 samples  loss ")
    assert "lr 0.0e+00" in last


def test_the_learning_rate_rises_stays_and_falls_to_zero() -> None:
    recipe = Recipe(samples=1000, batch=10, lr=2.0, warmup=100, decay=0.4)
    rates = {0: 0.2, 40: 1.0, 90: 2.0, 300: 2.0, 600: 2.0, 700: 1.5, 800: 1.0, 1000: 0.0, 1010: 0.0}
    assert {seen: recipe.learning_rate(seen) for seen in rates} == pytest.approx(rates)


def test_more_samples_change_nothing_before_the_decay() -> None:
    short = Recipe(samples=1000, batch=10, lr=2.0, warmup=100, decay=0.4)
    long = replace(short, samples=5000)
    assert all(short.learning_rate(n) == long.learning_rate(n) for n in range(0, 601, 10))


def test_the_optimiser_steps_by_the_learning_rate(tmp_path: Path) -> None:
    """The first step of Adam moves every weight by the learning rate (Kingma & Ba 2015, 2.1)."""
    run = training(tmp_path, replace(EVERY_STEP, weight_decay=0.0))
    before = run.model.linear.weight.detach().clone()
    with pytest.raises(Stop):
        run.run(stop_at(16))
    moved = (run.model.linear.weight.detach() - before).abs()
    torch.testing.assert_close(moved, torch.full_like(moved, 0.05 * 16 / 48), rtol=1e-4, atol=0)

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import pi
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.diffusion.guidance import with_schedule
from pipeline.diffusion.schedule import NoiseSchedule, cosine_schedule
from pipeline.networks.denoisers.unet_folder import UNetDenoiser, load_denoiser
from pipeline.protocols import Denoiser
from tests.tools.recipes import ROLLOUTS
from tools.train import denoiser
from tools.train.data import World, open_world
from tools.train.loop import Recipe, Training
from tools.train.rolled import Habits, Rollout, begin, roll_on
from tools.train.rollouts import Pool, RolloutLoss, export
from tools.world.dataset import Order, write_dataset

CPU = torch.device("cpu")
MARGIN = int(ROLLOUTS["margin"])
RESTING = Habits(
    passes=3, start=550, steps=(1, 2), cfg=2.0, hold=(0.0,), still=1.0, zoom=1.1, roll=0, shift=0
)
ZOOMING = replace(RESTING, still=0.0, zoom=1.2)
FAR = (0, 3, 5)
"""Seeds of cameras that zoom by an eighth or more a pass, in or out."""
CONFIG: dict[str, Any] = {**ROLLOUTS, "pool": {"rollouts": 3, "pictures": 4, "every": 1}}
TINY = {"block": 4, "sample_size": [4, 8], "widths": [16, 64], "layers": 1, "prompt_scale": 16.0}


class Texts:
    """An encoder to which a text is its length."""

    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        lengths = torch.tensor([float(len(text)) for text in texts])
        return torch.nn.functional.normalize(torch.cos(lengths[:, None] * torch.arange(64)), dim=1)


@dataclass
class Painter:
    """A network that, whatever it is given, paints one set of pictures."""

    pictures: Tensor
    schedule: NoiseSchedule
    device: torch.device = CPU

    @property
    def unet(self) -> Painter:
        return self

    def bind(self, embedding: Tensor | None) -> Denoiser:
        return with_schedule(self.schedule, lambda x, t: torch.cat([self.pictures] * 2))


def painting_over(pictures: Tensor) -> UNetDenoiser:
    return cast(UNetDenoiser, Painter(pictures, cosine_schedule()))


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    write_dataset(Order(folder, 6, 40, 24, start_seed=3))
    return open_world(folder)


@pytest.fixture
def network(tmp_path: Path) -> UNetDenoiser:
    torch.manual_seed(0)
    folder = tmp_path / "network"
    denoiser.export(denoiser.build_unet(TINY), [1.0] * 16, TINY, folder)
    tiny = load_denoiser(folder, CPU)
    tiny.unet.requires_grad_(True)
    return tiny


def begun(world: World, habits: Habits, seed: int = 0) -> Rollout:
    paintings = world.pictures_at(np.arange(4))
    return begin(paintings, torch.zeros(4, 64), MARGIN, habits, generator(seed))


def middle(world: World) -> Tensor:
    return world.pictures_at(np.arange(4))[..., 4:-4, 4:-4]


def off(rollout: Rollout) -> float:
    """The squared error of the given pictures where the painting tells it."""
    target, known = rollout.target()
    return float(((rollout.given - target) * known).square().mean())


def test_at_rest_the_pictures_given_are_the_paintings_bit_for_bit(world: World) -> None:
    rollout = begun(world, RESTING)
    target, known = rollout.target()
    assert torch.equal(rollout.given, middle(world)) and torch.equal(target, middle(world))
    assert known.min() == 1


def test_a_pass_leaves_what_the_network_paints_in_levels(world: World) -> None:
    painted = 1.5 * torch.rand(4, 3, 16, 32, generator=generator())
    rollout = roll_on(begun(world, RESTING), painting_over(painted), RESTING, generator())
    levels = (rollout.given + 1) * 127.5
    torch.testing.assert_close(levels, levels.round())
    torch.testing.assert_close(rollout.given, painted.clamp(max=1), atol=1 / 255, rtol=0)
    assert rollout.done == 1


def test_what_is_held_is_coarse_and_comes_from_the_picture_given(world: World) -> None:
    grey, holding = torch.zeros(4, 3, 16, 32), replace(RESTING, hold=(0.8,))
    rollout = roll_on(begun(world, holding), painting_over(grey), holding, generator())
    means = middle(world).mean(dim=(2, 3))
    torch.testing.assert_close(rollout.given.mean(dim=(2, 3)), 0.8 * means, atol=0.05, rtol=0.05)


@pytest.mark.parametrize("seed", FAR)
def test_the_target_moves_with_the_camera(world: World, seed: int) -> None:
    """A network that paints the truth is off by the warps alone; a resting target is far off."""
    rollout = begun(world, ZOOMING, seed)
    for _ in range(rollout.passes):
        truth, _ = rollout.target()
        rollout = roll_on(rollout, painting_over(truth), ZOOMING, generator())
    elsewhere = replace(rollout, motion=np.linalg.inv(rollout.motion))
    assert off(rollout) < 0.02 < off(elsewhere)


@pytest.mark.parametrize("seed", FAR)
def test_no_target_is_an_enlarged_painting(world: World, seed: int) -> None:
    """Zooming in ends at the painting's own view; zooming out leaves from there."""
    rollout = begun(world, ZOOMING, seed)
    grows = rollout.motion[0, 0] > 1
    at_home = replace(rollout, done=rollout.passes if grows else -1)
    torch.testing.assert_close(at_home.target()[0], middle(world), atol=1e-3, rtol=0)
    farthest, known = replace(rollout, done=-1 if grows else rollout.passes).target()
    # From farther away the painting ends within the frame, and there nothing is known.
    assert known.min() == 0 and known[..., 8, 16] == 1
    assert not torch.allclose(farthest, middle(world), atol=0.1)


def test_cameras_zoom_both_ways(world: World) -> None:
    assert {bool(begun(world, ZOOMING, seed).motion[0, 0] > 1) for seed in FAR} == {True, False}


def test_noise_turns_and_stays_white(world: World) -> None:
    rollout = begun(world, RESTING)
    for turn, likeness in ((0.0, 1.0), (pi / 3, 0.5), (pi / 2, 0.0)):
        noise = replace(rollout, turn=turn).turned_noise(generator(5))
        assert float(noise.std()) == pytest.approx(1, abs=0.05)
        assert float((noise * rollout.noise).mean()) == pytest.approx(likeness, abs=0.05)


def test_a_pool_holds_rollouts_of_every_depth(world: World, network: UNetDenoiser) -> None:
    pool = Pool(network, Texts(), [world], CONFIG)
    depths = set()
    for seed in range(24):
        pool.go_on(generator(seed))
        rollout = pool.draw(generator(seed))
        assert 0 <= rollout.done <= rollout.passes <= 2
        assert rollout.given.shape == (4, 3, 16, 32) and not rollout.given.requires_grad
        depths.add(rollout.done)
    assert depths == {0, 1, 2}


def test_the_loss_is_a_function_of_the_weights_and_the_generators(
    world: World, network: UNetDenoiser
) -> None:
    losses = []
    for _ in range(2):
        loss = RolloutLoss(network, Texts(), [world], CONFIG)
        losses.append([float(loss(4, generator(seed)).detach()) for seed in range(5)])
    assert losses[0] == losses[1]
    assert len(set(losses[0])) == 5


def test_beyond_the_painting_nothing_is_asked(world: World, network: UNetDenoiser) -> None:
    """The paintings' known part decides: with none, nothing is wrong."""
    loss = RolloutLoss(network, Texts(), [world], CONFIG)
    rollout = begun(world, RESTING)
    far = np.array([[1.0, 0.0, 500.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert float(loss.mending(rollout, 4, generator()).detach()) > 0
    assert float(loss.mending(replace(rollout, motion=far), 4, generator()).detach()) == 0


@pytest.mark.slow
def test_the_loss_falls(world: World, network: UNetDenoiser, tmp_path: Path) -> None:
    def mended() -> float:
        loss = RolloutLoss(network, Texts(), [world], CONFIG)
        rollout = begun(world, RESTING, seed=1)
        with torch.no_grad():
            return sum(float(loss.mending(rollout, 4, generator(seed))) for seed in range(8))

    before = mended()
    recipe = Recipe(samples=640, batch=8, lr=3e-3, warmup=8)
    loss = RolloutLoss(network, Texts(), [world], CONFIG)
    Training(network.unet, loss, recipe, tmp_path / "out").run()
    assert mended() < 0.5 * before


def test_the_exported_folder_is_the_first_one_with_other_weights(
    network: UNetDenoiser, tmp_path: Path
) -> None:
    start, out = tmp_path / "network", tmp_path / "out"
    with torch.no_grad():
        for parameter in network.unet.parameters():
            parameter.add_(1.0)
    export(network.unet, start, out)
    for name in ("discoreel.json", "unet/config.json", "scheduler/scheduler_config.json"):
        assert json.loads((out / name).read_text()) == json.loads((start / name).read_text())
    after = load_denoiser(out, CPU).unet.state_dict()
    for name, value in network.unet.state_dict().items():
        torch.testing.assert_close(after[name], value, atol=2e-3, rtol=2e-3)

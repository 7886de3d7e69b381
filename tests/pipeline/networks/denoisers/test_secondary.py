"""The secondary model against the reference; tools/references has the reference's side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.errors import ModelError
from pipeline.networks.denoisers.secondary import SecondaryModel, SecondaryNetwork, load_secondary
from tests.pipeline.networks.published import CPU, EXPECTED, save_seeded
from tools.references.secondary import FILE, levels, pictures
from tools.references.seeded import relative_error, seeded_noise

TOLERANCE = 1e-5


@pytest.fixture
def secondary(tmp_path: Path) -> SecondaryModel:
    return load_secondary(save_seeded(tmp_path / "secondary.pth", SecondaryNetwork), CPU)


@pytest.mark.slow
def test_estimate_and_gradient_are_those_of_the_reference(secondary: SecondaryModel) -> None:
    with np.load(EXPECTED / FILE) as arrays:
        expected = dict(arrays)
    x = pictures().requires_grad_()
    alpha, sigma = (level.view(-1, 1, 1, 1) for level in levels())
    denoised = secondary(x, alpha, sigma)
    direction = seeded_noise("direction", denoised.shape)
    (gradient,) = torch.autograd.grad((denoised * direction).sum(), x)
    assert relative_error(expected, "denoised", denoised.detach()) < TOLERANCE
    assert relative_error(expected, "gradient", gradient) < TOLERANCE


def test_the_network_has_its_published_size_and_keys(secondary: SecondaryModel) -> None:
    state = secondary.network.state_dict()
    assert sum(value.numel() for value in state.values()) == 13_841_547
    shapes = {key: tuple(value.shape) for key, value in state.items()}
    assert shapes["timestep_embed.weight"] == (8, 1)
    assert shapes["net.0.0.weight"] == (64, 19, 3, 3)
    assert shapes["net.2.main.1.0.weight"] == (128, 64, 3, 3)
    assert shapes["net.4.weight"] == (3, 64, 3, 3)
    assert secondary.size_multiple == 32


def test_a_loaded_network_is_frozen(secondary: SecondaryModel) -> None:
    assert not secondary.network.training
    assert not any(parameter.requires_grad for parameter in secondary.network.parameters())


def test_each_picture_has_its_own_noise_level() -> None:
    torch.manual_seed(1)
    model = SecondaryModel(SecondaryNetwork((8, 8, 8)))
    x = seeded_noise("pictures", (2, 3, 4, 8))
    alpha, sigma = (level.view(-1, 1, 1, 1) for level in levels())
    together = model(x, alpha, sigma)
    for k in range(2):
        alone = model(x[k : k + 1], alpha[k : k + 1], sigma[k : k + 1])
        torch.testing.assert_close(together[k : k + 1], alone)


def test_another_network_is_refused(tmp_path: Path) -> None:
    path = save_seeded(tmp_path / "v1.pth", lambda: SecondaryNetwork((64, 128, 256, 512)))
    with pytest.raises(ModelError) as caught:
        load_secondary(path, CPU)
    head, *_, remedy = str(caught.value).splitlines()
    assert head == f"{path}: does not fit the secondary model (secondary_model_imagenet_2):"
    assert remedy == "pull the model again, or guide without a secondary model"


def test_a_picture_that_cannot_be_halved_is_refused() -> None:
    model = SecondaryModel(SecondaryNetwork((8, 8, 8)))
    level = torch.full((1, 1, 1, 1), 0.5**0.5)
    with pytest.raises(ValueError) as error:
        model(torch.zeros(1, 3, 8, 10), level, level)
    assert str(error.value) == "a picture of 10x8; this network takes multiples of 4"

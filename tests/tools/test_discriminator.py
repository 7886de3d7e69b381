from __future__ import annotations

from math import log

import pytest
import torch

from tools.train.discriminator import Discriminator, held, outdone, unlikeness


@pytest.fixture
def discriminator() -> Discriminator:
    torch.manual_seed(0)
    return Discriminator([4, 8])


def test_each_width_halves_the_map_and_the_last_features_are_scores(
    discriminator: Discriminator,
) -> None:
    shapes = [said.shape for said in discriminator(torch.rand(2, 3, 16, 24))]
    assert shapes == [(2, 4, 8, 12), (2, 8, 4, 6), (2, 1, 4, 6)]


def test_one_held_says_the_same_and_learns_nothing(discriminator: Discriminator) -> None:
    pictures = torch.rand(2, 3, 16, 16).requires_grad_()
    discriminator.eval()
    said = held(discriminator, pictures)
    torch.testing.assert_close(said, discriminator(pictures))
    said[-1].sum().backward()
    assert pictures.grad is not None and pictures.grad.abs().sum() > 0
    assert all(weight.grad is None for weight in discriminator.parameters())


def test_to_be_even_costs_the_logarithm_of_two_and_to_be_ahead_costs_less() -> None:
    scores = torch.tensor([0.0, 1.0])
    assert float(outdone(scores, scores)) == pytest.approx(log(2))
    assert float(outdone(scores + 10, scores)) < 1e-4
    assert float(outdone(scores, scores + 10)) == pytest.approx(10, abs=1e-3)


def test_unlikeness_is_the_mean_over_layers_and_moves_the_first_alone() -> None:
    features = [torch.zeros(1, 2, 4, 4, requires_grad=True), torch.ones(1, 8, 2, 2)]
    wanted = [torch.full((1, 2, 4, 4), 3.0, requires_grad=True), torch.ones(1, 8, 2, 2)]
    loss = unlikeness(features, wanted)
    assert float(loss.detach()) == 1.5
    loss.backward()
    assert features[0].grad is not None and wanted[0].grad is None

from __future__ import annotations

import json

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.perceptual import (
    LpipsFeatures,
    PerceptualDistance,
    lpips_state,
    pyramid_features,
)
from tools.references.perceptual import EXPECTED, pictures, seeded_heads, seeded_vgg16

PYRAMID = PerceptualDistance(pyramid_features)


@pytest.fixture(scope="module")
def lpips() -> PerceptualDistance:
    features = LpipsFeatures()
    features.load_state_dict(lpips_state(seeded_vgg16(), seeded_heads()))
    return PerceptualDistance(features.eval().requires_grad_(False))


def noise(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def ramp(side: int = 32) -> Tensor:
    """Dark on the left, bright on the right."""
    return torch.linspace(-0.6, 0.6, side).expand(1, 3, side, side)


@pytest.mark.slow
def test_lpips_is_that_of_its_authors(lpips: PerceptualDistance) -> None:
    """On the weights of `tools/references/perceptual.py`, which ran their code."""
    expected = torch.tensor(json.loads(EXPECTED.read_text(encoding="utf-8")))
    assert expected[0] > 10 * expected[1] > 0
    torch.testing.assert_close(lpips(*pictures()), expected, rtol=1e-5, atol=1e-8)


@pytest.mark.slow
def test_the_gradient_of_lpips_is_finite_where_no_channel_answers(
    lpips: PerceptualDistance,
) -> None:
    """The authors' code gives NaN there: the length of a vector of zeros has no slope."""
    x = torch.zeros(1, 3, 16, 16, requires_grad=True)
    features = LpipsFeatures()
    for name, weights in features.named_parameters():
        torch.nn.init.constant_(weights, 1.0 if name.startswith("lin") else 0.0)
    (gradient,) = torch.autograd.grad(PerceptualDistance(features)(x, ramp(16)).sum(), x)
    assert gradient.isfinite().all()


def test_the_checkpoints_keep_their_keys_and_the_classifier_stays_out() -> None:
    vgg16 = seeded_vgg16() | {"classifier.0.weight": torch.zeros(1)}
    state = lpips_state(vgg16, seeded_heads())
    assert set(state) == set(LpipsFeatures().state_dict())
    assert state["features.28.weight"] is vgg16["features.28.weight"]


def test_a_head_with_negative_weights_is_refused() -> None:
    heads = seeded_heads()
    heads["lin3.model.1.weight"] = heads["lin3.model.1.weight"] - 1
    with pytest.raises(ValueError) as error:
        lpips_state({}, heads)
    message = "lin3.model.1.weight: negative weights; those of LPIPS are 0 or more"
    assert str(error.value) == message


@pytest.mark.parametrize("name", ["lpips", "pyramid"])
def test_a_distance_is_0_for_equal_pictures_symmetric_and_one_number_a_picture(
    name: str, request: pytest.FixtureRequest
) -> None:
    distance = PYRAMID if name == "pyramid" else request.getfixturevalue(name)
    one, other = noise(2, 3, 32, 32).clamp(-1, 1), ramp()
    apart = distance(one, other)
    assert apart.shape == (2,) and apart.min() > 0 and apart[0] != apart[1]
    torch.testing.assert_close(distance(other.expand(2, -1, -1, -1), one), apart)
    assert distance(one, one).tolist() == [0, 0]


@pytest.mark.parametrize("name", ["lpips", "pyramid"])
def test_descending_the_distance_comes_nearer_to_the_reference(
    name: str, request: pytest.FixtureRequest
) -> None:
    distance = PYRAMID if name == "pyramid" else request.getfixturevalue(name)
    loss = distance.toward(ramp())
    x = (ramp() + 0.3 * noise(1, 3, 32, 32)).requires_grad_()
    before = loss(x)
    (gradient,) = torch.autograd.grad(before.sum(), x)
    assert gradient.isfinite().all()
    with torch.no_grad():
        assert loss(x - 0.1 * gradient / gradient.square().mean().sqrt()) < 0.9 * before


def test_the_gradient_of_the_pyramid_is_that_of_its_value() -> None:
    loss = PYRAMID.toward(ramp(8).double())
    x = noise(1, 3, 8, 8).double().requires_grad_()
    assert torch.autograd.gradcheck(loss, x)


def test_fine_noise_costs_less_than_a_shift_of_brightness_of_the_same_size() -> None:
    reference = ramp(64)
    shift = torch.full_like(reference, 0.2)
    fine = 0.2 * noise(1, 3, 64, 64)
    costs = [PYRAMID(reference + change, reference).item() for change in (fine, shift)]
    assert costs[0] / costs[1] == pytest.approx(0.4, abs=0.04)


def test_a_shift_of_brightness_costs_its_square_at_each_of_four_levels() -> None:
    shifted = PYRAMID(ramp(64) + 0.2, ramp(64)).item()
    assert shifted == pytest.approx(4 * 3 * 0.2**2, rel=1e-4)


def test_a_blurred_edge_is_a_changed_one() -> None:
    """By more than its colours alone: the derivatives see it too."""
    edge = torch.ones(1, 3, 32, 32)
    edge[..., :16] = -1
    blurred = torch.nn.functional.avg_pool2d(edge, (1, 7), stride=1, padding=(0, 3))
    inside = slice(8, 24)
    sharp, soft = edge[..., inside, inside], blurred[..., inside, inside]
    colours = PerceptualDistance(lambda x: [level[:, :3] for level in pyramid_features(x)])
    assert PYRAMID(soft, sharp) > 1.5 * colours(soft, sharp)


def test_the_edges_are_slopes_of_the_luma_along_x_and_y() -> None:
    """A ramp of full contrast over 8 pixels climbs by 1/4 a pixel, 1/2 across two."""
    x = torch.linspace(-1, 1, 9).expand(1, 3, 9, 9)
    level, *_ = pyramid_features(x)
    inner = level[..., 1:-1, 1:-1]
    torch.testing.assert_close(inner[:, 3], torch.full((1, 7, 7), 0.5))
    torch.testing.assert_close(inner[:, 4], torch.zeros(1, 7, 7), atol=1e-6, rtol=0)
    level, *_ = pyramid_features(x.mT)
    torch.testing.assert_close(level[..., 1:-1, 1:-1][:, 4], torch.full((1, 7, 7), 0.5))


@pytest.mark.parametrize(
    ("height", "width", "sizes"),
    [
        (64, 48, [(64, 48), (32, 24), (16, 12), (8, 6)]),
        (16, 9, [(16, 9), (8, 4)]),
        (2, 9, [(2, 9)]),
    ],
)
def test_a_level_halves_the_sides_as_long_as_they_are(
    height: int, width: int, sizes: list[tuple[int, int]]
) -> None:
    levels = pyramid_features(noise(1, 3, height, width))
    assert [tuple(level.shape) for level in levels] == [(1, 5, *size) for size in sizes]

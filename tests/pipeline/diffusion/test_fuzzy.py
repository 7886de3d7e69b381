from __future__ import annotations

from math import atan, degrees

import pytest
import torch
from torch import Tensor
from torch.nn.functional import normalize

from pipeline.diffusion.conditions import ClipTarget
from pipeline.diffusion.fuzzy import fuzzy

WEIGHTS = torch.tensor([1.3, -0.3])


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def embeddings(size: int = 512) -> Tensor:
    return normalize(torch.randn(2, size, generator=generator(7)), dim=1)


def test_every_prompt_has_its_copies_side_by_side_and_keeps_its_weight() -> None:
    copies, weights = fuzzy(embeddings(), WEIGHTS, count=5, strength=0.1, generator=generator())
    assert copies.shape == (10, 512) and weights.shape == (10,)
    torch.testing.assert_close(weights.view(2, 5), (WEIGHTS / 5)[:, None].expand(2, 5))
    nearest = (copies @ embeddings().T).argmax(dim=1)
    assert nearest.tolist() == [0] * 5 + [1] * 5
    ClipTarget(copies, weights)  # Which checks that they are unit vectors.


@pytest.mark.parametrize("size", [64, 512])
@pytest.mark.parametrize("strength", [0.1, 0.5])
def test_the_strength_is_the_tangent_of_the_angle_in_any_number_of_dimensions(
    strength: float, size: int
) -> None:
    vectors = embeddings(size)
    copies, _ = fuzzy(vectors, WEIGHTS, count=200, strength=strength, generator=generator())
    angles = (copies.view(2, 200, size) * vectors[:, None]).sum(2).acos().rad2deg()
    assert angles.mean().item() == pytest.approx(degrees(atan(strength)), rel=0.03)


def test_the_noise_has_no_direction() -> None:
    """Not so Disco's, which is cut off below 0."""
    copies, _ = fuzzy(embeddings(), WEIGHTS, count=400, strength=0.5, generator=generator())
    mean = normalize(copies.view(2, 400, 512).mean(dim=1), dim=1)
    assert (mean * embeddings()).sum(1).min() > 0.999


def test_without_strength_the_copies_are_the_embedding() -> None:
    copies, _ = fuzzy(embeddings(), WEIGHTS, count=3, strength=0, generator=generator())
    torch.testing.assert_close(copies, embeddings().repeat_interleave(3, dim=0))


def test_the_generator_decides() -> None:
    one, again, other = (
        fuzzy(embeddings(), WEIGHTS, count=2, strength=0.1, generator=generator(seed))[0]
        for seed in (1, 1, 2)
    )
    assert torch.equal(one, again)
    assert not torch.allclose(one, other, atol=1e-3)
    assert not torch.allclose(one[0], one[1], atol=1e-3)


@pytest.mark.parametrize(
    ("count", "strength", "message"),
    [
        (0, 0.1, "count is 0; a prompt has 1 copy or more"),
        (1, -0.1, "strength is -0.1; it is 0 or more"),
        (1, float("nan"), "strength is nan; it is 0 or more"),
    ],
)
def test_what_makes_no_copies_is_refused(count: int, strength: float, message: str) -> None:
    with pytest.raises(ValueError) as error:
        fuzzy(embeddings(), WEIGHTS, count=count, strength=strength, generator=generator())
    assert str(error.value) == message

"""Places of which nothing is known, in the colours around them."""

from __future__ import annotations

import torch

from pipeline.diffusion.surroundings import surroundings

H, W = 8, 12
PICTURE = torch.randn(1, 3, H, W, generator=torch.Generator().manual_seed(1)).tanh()


def test_surroundings_are_the_nearer_the_more() -> None:
    picture = torch.zeros(1, 3, H, W)
    picture[..., :3], picture[..., -3:] = 1.0, -1.0
    known = torch.zeros(1, 1, H, W)
    known[..., :3], known[..., -3:] = 1.0, 1.0
    row = surroundings(picture, known)[0, 0, H // 2]
    assert row[4] > row[5] > 0.3 and row[-5] < row[-6] < -0.3
    only = torch.zeros(1, 1, H, W)
    only[..., 0, 0] = 1.0
    assert torch.allclose(surroundings(picture, only), torch.ones(()), atol=1e-3)


def test_surroundings_of_a_seamless_picture_lie_beyond_its_edges_as_well() -> None:
    """Turned round before or afterwards: no column is the first."""
    known = torch.zeros(1, 1, H, W)
    known[..., 2:5] = 1.0
    found = surroundings(PICTURE, known, seamless=True)
    for by in range(1, W):
        turned = surroundings(PICTURE.roll(by, -1), known.roll(by, -1), seamless=True)
        assert torch.allclose(turned, found.roll(by, -1), atol=1e-6)
    # A hole at one edge takes the colours of the other one, which is nearer.
    picture, known = torch.zeros(1, 3, H, W), torch.ones(1, 1, H, W)
    picture[..., W // 2 :], known[..., :3] = 1.0, 0.0
    open_, closed = (surroundings(picture, known, seamless=one)[..., 0] for one in (False, True))
    assert bool((closed > 0.6).all() and (open_ < 0.4).all())

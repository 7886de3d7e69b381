"""Vision transformers as backbones: places and positions of the patches."""

from __future__ import annotations

import torch
from torch import nn

from pipeline.networks.depth.dpt import Reassemble, positions


def test_positions_of_the_trained_grid_stay() -> None:
    embedding = torch.randn(1, 1 + 36, 5)
    torch.testing.assert_close(positions(embedding, (6, 6)), embedding)


def test_positions_of_another_grid_lie_between() -> None:
    # The embedding is the patch's own place, so what lies between is known.
    row, column = torch.meshgrid(torch.arange(4.0), torch.arange(4.0), indexing="ij")
    square = torch.stack([row, column], dim=-1).reshape(1, 16, 2)
    readout = torch.full((1, 1, 2), 9.0)
    found = positions(torch.cat([readout, square], dim=1), (2, 8))
    assert torch.equal(found[:, :1], readout)
    places = found[0, 1:].reshape(2, 8, 2)
    torch.testing.assert_close(places[:, 0, 0], torch.tensor([0.5, 2.5]))
    torch.testing.assert_close(
        places[0, :, 1], torch.tensor([0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3])
    )


def test_each_patch_is_put_in_its_place_and_reads_the_readout() -> None:
    reassemble = Reassemble(2, 2, nn.Identity())
    tokens = torch.rand(3, 1 + 6, 2)
    placed = reassemble(tokens, (2, 3))
    assert placed.shape == (3, 2, 2, 3)
    changed = tokens.clone()
    changed[:, 1 + 5] += 1
    moved = (reassemble(changed, (2, 3)) != placed).any(dim=1)
    assert moved[:, 1, 2].all() and not moved[:, 0].any() and not moved[:, 1, :2].any()
    other = torch.cat([tokens[:, :1] + 1, tokens[:, 1:]], dim=1)
    assert (reassemble(other, (2, 3)) != placed).any(dim=1).all()

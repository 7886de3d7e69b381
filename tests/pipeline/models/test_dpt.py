"""The parts of a dense prediction transformer whose answers are known."""

from __future__ import annotations

import torch
from torch import nn

from pipeline.models.depth_decoder import (
    Fusion,
    Head,
    RectifiedUnit,
    ResidualUnit,
    dpt_decoder,
)
from pipeline.models.dpt import Reassemble, positions


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


def test_a_rectified_unit_adds_what_is_positive() -> None:
    x = torch.tensor([-2.0, 3.0]).reshape(1, 2, 1, 1)
    for unit, kept in ((ResidualUnit(2), x), (RectifiedUnit(2), x.relu())):
        nn.init.zeros_(unit.conv2.weight)
        nn.init.zeros_(unit.conv2.bias)
        assert torch.equal(unit(x), kept)


def test_a_fusion_adds_the_level_and_takes_its_size() -> None:
    fusion = Fusion(nn.Identity(), nn.Identity(), nn.Identity())
    fused = fusion(torch.full((1, 2, 3, 4), 2.0), torch.full((1, 2, 3, 4), 0.5), (5, 9))
    assert torch.equal(fused, torch.full((1, 2, 5, 9), 2.5))


def test_inverse_depth_is_not_negative() -> None:
    head = Head(4, align_corners=True)
    nn.init.constant_(head.predict.bias, -1e3)
    assert torch.equal(head(torch.randn(1, 4, 3, 5)), torch.zeros(1, 1, 6, 10))


def test_every_level_takes_part() -> None:
    decoder = dpt_decoder((2, 3, 4, 5)).eval()
    maps = [torch.rand(1, c, 16 // s, 24 // s) for c, s in ((2, 1), (3, 2), (4, 4), (5, 8))]
    nn.init.constant_(decoder.head.get_parameter("predict.bias"), 10.0)  # nothing is cut off
    with torch.no_grad():
        inverse = decoder(maps)
        assert inverse.shape == (1, 1, 64, 96)
        for level in range(4):
            changed = [m + (index == level) for index, m in enumerate(maps)]
            assert not torch.allclose(decoder(changed), inverse)

"""The decoder of depth networks, part by part; `test_midas_reference` has it whole."""

from __future__ import annotations

import torch
from torch import nn

from pipeline.networks.depth.decoder import Fusion, Head, RectifiedUnit, ResidualUnit, dpt_decoder


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

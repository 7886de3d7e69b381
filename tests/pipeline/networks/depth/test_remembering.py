"""Depth of pictures that are asked for again."""

from __future__ import annotations

import torch

from pipeline.networks.depth.remembering import RememberingDepth
from tests.pipeline.toy_networks import RampDepth, flat


def test_a_picture_is_estimated_once_while_frames_lie_between_it_and_the_next() -> None:
    asked = RampDepth()
    depth = RememberingDepth(asked)
    last, following = flat("red"), flat("blue")
    for _ in range(3):
        assert torch.equal(depth(last), RampDepth()(last))
        assert torch.equal(depth(following), RampDepth()(following))
    assert asked.asked == 2


def test_another_picture_another_size_and_another_precision_are_estimated() -> None:
    asked = RampDepth()
    depth = RememberingDepth(asked)
    for picture in (flat("red"), flat("green"), flat("red", 8, 8), flat("red").double()):
        assert depth(picture).shape[-2:] == picture.shape[-2:]
    assert asked.asked == 4


def test_no_more_than_two_pictures_are_kept() -> None:
    asked = RampDepth()
    depth = RememberingDepth(asked)
    for colour in ("red", "green", "blue", "red"):
        depth(flat(colour))
    assert asked.asked == 4

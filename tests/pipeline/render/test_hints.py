"""What ControlNets are shown of the picture that a frame starts from."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from pipeline.render.hints import added_to
from pipeline.spec.adapters import ControlSpec, Hint, LoraSpec
from tests.pipeline.plans import painted
from tests.pipeline.toy_networks import HEIGHT, WIDTH, toy_networks, toy_plan

PICTURE = torch.full((1, 3, HEIGHT, WIDTH), -1.0)
PICTURE[..., WIDTH // 2 :] = 1.0
"""Black on the left, white on the right."""
GROWN = toy_plan(2)[1]


def shown(hint: Hint) -> Tensor:
    spec = painted(GROWN, controls=(ControlSpec("net", hint),))
    (one,) = added_to(spec, PICTURE, toy_networks()).shown
    assert one.control.hint == hint
    return one.hint


def test_depth_is_bright_where_it_is_near() -> None:
    """The toy's depth is a ramp from 1 on the left to 2 on the right."""
    near = 1 / torch.linspace(1.0, 2.0, WIDTH)
    ramp = (near - 0.5) / 0.5
    torch.testing.assert_close(shown("depth"), ramp.expand(1, 3, HEIGHT, WIDTH))


def test_edges_are_white_on_black() -> None:
    edges = shown("canny")
    assert set(edges.unique().tolist()) == {0.0, 1.0}
    (columns,) = edges[0, 0].any(dim=0).nonzero(as_tuple=True)
    assert len(columns) and all(abs(c - WIDTH / 2) <= 1 for c in columns.tolist())
    assert edges[0, 0].equal(edges[0, 2])


def test_the_picture_itself_is_brought_to_the_range_of_hints() -> None:
    assert shown("previous").equal((PICTURE + 1) / 2)


@pytest.mark.parametrize("picture", [None, PICTURE], ids=["nothing", "clouds"])
def test_a_frame_that_grows_from_no_picture_shows_nothing(picture: Tensor | None) -> None:
    spec = replace(painted(GROWN, controls=(ControlSpec("net", "previous"),)), inputs=())
    assert added_to(spec, picture, toy_networks()).shown == ()


def test_what_counts_nothing_is_not_shown_anything() -> None:
    controls = (ControlSpec("net", "depth", weight=0.0), ControlSpec("other", "canny"))
    spec = painted(GROWN, controls=controls, loras=(LoraSpec("ink", 0.4),))
    added = added_to(spec, PICTURE, toy_networks())
    assert [one.control.name for one in added.shown] == ["other"]
    assert added.loras == (LoraSpec("ink", 0.4),)

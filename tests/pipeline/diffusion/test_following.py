"""What is kept of a shot: where it gives way, and where it comes to rest under a constant push."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from pipeline.diffusion.following import exchanged, followed, passed

PUSH, HOLD = 0.02, 0.8
"""What a painter adds to each frame, and the share by which a frame is held."""


def after(frames: int, follow: float) -> tuple[Tensor, Tensor]:
    """The picture and what is kept after some frames that a painter pushes and a hold pulls."""
    kept = picture = torch.zeros(1, 3, 1, 1, dtype=torch.float64)
    for _ in range(frames):
        picture = torch.lerp(picture + PUSH, kept, HOLD)
        kept = followed(kept, picture, follow)
    return picture, kept


def test_held_to_the_first_frame_a_push_ends_where_hold_and_push_balance() -> None:
    picture, kept = after(500, 0.0)
    assert float(kept.abs().max()) == 0
    torch.testing.assert_close(picture, torch.full_like(picture, (1 - HOLD) / HOLD * PUSH))


def test_held_to_the_frame_before_the_pushes_add_up() -> None:
    picture, _ = after(500, 1.0)
    torch.testing.assert_close(picture, torch.full_like(picture, 500 * (1 - HOLD) * PUSH))


def test_what_follows_slowly_creeps_by_its_share_of_the_balance() -> None:
    """The lag settles at (1 - h) p / (h + (1 - h) r): both then move on by r of it."""
    follow = 1 / 48
    (earlier, _), (later, kept) = after(499, follow), after(500, follow)
    lag = (1 - HOLD) * PUSH / (HOLD + (1 - HOLD) * follow)
    torch.testing.assert_close(later - earlier, torch.full_like(later, follow * lag))
    torch.testing.assert_close(later - kept, torch.full_like(later, (1 - follow) * lag))


def test_nothing_passes_at_rest_all_in_a_hole_and_half_at_twice_the_size() -> None:
    known = torch.tensor([1.0, 0.0, 1.0, 1.0, 0.5]).view(1, 1, 1, 5)
    stretch = torch.tensor([1.0, 1.0, 2.0, 0.5, 1.0]).view(1, 1, 1, 5)
    assert passed(known, stretch).flatten().tolist() == [0.0, 1.0, 0.5, 0.0, 0.5]


def test_a_long_zoom_forgets_as_a_short_one_of_the_same_size_does() -> None:
    """What is left after the picture has grown fourfold does not depend on the frames it took."""
    known = torch.ones(1, 1, 1, 1)
    slow = (1 - passed(known, torch.full_like(known, 4 ** (1 / 40)))) ** 40
    torch.testing.assert_close(slow, 1 - passed(known, torch.full_like(known, 4.0)))


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_exchanged_share_is_well_spread_and_mixes_no_colours(share: float) -> None:
    kept, new = torch.zeros(1, 3, 40, 48), torch.ones(1, 3, 40, 48)
    for frame in range(4):
        result = exchanged(kept, new, share, frame)
        assert set(result.unique().tolist()) <= {0.0, 1.0}
        blocks = torch.nn.functional.avg_pool2d(result, 8)
        torch.testing.assert_close(blocks, torch.full_like(blocks, share), rtol=0, atol=0.1)


def test_of_n_frames_nearly_all_pixels_have_been_exchanged() -> None:
    kept = torch.zeros(1, 1, 40, 48)
    for frame in range(100, 124):
        kept = exchanged(kept, torch.ones_like(kept), 1 / 12, frame)
    assert float(kept.mean()) > 0.9


def test_a_map_exchanges_where_it_says() -> None:
    share = torch.zeros(1, 1, 8, 8)
    share[..., :4] = 1
    result = exchanged(torch.zeros(1, 3, 8, 8), torch.ones(1, 3, 8, 8), share, 5)
    assert (result == share).all()

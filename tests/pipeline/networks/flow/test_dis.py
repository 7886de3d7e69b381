"""Optical flow of OpenCV: its sign, its bits with any number of threads, and odd sizes."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import pytest
import torch

from pipeline.networks.flow.dis import DisFlow
from tools.bench.moving_pictures import Layer, moving_pictures, shifted, turned


@pytest.fixture
def any_threads() -> Iterator[None]:
    before = cv2.getNumThreads()
    yield
    cv2.setNumThreads(before)


def test_flow_leads_from_the_first_picture_to_the_second() -> None:
    moving = moving_pictures(96, 128, Layer(1, shifted(3.25, -2.5)))
    flow = DisFlow()(moving.old, moving.new)
    assert flow.shape == (1, 2, 96, 128) and flow.dtype == torch.float32
    inner = flow[..., 8:-8, 8:-8]
    torch.testing.assert_close(
        inner.mean(dim=(2, 3)), torch.tensor([[3.25, -2.5]]), atol=0.02, rtol=0
    )


def test_a_still_picture_has_no_flow() -> None:
    picture = moving_pictures(64, 64, Layer(1, shifted(0, 0))).old
    assert DisFlow()(picture, picture).abs().max() == 0


@pytest.mark.parametrize(("height", "width"), [(121, 163), (96, 256), (37, 53)])
@pytest.mark.usefixtures("any_threads")
def test_the_number_of_threads_changes_no_bit(height: int, width: int) -> None:
    moving = moving_pictures(height, width, Layer(2, turned(2, 1.04, height, width)))
    flows = []
    for threads in (1, 2, 3, 5, 8, 13, 64):
        cv2.setNumThreads(threads)
        flows.append(DisFlow()(moving.old, moving.new))
    assert flows[0].abs().max() > 1
    assert all(torch.equal(flow, flows[0]) for flow in flows)


@pytest.mark.parametrize("size", [(1, 1), (5, 200), (17, 1000), (200, 12), (12, 12), (33, 31)])
def test_small_and_flat_pictures_have_flow(size: tuple[int, int]) -> None:
    """OpenCV alone refuses the first of these and ends the process at the next two."""
    moving = moving_pictures(*size, Layer(3, shifted(1, 0)))
    flow = DisFlow()(moving.old, moving.new)
    assert flow.shape == (1, 2, *size)
    assert flow.isfinite().all()


def test_pictures_of_two_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"one size, found \(1, 3, 8, 8\) and \(1, 3, 8, 9\)"):
        DisFlow()(torch.zeros(1, 3, 8, 8), torch.zeros(1, 3, 8, 9))


def test_numbers_that_are_none_are_told() -> None:
    with pytest.raises(FloatingPointError, match="infinite or not a number"):
        DisFlow()(torch.zeros(1, 3, 32, 32), torch.full((1, 3, 32, 32), torch.nan))

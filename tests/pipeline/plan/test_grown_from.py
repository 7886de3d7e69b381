"""What has to be painted for the frames that somebody asks for."""

from __future__ import annotations

from pipeline.plan.grown_from import with_earlier
from pipeline.spec.frame import FrameId, FrameSpec, SavedFrame


def test_missing_frames_that_others_grow_from_are_needed() -> None:
    grown = [FrameSpec(n, (8, 8), inputs=(SavedFrame(n - 1),)) for n in (1, 2, 4)]
    specs = [FrameSpec(0, (8, 8)), *grown, FrameSpec(3, (8, 8))]
    ids = {n: FrameId(n) for n in range(5)}
    assert with_earlier({ids[2]}, specs, set(ids.values())) == {ids[0], ids[1], ids[2]}
    assert with_earlier({ids[2]}, specs, {ids[2]}) == {ids[2]}
    assert with_earlier({ids[4]}, specs, set(ids.values())) == {ids[3], ids[4]}

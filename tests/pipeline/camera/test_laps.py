"""How far a picture serves, and how another one flows in."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.camera.laps import FLOW, endless, glances, reach_of_picture
from pipeline.camera.poses import Pose, poses
from pipeline.scene.motion import matrix_2d
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.frame import FrameId, FrameSpec, SavedFrame

ZOOM = CameraMotion(zoom=1.1)
SIZE = (40, 30)


def zooming(count: int) -> dict[FrameId, Pose]:
    grown = (
        FrameSpec(n, SIZE, inputs=(SavedFrame(n - 1),), motions=(ZOOM,)) for n in range(1, count)
    )
    return poses([FrameSpec(0, SIZE), *grown])


def test_a_picture_that_has_grown_too_large_is_laid_anew_and_flows_in() -> None:
    seen = glances(zooming(30), reach_of_picture(SIZE))
    counts = [len(one) for one in seen.values()]
    first = counts.index(2)
    assert 1.1**first > 2.5 > 1.1 ** (first - 1)
    assert counts[first : first + FLOW] == [2] * FLOW
    shares = [seen[FrameId(first + place)][1].share for place in range(FLOW)]
    assert shares == pytest.approx([(place + 1) / (FLOW + 1) for place in range(FLOW)])


def test_all_that_is_seen_moves_as_the_camera_does() -> None:
    seen = glances(zooming(30), reach_of_picture(SIZE))
    step = matrix_2d(ZOOM, *SIZE)
    for frame in range(1, 30):
        before, now = seen[FrameId(frame - 1)], seen[FrameId(frame)]
        assert sum(one.share for one in now) == pytest.approx(1)
        moved = [step @ one.matrix for one in before]
        known = [one.matrix for one in now if not np.allclose(one.matrix, np.eye(3))]
        assert all(any(np.allclose(one, other) for other in moved) for one in known)


def test_drawn_pictures_in_2d_have_no_end_and_a_lens_leads_out_of_space() -> None:
    far = Pose(FrameId(0), CameraSpec(), np.diag([500.0, 500.0, 1.0]))
    assert endless(far) and not reach_of_picture(SIZE)(far)
    assert not endless(Pose(FrameId(0), CameraSpec(mode="3d"), np.diag([4.0, 4.0, 1.0, 1.0])))

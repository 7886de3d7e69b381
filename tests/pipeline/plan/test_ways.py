"""From which frame, by which motions, the camera comes to each frame."""

from __future__ import annotations

from pipeline.plan.ways import Step, ways
from pipeline.scene.painted import BEFORE, origins
from pipeline.spec.camera import CameraMotion, CameraSpec

STEPS = [
    Step(CameraMotion(zoom=1 + number / 10), CameraSpec(mode="3d", fov=40.0 + number))
    for number in range(5)
]


def test_what_is_only_moved_is_seen_as_the_painted_frame_was_left() -> None:
    made = ways(STEPS, origins([True, True, False, False, True], frozenset(range(5))))
    assert [way.origin for way in made] == [BEFORE, 0, 1, 1, 1]
    assert [len(way.motions) for way in made] == [1, 1, 1, 2, 3]
    assert made[4].motions == tuple(step.motion for step in STEPS[2:])
    # The camera, whose depth is that of frame 1, is the one that leaves that frame.
    assert [way.camera.fov for way in made] == [40, 41, 42, 42, 42]

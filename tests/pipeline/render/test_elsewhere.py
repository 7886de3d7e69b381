"""Frames are painted where the networks are, and nothing of them is left behind on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.files.arrays import Arrays
from pipeline.files.png import Pixels
from pipeline.render.frame import render_frame
from pipeline.render.memory import NOTHING, Memory
from pipeline.render.points import views_in, with_homes
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.keeping import ColourSpec, KeepSpec
from pipeline.spec.repaint import MaskFormula, RepaintSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.elsewhere import ELSEWHERE, elsewhere
from tests.pipeline.plans import painted
from tests.pipeline.toy_networks import CPU, NO_GUIDANCE, toy_networks, toy_plan

GUIDANCE = replace(
    NO_GUIDANCE,
    init_hold=StepSchedule.constant(0.5),
    repaint=RepaintSpec(1.0, 0.5, 0.1, MaskFormula("x * depth")),
    discover=0.7,
)
CAMERAS = {
    "2d": CameraSpec(mode="2d", padding="border"),
    "pinhole": CameraSpec(mode="3d", padding="border"),
    "disco": CameraSpec(mode="3d", projection="disco", padding="border"),
    "2d, memory": CameraSpec(mode="2d", padding="border", memory="shot"),
    "pinhole, memory": CameraSpec(mode="3d", padding="border", memory="shot"),
}


def frames(camera: CameraSpec, by: str) -> Sequence[FrameSpec]:
    """A shot with all that a frame can remember and be asked for of it."""
    keep = KeepSpec(0.2, ColourSpec(0.5, by, follow=0.3), 0.4, 0.1)
    motion = CameraMotion(translate_x=30.0 if camera.mode == "3d" else 2.0, zoom=0.95, roll=1.0)
    first, *others = (painted(one, fresh_noise=0.2, guidance=GUIDANCE) for one in toy_plan(3))
    return first, *(
        replace(painted(one, keep=keep), motions=(motion,), camera=camera) for one in others
    )


def steps(picture: Tensor) -> Tensor:
    """Two planes, on the device of the picture."""
    near = torch.arange(picture.shape[-1], device=picture.device) < 5
    return torch.where(near, 1.0, 2.0).expand_as(picture[:, :1])


def rendered(specs: Sequence[FrameSpec], device: torch.device) -> tuple[list[Pixels], Arrays]:
    """The frames of a shot, and what the last of them leaves."""
    networks = toy_networks(device=device, depth=steps, disco_depth=steps)
    pixels, memory = render_frame(specs[0], [], networks, lambda step: None, NOTHING)
    made, left = [pixels], {0: memory.to_arrays()}
    for before, spec in pairwise(specs):
        arrays = with_homes(left[before.frame], lambda home: views_in(left[home]))
        earlier = Memory.from_arrays(arrays)
        pixels, memory = render_frame(spec, [made[-1]], networks, lambda step: None, earlier)
        made.append(pixels)
        left[spec.frame] = memory.to_arrays()
    return made, left[specs[-1].frame]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("camera", "by"),
    [
        *zip(
            CAMERAS.values(), ("mean", "covariance", "histogram", "mean", "covariance"), strict=True
        )
    ],
    ids=CAMERAS,
)
def test_frames_are_the_same_elsewhere(camera: CameraSpec, by: str) -> None:
    specs = frames(camera, by)
    here, left = rendered(specs, CPU)
    with elsewhere():
        there, far = rendered(specs, ELSEWHERE)
    assert all(map(np.array_equal, here, there))
    assert left.keys() == far.keys() > {"kept.form", "noise.ids"}
    assert all(np.array_equal(left[name], far[name]) for name in left)


def test_what_lies_apart_does_not_meet() -> None:
    with elsewhere():
        far = torch.ones(2, device=ELSEWHERE)
        assert (far + 1).cpu().tolist() == [2.0, 2.0]
        with pytest.raises(RuntimeError, match="lie on the CPU"):
            far + torch.ones(2)

"""Frames between two painted ones: where things lie, what is seen of each, and what it costs.

Pictures have dots whose places are known. A 3D camera looks at planes of known depth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.camera.sight import unmoved
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.files.png import Pixels
from pipeline.render.faulty import FrameFault
from pipeline.render.frame import render_frame
from pipeline.render.ground import grounded, recalled
from pipeline.render.memory import NOTHING, Memory
from pipeline.scene.motion import compose, matrix_2d, matrix_3d
from pipeline.spec.between import Between
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.frame import FrameSpec, SavedFrame
from tests.pipeline.toy_networks import toy_networks

SIZE = W, H = 96, 64
DOTS = np.array([[24.0, 20.0], [70.0, 18.0], [48.0, 32.0], [30.0, 46.0], [66.0, 44.0]])
FOV = 40.0
STEPS = (
    CameraMotion(translate_x=1.5, translate_z=8.0, rotate_y=0.6, roll=0.8, zoom=1.01),
    CameraMotion(translate_y=1.0, translate_z=9.0, rotate_x=-0.4, roll=0.5),
    CameraMotion(translate_x=-0.7, translate_z=7.0, rotate_y=0.3, zoom=1.015),
)
"""The camera's motions from one painted frame to the next."""


class Plane:
    """A scene of one depth."""

    def __init__(self, depth: float) -> None:
        """Lie at this `depth`."""
        self.depth = depth

    def __call__(self, picture: Tensor) -> Tensor:
        """`(N, 1, H, W)`."""
        return torch.full_like(picture[:, :1], self.depth)


def dotted(places: np.ndarray, dark: float = -0.8, light: float = 0.9) -> Pixels:
    """A picture with a soft dot at each of the places `(N, 2)`, in pixel indices."""
    y, x = np.mgrid[:H, :W].astype(np.float64)
    near = np.zeros((H, W))
    for px, py in places:
        near += np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * 1.8**2))
    level = torch.from_numpy(dark + (light - dark) * np.clip(near, 0, 1)).float()
    return to_pixels(level.expand(1, 3, H, W))


def found(pixels: Pixels, about: np.ndarray) -> np.ndarray:
    """The centres of the dots about these places, to a small part of a pixel."""
    y, x = np.mgrid[:H, :W]
    level = pixels[..., 0].astype(np.float64)
    level = np.clip(level - np.median(level), 0, None)
    centres = []
    for px, py in about:
        near = level * ((x - px) ** 2 + (y - py) ** 2 < 7**2)
        centres.append((float((near * x).sum() / near.sum()), float((near * y).sum() / near.sum())))
    return np.array(centres)


def in_2d(motions: Sequence[CameraMotion], places: np.ndarray) -> np.ndarray:
    """Where the places go as the picture moves."""
    matrix = compose(*(matrix_2d(motion, W, H) for motion in motions))
    moved = matrix @ np.column_stack([places, np.ones(len(places))]).T
    return (moved[:2] / moved[2]).T


def in_3d(
    motions: Sequence[CameraMotion], places: np.ndarray, depth: float, fov: float = FOV
) -> np.ndarray:
    """Where the places of a plane, seen at the angle `FOV`, go as the camera moves, seen at one."""
    taken, focal = (H / (2 * np.tan(np.radians(angle) / 2)) for angle in (FOV, fov))
    centre = np.array([(W - 1) / 2, (H - 1) / 2])
    flat = (places - centre) / taken * depth
    points = np.column_stack([flat, np.full(len(places), depth), np.ones(len(places))])
    x, y, z, _ = compose(*map(matrix_3d, motions)) @ points.T
    return np.column_stack([x / z, y / z]) * focal + centre


def between(
    number: int, camera: CameraSpec, share: float | None = None, flow: bool = False
) -> FrameSpec:
    """The frame with a number between two painted ones, 0 and 3."""
    return FrameSpec(
        number,
        SIZE,
        inputs=(SavedFrame(0), SavedFrame(3)),
        motions=STEPS[:number],
        camera=camera,
        between=Between(number / 3 if share is None else share, STEPS[number:], camera, flow),
    )


def seen(spec: FrameSpec, *inputs: Pixels, depth: float = 2.0) -> Pixels:
    networks = toy_networks(depth=Plane(depth))
    pixels, memory = render_frame(spec, inputs, networks, pytest.fail)
    assert memory is NOTHING
    return pixels


FLAT = CameraSpec("2d", padding="border", memory="frame")
DEEP = CameraSpec("3d", fov=FOV, padding="border", memory="frame")


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("way", ["warp", "blend", "flow"])
@pytest.mark.parametrize("camera", [FLAT, DEEP, replace(DEEP, memory="shot")])
def test_points_lie_where_the_camera_brings_them(number: int, way: str, camera: CameraSpec) -> None:
    """The painted frames agree, and so does every one between them, within 0.25 pixel."""
    depth = 2.0
    moved = in_2d if camera.mode == "2d" else lambda motions, at: in_3d(motions, at, depth)
    last, following = dotted(DOTS), dotted(moved(STEPS, DOTS))
    spec = between(number, camera, flow=way == "flow")
    pictures = (last, following)
    if way == "warp":
        spec, pictures = replace(spec, inputs=spec.inputs[:1], between=Between()), (last,)
    truth = moved(STEPS[:number], DOTS)
    pixels = seen(spec, *pictures, depth=depth)
    off = np.linalg.norm(found(pixels, truth) - truth, axis=1)
    assert off.max() < 0.25


def test_a_lens_that_opens_between_them_brings_both_to_its_angle() -> None:
    now, later = 46.0, 52.0
    last, following = dotted(DOTS), dotted(in_3d(STEPS, DOTS, 2.0, later))
    spec = between(1, replace(DEEP, fov=now, taken=FOV))
    onward = replace(DEEP, fov=later, taken=now)
    spec = replace(spec, between=Between(1 / 3, STEPS[1:], onward))
    truth = in_3d(STEPS[:1], DOTS, 2.0, now)
    pixels = seen(spec, last, following)
    assert np.linalg.norm(found(pixels, truth) - truth, axis=1).max() < 0.25


@pytest.mark.parametrize("camera", [FLAT, DEEP])
def test_the_next_painted_frame_alone_lies_there_too(camera: CameraSpec) -> None:
    moved = in_2d if camera.mode == "2d" else lambda motions, at: in_3d(motions, at, 2.0)
    nothing, following = dotted(DOTS[:0]), dotted(moved(STEPS, DOTS))
    truth = moved(STEPS[:2], DOTS)
    pixels = seen(between(2, camera, share=0.999), nothing, following)
    assert np.linalg.norm(found(pixels, truth) - truth, axis=1).max() < 0.25


def test_each_shows_by_how_near_it_is() -> None:
    dark, light = (np.full((H, W, 3), level, np.uint8) for level in (60, 210))
    for number in (1, 2):
        pixels = seen(between(number, FLAT), dark, light)
        assert np.abs(pixels[10:-10, 10:-10].astype(int) - (60 + 50 * number)).max() <= 1


def test_what_only_one_of_them_shows_is_not_dimmed_by_the_other() -> None:
    """Going back, the edges come into sight: the last frame does not know them, the next does."""
    back = tuple(CameraMotion(zoom=0.93) for _ in range(3))
    spec = replace(between(1, FLAT), motions=back[:1], between=Between(1 / 3, back[1:], FLAT))
    dark, light = (np.full((H, W, 3), level, np.uint8) for level in (60, 210))
    pixels = seen(spec, dark, light)
    assert (pixels[0] == 210).all() and (pixels[:, -1] == 210).all()
    assert np.abs(pixels[H // 2, W // 2].astype(int) - 110).max() <= 1


def test_a_picture_at_rest_stays_to_the_bit() -> None:
    rng = np.random.default_rng(3)
    picture = rng.integers(0, 256, (H, W, 3), dtype=np.uint8)
    spec = replace(between(1, FLAT), motions=(CameraMotion(),), between=Between(0.5, camera=FLAT))
    assert np.array_equal(seen(spec, picture, picture), picture)


def test_what_moves_by_itself_goes_its_way_by_flow_and_fades_without() -> None:
    """A disc that has gone 9 pixels between two painted frames, before a camera at rest."""

    def disc(x: float) -> Pixels:
        rows, columns = np.mgrid[:H, :W]
        texture = 90 + 25 * np.sin(rows * 0.9) * np.cos(columns * 0.7)
        inside = (columns - x) ** 2 + (rows - 32) ** 2 < 11**2
        shade = 200 + 30 * np.sin((columns - x) * 0.8) * np.sin(rows * 0.6)
        return np.repeat(np.where(inside, shade, texture).astype(np.uint8)[..., None], 3, 2)

    still = (CameraMotion(),)
    truth = disc(44.5).astype(float)

    def error(flow: bool) -> float:
        spec = between(1, FLAT, share=0.5, flow=flow)
        spec = replace(spec, motions=still, between=replace(spec.between, onward=still))  # type: ignore[type-var]
        off = np.abs(seen(spec, disc(40), disc(49)) - truth)[18:47, 26:66]
        return float(off.mean())

    assert error(flow=True) < 0.65 * error(flow=False)


def test_depth_that_is_not_finite_is_told_with_the_frame() -> None:
    with pytest.raises(FrameFault, match=r"^frame 1: the depth that the camera moves through"):
        seen(between(1, DEEP), dotted(DOTS), dotted(DOTS), depth=float("nan"))


def test_a_camera_that_remembers_shows_the_newest_paint_between_frames() -> None:
    """Paint of earlier frames, shown between painted ones alone, would flicker."""
    dark, light = (np.full((H, W, 3), level, np.uint8) for level in (60, 210))
    shot = replace(DEEP, memory="shot")
    spec = between(1, shot)
    before = replace(spec, frame=0, inputs=(SavedFrame(-1),), between=None)
    ground = grounded(before, to_tensor(dark), Plane(2.0), None)
    _, points = recalled(ground, unmoved(to_tensor(dark)), 0)
    assert points.cloud.views
    networks = toy_networks(depth=Plane(2.0))
    for one, inputs in (
        (spec, [light, light]),
        (replace(spec, inputs=spec.inputs[:1], between=Between()), [light]),
    ):
        pixels, _ = render_frame(one, inputs, networks, pytest.fail, Memory(points=points))
        assert (pixels[8:-8, 8:-8] == 210).all()

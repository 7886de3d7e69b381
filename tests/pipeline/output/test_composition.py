"""Frames of a video out of saved pictures: posed, lit and mixed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from pipeline.camera.warp import warp_2d
from pipeline.errors import RunError
from pipeline.files.png import Pixels, encode_png
from pipeline.output.composition import View, compose, composed
from pipeline.output.fit import Size, fitted, place
from pipeline.run.footage import Layer
from pipeline.scene.motion import matrix_2d
from pipeline.spec.camera import CameraMotion
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Fit
from pipeline.spec.timeline import AT_REST, Offset

WIDTH, HEIGHT = 97, 65
"""Odd sides, whose middle is a pixel: there the camera and an offset turn about the same point."""


def picture(width: int = WIDTH, height: int = HEIGHT) -> Pixels:
    """Soft blobs of all colours."""
    blobs = np.random.default_rng(2).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    smooth = cv2.resize(blobs, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(smooth, dtype=np.uint8)


def seen(pixels: Pixels, view: View | None = None, **offset: float) -> Pixels:
    return compose([(pixels, 1.0, Offset(**offset))], view)


def by_the_camera(pixels: Pixels, motion: CameraMotion) -> np.ndarray[tuple[int, ...], np.dtype]:
    """The pixels after one step of the flat camera."""
    height, width, _ = pixels.shape
    image = torch.from_numpy(pixels).permute(2, 0, 1)[None].double() / 127.5 - 1
    matrix = matrix_2d(motion, width, height)
    moved = warp_2d(image, matrix, padding="reflection", sampling="bicubic")
    return ((moved[0].permute(1, 2, 0) + 1) * 127.5).numpy()


def test_one_layer_at_rest_is_its_picture_bit_for_bit() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 96, 3), dtype=np.uint8)
    assert compose([(noise, 1.0, AT_REST)]).tobytes() == noise.tobytes()
    layers = [(noise, 0.25, AT_REST), (noise, 0.75, AT_REST)]
    assert compose(layers).tobytes() == noise.tobytes(), "and so are layers of the same"


@pytest.mark.parametrize(
    ("offset", "motion"),
    [
        (Offset(x=7, y=-4), CameraMotion(translate_x=7, translate_y=-4)),
        (Offset(x=1.5), CameraMotion(translate_x=1.5)),
        (Offset(roll=3), CameraMotion(roll=3)),
        (Offset(roll=-40), CameraMotion(roll=-40)),
        (Offset(zoom=1.25), CameraMotion(zoom=1.25)),
        (Offset(zoom=0.9, roll=2), CameraMotion(zoom=0.9, roll=2)),
    ],
)
def test_a_pose_is_the_one_that_the_flat_camera_takes(offset: Offset, motion: CameraMotion) -> None:
    expected = by_the_camera(picture(), motion)
    found = compose([(picture(), 1.0, offset)]).astype(float)
    # Rounded once; older releases of OpenCV also round places to 1/32 of a pixel.
    assert np.abs(found - expected).max() <= 1.5
    assert np.abs(picture() - expected).max() > 20, "at rest it would not do"


def test_whole_pixels_move_without_a_loss() -> None:
    found = seen(picture(), x=7, y=-4)
    np.testing.assert_array_equal(found[: HEIGHT - 4, 7:], picture()[4:, : WIDTH - 7])
    np.testing.assert_array_equal(found[: HEIGHT - 4, :7], picture()[4:, 6::-1][:, -7:])


def test_an_offset_moves_what_it_has_turned() -> None:
    """The picture is turned about its centre and then moved, so the move itself is not turned."""
    turned = seen(picture(), roll=90, x=8)
    # By 90 degrees the camera's own order would move it down or up.
    expected = by_the_camera(picture(), CameraMotion(roll=90))
    inside = turned[20:-20, 36:-28].astype(float)
    np.testing.assert_allclose(inside, expected[20:-20, 28:-36], atol=1.5)


def test_no_black_shows_at_the_edges() -> None:
    white = np.full((40, 60, 3), 255, np.uint8)
    for offset in (Offset(x=33, y=-21), Offset(zoom=0.4), Offset(roll=45, zoom=0.7)):
        assert compose([(white, 1.0, offset)]).min() == 255


def test_brightness_is_a_factor_of_the_levels() -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[:, None, None], 3, axis=2)
    for factor in (0.0, 0.5, 1.25):
        expected = np.clip(np.rint(np.arange(256) * factor), 0, 255)
        np.testing.assert_array_equal(seen(ramp, brightness=factor)[:, 0, 1], expected)


def test_saturation_keeps_the_luma() -> None:
    pixels = picture()
    luma = pixels @ np.array([0.2126, 0.7152, 0.0722])
    grey = seen(pixels, saturation=0)
    assert np.ptp(grey.astype(int), axis=2).max() == 0
    np.testing.assert_allclose(grey[..., 0], luma, atol=0.51)
    muted = seen(pixels, saturation=0.5).astype(float)
    np.testing.assert_allclose(muted, (pixels + luma[..., None]) / 2, atol=0.51)
    inside = (pixels.min(axis=2) > 60) & (pixels.max(axis=2) < 190)
    strong = seen(pixels, saturation=1.3).astype(float)
    assert inside.any()
    np.testing.assert_allclose(strong[inside] @ [0.2126, 0.7152, 0.0722], luma[inside], atol=0.51)


def lightness(level: float) -> float:
    """CIE L* of a grey of sRGB."""
    light = ((level / 255 + 0.055) / 1.055) ** 2.4 if level > 10.3 else level / 255 / 12.92
    return 116 * light ** (1 / 3) - 16 if light > 0.008856 else 903.3 * light


def test_lightness_runs_evenly_through_a_fade() -> None:
    """Half the weight is half of the way for the eye; mixed as light it would be two thirds."""
    night, day = (np.full((1, 1, 3), level, np.uint8) for level in (40, 220))
    begin, end = lightness(40), lightness(220)
    for risen in (0.1, 0.25, 0.5, 0.75, 0.9):
        level = compose([(night, 1 - risen, AT_REST), (day, risen, AT_REST)])[0, 0, 0]
        way = (lightness(float(level)) - begin) / (end - begin)
        assert way == pytest.approx(risen, abs=0.04)


def test_layers_are_posed_before_they_are_mixed_and_rounded_once() -> None:
    first, second = picture(), np.ascontiguousarray(picture()[::-1])
    offset = Offset(zoom=1.1, brightness=0.8)
    mixed = compose([(first, 0.3, offset), (second, 0.7, AT_REST)]).astype(float)
    apart = 0.3 * compose([(first, 1.0, offset)]).astype(float) + 0.7 * second
    assert np.abs(mixed - apart).max() <= 0.5 + 0.3 * 0.5 + 1e-3


def test_what_shines_too_bright_in_one_layer_does_not_light_the_other() -> None:
    white, black = (np.full((4, 4, 3), level, np.uint8) for level in (255, 0))
    bright = [(white, 0.5, Offset(brightness=3)), (black, 0.5, AT_REST)]
    assert set(compose(bright).ravel()) == {128}


@pytest.mark.parametrize("fit", ["cover", "contain", "stretch"])
@pytest.mark.parametrize("canvas", [(3 * WIDTH, 3 * HEIGHT), (240, 90), (90, 200)])
def test_in_a_larger_picture_the_pose_is_as_large(canvas: Size, fit: Fit) -> None:
    """Posed at its own size and then fitted, or fitted and then posed: it looks the same."""
    view = View((WIDTH, HEIGHT), place((WIDTH, HEIGHT), canvas, fit))
    pose = {"zoom": 1.2, "x": 6.0, "y": -3.0, "roll": 8.0}
    expected = fitted(seen(picture(), **pose), canvas, fit).astype(float)
    found = seen(fitted(picture(), canvas, fit), view, **pose).astype(float)
    at_rest = fitted(picture(), canvas, fit).astype(float)
    # What comes in at an edge is another mirror where the frame was cut.
    inner = tuple(slice(side // 5, -side // 5) for side in found.shape[:2])
    assert np.abs(found - expected)[inner].mean() < 2.5
    assert np.abs(at_rest - expected)[inner].mean() > 10
    if fit == "contain":
        bars = expected.max(axis=2) == 0
        assert (found.max(axis=2) == 0)[bars].all(), "bars stay black"


def test_layers_of_two_sizes_are_refused() -> None:
    layers = [(picture(), 0.5, AT_REST), (picture(8, 8), 0.5, AT_REST)]
    with pytest.raises(ValueError, match="layers are of one size"):
        compose(layers)


def test_frames_are_composed_from_files_each_read_once_while_it_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / name for name in ("a.png", "b.png")]
    for level, path in enumerate(paths):
        path.write_bytes(encode_png(np.full((4, 6, 3), 100 * level, np.uint8)))
    read: list[str] = []
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path.name) or real(path))
    first, second = (Layer(path, FrameId(frame)) for frame, path in enumerate(paths))
    fade = (replace(first, weight=0.5), replace(second, weight=0.5))
    levels = [int(one[0, 0, 0]) for one in composed([(first,), (first,), fade, (second,)])]
    assert levels == [0, 0, 50, 100]
    assert read == ["a.png", "b.png"]


def test_a_picture_that_is_damaged_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    with pytest.raises(RunError, match=rf"^{tmp_path}/a\.png: found 1 bytes that are not an und"):
        list(composed([(Layer(tmp_path / "a.png", FrameId(0)),)]))

"""Frames for two eyes, from files: disparity of known points, layouts, sizes, poses and fades."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import radians, tan
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import RunError
from pipeline.files.inverse_depth import encode_depth
from pipeline.files.png import Pixels, decode_png, encode_png
from pipeline.output.anaglyph import anaglyph
from pipeline.output.composition import View
from pipeline.output.fit import place
from pipeline.output.stereo import StereoView, stereo_pictures
from pipeline.run.footage import Layer
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Fit
from pipeline.spec.relief import STRAIGHT, Relief
from pipeline.spec.stereo import StereoSpec
from pipeline.spec.timeline import Offset

WIDTH, HEIGHT = 192, 128
NEAR, FAR = 0.9, 2.3
POINTS = ((95.0, 64.0, NEAR), (40.5, 40.0, FAR), (150.0, 90.25, FAR))
Point = tuple[float, float]


def scene(folder: Path, frame: int = 0) -> Layer:
    """A frame of three white dots, one on a near plate before a far wall, and its depth."""
    row, column = np.mgrid[:HEIGHT, :WIDTH]
    grey = np.full((HEIGHT, WIDTH), 50.0)
    for x, y, _ in POINTS:
        grey += 180 * np.exp(-((column - x) ** 2 + (row - y) ** 2) / (2 * 1.8**2))
    pixels = np.repeat(np.rint(grey).astype(np.uint8)[..., None], 3, axis=2)
    depth = np.full((HEIGHT, WIDTH), FAR, dtype=np.float32)
    depth[44:84, 75:115] = NEAR
    path = folder / f"{frame:06d}.png"
    path.write_bytes(encode_png(pixels))
    depth_of(folder)(FrameId(frame)).write_bytes(encode_depth(depth))
    return Layer(path, FrameId(frame))


def depth_of(folder: Path) -> Callable[[FrameId], Path]:
    """Where the depth of a frame lies."""
    return lambda frame: folder / f"depth-{frame.frame}.png"


def view(
    folder: Path,
    stereo: StereoSpec | None = None,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    fit: Fit = "cover",
) -> StereoView:
    placed = View((WIDTH, HEIGHT), place((WIDTH, HEIGHT), size, fit))
    return StereoView(stereo or StereoSpec(), placed, {"main": Relief()}, depth_of(folder), fit)


def halves(picture: Pixels) -> tuple[Pixels, Pixels]:
    middle = picture.shape[1] // 2
    return picture[:, :middle], picture[:, middle:]


def seen(layers: Sequence[Layer], how: StereoView) -> Pixels:
    (picture,) = stereo_pictures([tuple(layers)], how)
    return picture


def centre(picture: Pixels, around: Point, reach: int) -> Point:
    """The centre of the dot that lies around a point."""
    left, top = (round(one) - reach for one in around)
    part = picture[top : top + 2 * reach + 1, left : left + 2 * reach + 1, 0].astype(float)
    part = np.maximum(part - np.median(part) - 2, 0)
    row, column = np.mgrid[: 2 * reach + 1, : 2 * reach + 1]
    total = part.sum()
    return float(left + (column * part).sum() / total), float(top + (row * part).sum() / total)


def disparity(z: float, stereo: StereoSpec, focal: float) -> float:
    """How much further right the left eye sees a point than the right eye does, in pixels."""
    return focal * (stereo.ipd / 200 / z - 2 * tan(radians(stereo.eye_angle)))


def focal(height: float, fov: float = 40.0) -> float:
    return height / 2 / tan(radians(fov) / 2)


@pytest.mark.parametrize("ipd", [2.0, 5.0, 9.5])
@pytest.mark.parametrize(
    ("size", "fit"),
    [
        ((WIDTH, HEIGHT), "cover"),
        ((768, 512), "cover"),
        ((600, 512), "cover"),
        ((700, 400), "contain"),
    ],
)
def test_points_lie_where_the_geometry_puts_them(
    tmp_path: Path, size: tuple[int, int], fit: Fit, ipd: float
) -> None:
    """Within a quarter of a pixel at every size, whether the frame is cut there or has bars."""
    stereo = StereoSpec(ipd=ipd)
    how = view(tmp_path, stereo, size, fit)
    left, right = halves(seen([scene(tmp_path)], how))
    assert left.shape == right.shape == (size[1], size[0], 3)
    there = how.view.to_picture()
    corner = np.zeros(2) if how.view.placed.is_cut else np.array(how.view.placed.corner)
    scale = there[0, 0]
    for x, y, z in POINTS:
        own = (there @ (x, y, 1))[:2] + corner
        half = disparity(z, stereo, focal(HEIGHT) * scale) / 2
        for eye, by in ((left, half), (right, -half)):
            found = centre(eye, (own[0] + by, own[1]), round(7 * scale))
            assert found == pytest.approx((own[0] + by, own[1]), abs=0.25)


def test_the_angle_of_view_and_the_box_count(tmp_path: Path) -> None:
    layer, stereo = scene(tmp_path), StereoSpec(ipd=6.0)
    lens = replace(STRAIGHT, fov=70.0)
    for one, length in (
        (lens, focal(HEIGHT, 70)),
        (replace(lens, projection="disco"), focal(WIDTH, 70)),
    ):
        how = replace(view(tmp_path, stereo), reliefs={"main": Relief(lenses=(one,))})
        left, right = halves(seen([layer], how))
        for x, y, z in POINTS:
            half = disparity(z, stereo, length) / 2
            assert centre(left, (x + half, y), 7)[0] == pytest.approx(x + half, abs=0.25)
            assert centre(right, (x - half, y), 7)[0] == pytest.approx(x - half, abs=0.25)


def test_layouts_show_the_same_two_pictures(tmp_path: Path) -> None:
    layer = scene(tmp_path)
    left, right = halves(seen([layer], view(tmp_path)))
    below = view(tmp_path, StereoSpec(layout="top_bottom"))
    assert below.size == (WIDTH, 2 * HEIGHT)
    np.testing.assert_array_equal(seen([layer], below), np.vstack((left, right)))
    glasses = view(tmp_path, StereoSpec(layout="anaglyph"))
    assert glasses.size == (WIDTH, HEIGHT)
    np.testing.assert_array_equal(seen([layer], glasses), anaglyph(left, right))


def test_what_lies_in_the_screen_is_the_frame_itself(tmp_path: Path) -> None:
    """Bit for bit, for both eyes: the screen lies where the angle says."""
    layer, stereo = scene(tmp_path), StereoSpec(ipd=5.0, eye_angle=0.5)
    assert stereo.screen == pytest.approx(0.0125 / tan(radians(0.5)))
    flat = np.full((HEIGHT, WIDTH), stereo.screen, dtype=np.float32)
    depth_of(tmp_path)(FrameId(0)).write_bytes(encode_depth(flat))
    for eye in halves(seen([layer], view(tmp_path, stereo))):
        np.testing.assert_array_equal(eye, decode_png(layer.picture.read_bytes()))


def test_a_fade_shows_each_layer_at_its_own_depth(tmp_path: Path) -> None:
    """Two frames of one picture: by half of each, a dot is seen in both places."""
    first, second = scene(tmp_path, 0), scene(tmp_path, 1)
    wall = np.full((HEIGHT, WIDTH), FAR, dtype=np.float32)
    depth_of(tmp_path)(FrameId(1)).write_bytes(encode_depth(wall))
    how = view(tmp_path, StereoSpec(ipd=30.0, eye_angle=0.0))
    alone = [seen([one], how).astype(float) for one in (first, second)]
    mixed = seen([replace(first, weight=0.25), replace(second, weight=0.75)], how)
    np.testing.assert_allclose(mixed, 0.25 * alone[0] + 0.75 * alone[1], atol=1.01)
    assert np.abs(alone[0] - alone[1]).max() > 100


def test_a_pose_moves_the_depth_along(tmp_path: Path) -> None:
    """Turned by a quarter, zoomed and moved, dots keep the disparity of their depth, in rows."""
    stereo = StereoSpec(ipd=6.0)
    pose = Offset(zoom=1.25, x=4.0, y=-3.0, roll=90.0)
    left, right = halves(seen([replace(scene(tmp_path), offset=pose)], view(tmp_path, stereo)))
    for x, y, z in POINTS[:1]:
        across, down = x - (WIDTH - 1) / 2, y - (HEIGHT - 1) / 2
        own = (WIDTH - 1) / 2 + 1.25 * down + 4, (HEIGHT - 1) / 2 - 1.25 * across - 3
        half = disparity(z, stereo, focal(HEIGHT)) / 2
        assert centre(left, (own[0] + half, own[1]), 8) == pytest.approx(
            (own[0] + half, own[1]), abs=0.25
        )
        assert centre(right, (own[0] - half, own[1]), 8) == pytest.approx(
            (own[0] - half, own[1]), abs=0.25
        )


def test_light_is_that_of_the_flat_video(tmp_path: Path) -> None:
    dark = seen([replace(scene(tmp_path), offset=Offset(brightness=0.5))], view(tmp_path))
    bright = seen([scene(tmp_path)], view(tmp_path))
    np.testing.assert_allclose(dark, bright / 2, atol=1)


def test_what_does_not_change_does_not_flicker(tmp_path: Path) -> None:
    """A picture that is held is the same for both eyes in every frame, and seen once."""
    layer = scene(tmp_path)
    made = list(stereo_pictures([(layer,)] * 3, view(tmp_path)))
    for one in made[1:]:
        np.testing.assert_array_equal(one, made[0])


def test_what_is_held_in_a_fade_is_seen_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However its weight changes; in another pose it is another sight."""
    first, second = scene(tmp_path, 0), scene(tmp_path, 1)
    how = view(tmp_path)
    read: list[str] = []
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path.name) or real(path))
    shown = [
        (replace(first, weight=1 - share), replace(second, weight=share)) for share in (0.2, 0.5)
    ]
    posed = replace(second, offset=Offset(x=2.0))
    assert len(list(stereo_pictures([(first,), *shown, (second,), (posed,)], how))) == 5
    assert read == [
        *("000000.png", "depth-0.png"),
        *("000001.png", "depth-1.png", "000001.png", "depth-1.png"),
    ]


def test_a_depth_that_is_damaged_is_told(tmp_path: Path) -> None:
    layer = scene(tmp_path)
    path = depth_of(tmp_path)(FrameId(0))
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(RunError) as caught:
        seen([layer], view(tmp_path))
    assert str(caught.value) == (
        f"{path}: this is no undamaged depth picture of 16 bits; remove it; the same command "
        "makes it again"
    )

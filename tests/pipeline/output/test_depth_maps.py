"""The depth of finished frames, kept beside them: what holds, and what is made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.errors import Error, RunError
from pipeline.files.hashing import file_digest
from pipeline.files.inverse_depth import NEAREST, decode_inverse_depth, encode_depth
from pipeline.files.picture_header import PictureError
from pipeline.files.png import Pixels, encode_png
from pipeline.output import depth_maps
from pipeline.output.depth_maps import DepthMaps
from pipeline.spec.camera import CameraSpec, DepthPictureSpec
from pipeline.spec.frame import FrameId
from pipeline.spec.relief import STRAIGHT, Relief

CITY = FrameId(3, "city")


def maps(folder: Path) -> DepthMaps:
    """Three frames of two shots, light and dark."""
    frames = {FrameId(0): 20, FrameId(1): 200, CITY: 90}
    files = {}
    for frame, level in frames.items():
        files[frame] = folder / f"{frame}.png"
        files[frame].write_bytes(encode_png(np.full((4, 6, 3), level, np.uint8)))
    reliefs = {shot: Relief(shot=shot) for shot in ("main", "city")}
    return DepthMaps(files, folder / "run", reliefs, {"main": "one", "city": "two"}, sums_of(files))


def sums_of(files: Mapping[FrameId, Path]) -> dict[FrameId, str]:
    return {frame: file_digest(path) for frame, path in files.items()}


def by_brightness(pixels: Pixels, lens: CameraSpec) -> NDArray[np.float32]:
    return (0.5 + pixels[..., 0] / 100).astype(np.float32)


FOUND = {"main": by_brightness, "city": by_brightness}


def test_each_frame_has_its_depth_in_its_place(tmp_path: Path) -> None:
    made = maps(tmp_path)
    assert made.missing() == list(made.frames)
    files = list(made.make(made.missing(), FOUND))
    assert [one.relative_to(made.folder).as_posix() for one in files] == [
        *("depth/000000.png", "depth/000001.png"),
        "depth/city/000003.png",
    ]
    assert made.missing() == []
    for file, z in zip(files, (0.7, 2.5, 1.4), strict=True):
        np.testing.assert_allclose(decode_inverse_depth(file.read_bytes()), 1 / z, atol=4e-5)


def test_what_it_was_made_of_counts(tmp_path: Path) -> None:
    made = maps(tmp_path)
    list(made.make(made.missing(), FOUND))
    assert replace(made, prints={"main": "another", "city": "two"}).missing() == [
        FrameId(0),
        FrameId(1),
    ]
    disco = Relief("city", (replace(STRAIGHT, projection="disco"),))
    assert replace(made, reliefs={**made.reliefs, "city": disco}).missing() == [CITY]
    wide = Relief("city", (replace(STRAIGHT, fov=90.0),))
    assert replace(made, reliefs={**made.reliefs, "city": wide}).missing() == []
    made.frames[FrameId(1)].write_bytes(encode_png(np.full((4, 6, 3), 201, np.uint8)))
    made = replace(made, sums=sums_of(made.frames))
    assert made.missing() == [FrameId(1)]
    made.file(CITY).write_bytes(made.file(CITY).read_bytes()[:-1])
    made.file(FrameId(0)).unlink()
    assert made.missing() == list(made.frames)


def test_another_recipe_makes_all_of_them_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = maps(tmp_path)
    list(made.make(made.missing(), FOUND))
    monkeypatch.setattr(depth_maps, "RECIPE", depth_maps.RECIPE + 1)
    assert made.missing() == list(made.frames)


def test_the_authors_depth_counts_by_what_is_in_it(tmp_path: Path) -> None:
    given = tmp_path / "given.png"
    cv2.imwrite(str(given), np.zeros((4, 6), np.uint16))
    lens = replace(STRAIGHT, depth=DepthPictureSpec(str(given)))
    made = maps(tmp_path)
    made = replace(made, reliefs={**made.reliefs, "main": Relief(lenses=(lens,))})
    list(made.make(made.missing(), FOUND))
    assert replace(made, prints={"main": "another", "city": "two"}).missing() == []
    cv2.imwrite(str(given), np.ones((4, 6), np.uint16))
    assert made.missing() == [FrameId(0), FrameId(1)]
    given.unlink()
    with pytest.raises(RunError, match=r"cannot read .*given\.png: No such file"):
        made.missing()


def test_no_file_is_read_for_its_sum_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One picture of the author's may hold for all frames; those of the frames are known."""
    given = tmp_path / "given.png"
    cv2.imwrite(str(given), np.zeros((4, 6), np.uint16))
    lens = replace(STRAIGHT, depth=DepthPictureSpec(str(given)))
    reliefs = {shot: Relief(shot, (lens,)) for shot in ("main", "city")}
    made = replace(maps(tmp_path), reliefs=reliefs)
    summed: list[Path] = []
    monkeypatch.setattr(
        depth_maps, "file_digest", lambda path: summed.append(path) or file_digest(path)
    )
    list(made.make(list(made.frames), FOUND))
    assert summed == [given]
    for path in made.frames.values():
        path.unlink()
    assert made.missing() == []
    assert summed == [given, given]


def test_what_changes_while_its_depth_is_sought_is_made_again(tmp_path: Path) -> None:
    made = maps(tmp_path)
    other = encode_png(np.full((4, 6, 3), 77, np.uint8))

    def meanwhile(pixels: Pixels, lens: CameraSpec) -> NDArray[np.float32]:
        made.frames[CITY].write_bytes(other)
        return by_brightness(pixels, lens)

    list(made.make([CITY], {**FOUND, "city": meanwhile}))
    assert replace(made, sums=sums_of(made.frames)).missing() == list(made.frames)


def test_an_interruption_loses_the_frame_in_work_alone(tmp_path: Path) -> None:
    made = maps(tmp_path)
    work = made.make(made.missing(), FOUND)
    next(work)
    work.close()
    assert made.missing() == [FrameId(1), CITY]


def test_a_depth_that_is_no_number_is_told(tmp_path: Path) -> None:
    def broken(pixels: Pixels, lens: CameraSpec) -> NDArray[np.float32]:
        raise FloatingPointError("the depth holds 3 of 24 numbers that are not a number")

    made = maps(tmp_path)
    with pytest.raises(Error) as caught:
        list(made.make(made.missing(), {"main": broken, "city": broken}))
    assert str(caught.value) == (
        f"{made.frames[FrameId(0)]}: the depth holds 3 of 24 numbers that are not a number; the "
        "device or its driver may be at fault: --device cpu does without it"
    )


def test_levels_are_what_the_file_says_they_are() -> None:
    """Read by OpenCV alone: 65535 NEAREST / z, and what is nearer than NEAREST is white."""
    z = np.array([[0.1, NEAREST, 1.0, 2.6, 1e9]], dtype=np.float32)
    levels = cv2.imdecode(np.frombuffer(encode_depth(z, "note"), np.uint8), cv2.IMREAD_UNCHANGED)
    assert levels.tolist() == [[65535, 65535, 16384, 6301, 0]]
    assert levels.dtype == np.uint16


def test_another_picture_is_no_depth() -> None:
    colour = encode_png(np.zeros((2, 2, 3), np.uint8))
    for data in (colour, b"", encode_depth(np.ones((2, 2), np.float32))[:-1]):
        with pytest.raises(PictureError, match="no undamaged depth picture of 16 bits"):
            decode_inverse_depth(data)

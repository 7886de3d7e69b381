"""The depth of a video's frames for compositing programs: pictures, and what they mean.

Convention:
    z is depth before the camera, in units of 200 of its translation: the distance to the plane that
    faces the camera, not that along a ray. A level of a PNG is `65535 NEAREST / z`; a number of an
    EXR file, in its channel `Z`, is z.

A frame of the video in which two lie over each other has the depth of the one that counts more, and
a pose that is shown is that of the depth as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.errors import Error
from pipeline.files.exr import encode_exr
from pipeline.files.inverse_depth import NEAREST, encode_depth
from pipeline.files.left_by_systems import is_left_by_system
from pipeline.files.os_errors import os_errors_as
from pipeline.output.composition import is_posed, pose
from pipeline.output.depth_maps import DepthMaps, read_inverse
from pipeline.output.whole import pictures_whole
from pipeline.run.footage import Footage, Layer
from pipeline.spec.timeline import AT_REST
from pipeline.spec.video_formats import NumberedPictures

DepthFormat = Literal["png", "exr"]
Depth = NDArray[np.float32]

_MEANING = "depth.json"
"""Name of the file that says what the pictures beside it mean, and that they are of an export."""

_REMEDY = "name another folder for the depth"

_FARTHEST = 1e-6
"""Inverse depth of what is told to be infinitely far away."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    folder: Path
    meaning: Path
    """The JSON file in the folder."""
    frames: int


def export_depth(
    footage: Footage,
    maps: DepthMaps,
    folder: Path,
    form: DepthFormat,
    progress: Callable[[int], None] = lambda done: None,
) -> Exported:
    """Write the depth of all frames of `footage` as `folder`, which appears whole.

    `progress` gets the number of frames done. Raises Error as `check_place` does, or if the disk
    refuses.
    """
    check_place(folder, maps.folder)
    named = {one: NumberedPictures(folder.name, "", 6, f".{one}") for one in _FORMS}
    pictures = named[form]
    # An earlier export may be of the other format; what else lies there was checked to be one.
    with pictures_whole(folder.parent, pictures, {_MEANING}, named.values()) as temporary:
        _write(temporary / _MEANING, json.dumps(_meaning(footage, form), indent=1).encode())
        for frame, depth in enumerate(depths(footage, maps)):
            _write(temporary / pictures.name(frame), _ENCODERS[form](depth))
            progress(frame + 1)
    return Exported(folder, folder / _MEANING, len(footage.shown))


def check_place(folder: Path, run: Path) -> None:
    """Raise Error for a folder within `run`, or one that holds what no export has written."""
    with os_errors_as(Error, "read", folder, _REMEDY):
        if folder.resolve().is_relative_to(run.resolve()):
            raise Error(f"{folder} lies in the render {run} itself; name a folder outside it")
        if not folder.is_dir() or all(is_left_by_system(one.name) for one in folder.iterdir()):
            return
    # Frames of a render have the same names.
    if not _is_export(folder / _MEANING):
        raise Error(f"{folder} holds what no export of depth has written; name another folder")


def _is_export(meaning: Path) -> bool:
    try:
        said = json.loads(meaning.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and said.get("unit") == _UNIT


def _write(file: Path, data: bytes) -> None:
    with os_errors_as(Error, "write", file, _REMEDY):
        file.write_bytes(data)


def depths(footage: Footage, maps: DepthMaps) -> Iterator[Depth]:
    """The depth z of each frame of the video, `(H, W)`; RunError names one that is damaged."""
    for layers in footage.shown:
        shown = _foremost(layers)
        yield _posed(_read(maps.file(shown.id)), shown)


def _foremost(layers: Sequence[Layer]) -> Layer:
    """The layer that counts most; of two that count as much, the one that comes."""
    return max(reversed(layers), key=lambda layer: layer.weight)


def _read(path: Path) -> Depth:
    return np.asarray(1 / np.maximum(read_inverse(path), _FARTHEST), dtype=np.float32)


def _posed(depth: Depth, layer: Layer) -> Depth:
    if not is_posed(layer.offset):
        return depth
    height, width = depth.shape
    matrix = pose(layer.offset, (width, height), None)
    # Between a near thing and a far one nothing lies: depth is not mixed.
    moved = cv2.warpAffine(
        depth, matrix[:2], (width, height), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(moved, dtype=np.float32)


def _meaning(footage: Footage, form: DepthFormat) -> dict[str, object]:
    """What the pictures mean, for programs and for people who write them."""
    width, height = footage.size
    lenses = {one.shot: one for one in footage.reliefs}
    shown = [_foremost(layers) for layers in footage.shown]
    seen = [lenses[one.id.shot].lens(one.id.frame) for one in shown]
    return {
        "title": footage.title,
        "frames": len(shown),
        "fps": str(footage.fps),
        "width": width,
        "height": height,
        "unit": _UNIT,
        **_FORMS[form],
        "projection": sorted({lens.projection for lens in seen}),
        "vertical_fov_degrees": [lens.fov for lens in seen],
        "shown_with_offset": any(one.offset != AT_REST for one in shown),
    }


_UNIT = "depth before the camera, in units of 200 of camera.translate_z"

_FORMS: Mapping[DepthFormat, Mapping[str, object]] = {
    "png": {
        "format": "PNG, grey, 16 bits: inverse depth",
        "level_times_depth": 65535 * NEAREST,
        "depth_of_white": NEAREST,
    },
    "exr": {"format": "OpenEXR, float, channel Z: depth"},
}
"""How a picture's numbers become depth."""

_ENCODERS: Mapping[DepthFormat, Callable[[Depth], bytes]] = {
    "png": encode_depth,
    "exr": encode_exr,
}

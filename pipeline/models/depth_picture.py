"""Depth that the author gives: grey pictures, brighter is nearer.

Convention:
    White lies at the near plane and black at the far one, as `Planes` has it, whatever
    else a picture holds: depth that is steady in the files is steady in the video.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pipeline.models.depth_scale import Planes
from pipeline.png import PictureError

_HIGHEST_LEVEL = {"uint8": 255, "uint16": 65535}
_SUFFIXES = frozenset({".png", ".tif", ".tiff", ".jpg", ".jpeg", ".webp", ".bmp"})
_NUMBER = re.compile(r"\d+$")
_OTHER_SHAPE = 0.01
"""Proportions that differ by more are another picture's, not a matter of rounding."""


class PictureDepth:
    """One grey picture as a `DepthEstimator`: the same depth for every picture of its size."""

    def __init__(self, grey: NDArray[np.float32], width: int, height: int, planes: Planes) -> None:
        """`grey` is `(H, W)` in [0, 1], of any size; depth is `height` x `width`."""
        enlarges = width > grey.shape[1]
        kernel = cv2.INTER_LINEAR if enlarges else cv2.INTER_AREA
        resized = cv2.resize(grey, (width, height), interpolation=kernel)
        self._depth = planes.depth(torch.from_numpy(resized))

    def __call__(self, picture: Tensor) -> Tensor:
        """Depth `(N, 1, H, W)` for pictures `(N, 3, H, W)`, on their device."""
        n, _, h, w = picture.shape
        if self._depth.shape != (h, w):
            raise ValueError(f"this depth is for {tuple(self._depth.shape)} pixels, found {(h, w)}")
        return self._depth.to(picture.device).expand(n, 1, h, w)


def load_picture_depth(path: Path, width: int, height: int, planes: Planes) -> PictureDepth:
    """The depth in a grey picture file, 8 or 16 bits deep, for frames of `width` x `height`.

    Raises:
        PictureError: the file is missing, no picture, not grey, or of other proportions.
    """
    grey = _read_grey(path)
    found_height, found_width = grey.shape
    if abs(found_width * height / (found_height * width) - 1) > _OTHER_SHAPE:
        raise PictureError(
            f"{path} is {found_width} x {found_height}, and a frame {width} x {height}; depth has "
            "the frame's proportions: export it at the frame's size"
        )
    return PictureDepth(grey, width, height, planes)


@dataclass(frozen=True, slots=True)
class FolderDepth:
    """A folder with a depth picture for each frame; made by `open_folder_depth`."""

    files: Mapping[int, Path]
    width: int
    height: int
    planes: Planes

    def for_frame(self, frame: int) -> PictureDepth:
        """The depth of the picture of `frame`; the warp to frame 8 asks for that of frame 7.

        Raises:
            PictureError: as `load_picture_depth`.
        """
        return load_picture_depth(self.files[frame], self.width, self.height, self.planes)


def open_folder_depth(
    folder: Path, frames: Iterable[int], width: int, height: int, planes: Planes
) -> FolderDepth:
    """The depth pictures of `frames`, found by the number at the end of each file's name.

    Raises:
        PictureError: the folder is missing, a frame has no picture, or has two.
    """
    files = _numbered(folder)
    missing = [frame for frame in frames if frame not in files]
    if missing:
        raise PictureError(
            f"{folder}: no depth picture for frame {missing[0]} ({len(missing)} are missing, "
            f"{len(files)} are here); name each by its frame, such as {missing[0]:06d}.png"
        )
    return FolderDepth(files, width, height, planes)


def _numbered(folder: Path) -> dict[int, Path]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    except OSError as error:
        raise PictureError(
            f"{folder}: the folder of depth pictures cannot be read ({error.strerror})"
        ) from error
    files: dict[int, Path] = {}
    for path in paths:
        if match := _NUMBER.search(path.stem):
            first = files.setdefault(int(match[0]), path)
            if first is not path:
                raise PictureError(
                    f"{folder}: {first.name} and {path.name} are both named for frame "
                    f"{int(match[0])}; a frame has one depth picture: move one away"
                )
    return files


def _read_grey(path: Path) -> NDArray[np.float32]:
    """`(H, W)` in [0, 1]: 0 is black, 1 the brightest level that the file's depth allows."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PictureError(
            f"cannot read the depth picture {path}: {error.strerror}; "
            "check its name, and that it may be read"
        ) from error
    encoded = np.frombuffer(data, dtype=np.uint8)
    stored = cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED) if data else None
    if stored is None or stored.dtype.name not in _HIGHEST_LEVEL:
        raise PictureError(
            f"{path} is not a depth picture that can be read; allowed are PNG, TIFF and others "
            "with 8 or 16 bits: export it as a grey PNG of 16 bits"
        )
    # Many programs write grey as three equal channels.
    channels = stored[..., None] if stored.ndim == 2 else stored
    grey = channels[..., 0]
    if channels.shape[2] > 3 or (channels != grey[..., None]).any():
        raise PictureError(
            f"{path} has colour or transparency, and depth has neither; export it as a grey PNG"
        )
    return grey.astype(np.float32) / np.float32(_HIGHEST_LEVEL[stored.dtype.name])

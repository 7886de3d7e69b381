"""Depth that the author gives: grey pictures instead of a network.

Convention:
    The nearest level lies at the near plane and the farthest at the far one, whatever else a
    picture holds: depth that is steady in the files is steady in the video.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch import Tensor

from pipeline.files.grey import read_grey
from pipeline.files.pictures import fit_grey
from pipeline.networks.depth.scale import FIELD, Planes
from pipeline.protocols import DepthEstimator
from pipeline.spec.camera import DepthPictureSpec, Projection, White


def picture_depth(
    given: DepthPictureSpec, planes: Planes = FIELD, projection: Projection = "pinhole"
) -> DepthEstimator:
    """The depth in a picture as an estimator: the same for every picture of its size.

    Where white is near, levels are inverse depth, as MiDaS and its kin write it: halfway in
    brightness is halfway in 1 / z, or on Disco's scale, which `projection: disco` moves through,
    halfway in z. Where white is far, they are distance itself, as 3D programs write it. The file is
    fitted to the picture as an init image is. It is read when the estimator is called, which raises
    `PictureError` for one that has changed for the worse since the scene was read.
    """

    def depth(picture: Tensor) -> Tensor:
        n, _, h, w = picture.shape
        levels = torch.from_numpy(fit_grey(read_grey(Path(given.file)), w, h))
        return _DEPTH[projection, given.white](planes, levels).to(picture.device).expand(n, 1, h, w)

    return depth


def _distance(planes: Planes, level: Tensor) -> Tensor:
    return planes.near + level * (planes.far - planes.near)


_DEPTH: Mapping[tuple[Projection, White], Callable[[Planes, Tensor], Tensor]] = {
    ("pinhole", "near"): Planes.depth,
    ("pinhole", "far"): _distance,
    ("disco", "near"): Planes.disco,
    ("disco", "far"): _distance,
}

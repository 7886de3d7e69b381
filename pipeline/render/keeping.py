"""What is kept of a shot beside its pictures: its coarse form, its colours, its sharpness.

It begins with the first picture, is carried along by the camera, lets go where that shows what was
not seen before, and follows what is painted. What is saved is never corrected, only what is fed
back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

from pipeline.camera.carry import carried, shrunk
from pipeline.camera.maps import CameraMap
from pipeline.camera.sight import Sight
from pipeline.diffusion.following import exchanged, followed, passed
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.diffusion.palette import Transfer, covariance, histogram, like, mean
from pipeline.diffusion.sharpness import sharpness, with_sharpness
from pipeline.files.arrays import Arrays
from pipeline.files.pictures import fit, read_picture
from pipeline.spec.camera import CameraSpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.keeping import ColourMatch, ColourSpec, KeepSpec

Share = TypeVar("Share", float, Tensor)

SIDE = 64
"""Shorter side of what is kept, in pixels, of larger frames: `init_hold` blurs by 1/16 of it."""

# Levels finer than those of pictures: what follows slowly would not move at all between those.
_HALF_RANGE = 32767.5


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What frames that grow from this one keep; None for what they do not."""

    form: Tensor | None = None
    """A picture `(1, 3, h, w)`, for its coarse part."""
    colours: Tensor | None = None
    """A picture `(1, 3, h, w)`, for its colours."""
    sharpness: float | None = None

    def to_arrays(self) -> dict[str, NDArray[np.generic]]:
        """As arrays, from which `from_arrays` makes it again, bit for bit."""
        arrays: dict[str, NDArray[np.generic]] = {}
        if self.form is not None:
            arrays["form"] = _to_levels(self.form).cpu().numpy().astype(np.uint16)
        if self.colours is not None:
            arrays["colours"] = to_pixels(self.colours)
        if self.sharpness is not None:
            arrays["sharpness"] = np.float64(self.sharpness).reshape(1)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Kept:
        """What `to_arrays` made arrays of; other arrays are left alone."""
        form, colours, sharp = map(arrays.get, ("form", "colours", "sharpness"))
        return cls(
            None if form is None else _from_levels(torch.from_numpy(form.astype(np.float64))),
            None if colours is None else to_tensor(colours.astype(np.uint8)),
            None if sharp is None else float(sharp[0]),
        )


def begun(picture: Tensor, keep: KeepSpec) -> Kept:
    """What `keep` asks for, of a first picture `(1, 3, H, W)`."""
    colour = keep.colour
    return Kept(
        form=_levels(_shrunk(picture)) if keep.follow < 1 else None,
        colours=_picked(picture) if colour is not None and colour.file is None else None,
        sharpness=None if keep.sharpness is None else sharpness(picture),
    )


def arrived(kept: Kept | None, sight: Sight, way: CameraMap | None, spec: FrameSpec) -> Kept:
    """What was kept, where the camera of the frame `spec` is; `way` is None for one at rest.

    Where it was out of sight, and by as much as it grew, it is the picture that is seen. What the
    frame asks for and was not kept begins with that picture; what it does not ask for ends.
    """
    fresh = begun(sight.picture, spec.painting.keep)
    return fresh if kept is None else _carried(kept, fresh, sight, way, spec)


def taken_along(kept: Kept, sight: Sight, way: CameraMap | None, spec: FrameSpec) -> Kept:
    """What was kept, where the camera of a frame that is only moved is, for those painted later."""
    asked = KeepSpec(
        follow=1.0 if kept.form is None else 0.0,
        colour=None if kept.colours is None else ColourSpec(share=0.0),
        sharpness=None if kept.sharpness is None else 0.0,
    )
    return _carried(kept, begun(sight.picture, asked), sight, way, spec)


def _carried(kept: Kept, fresh: Kept, sight: Sight, way: CameraMap | None, spec: FrameSpec) -> Kept:
    """What was kept, as far as `fresh`, of what is seen, has the same."""
    gone = _either(passed(sight.known, sight.stretch), _led_away(spec))
    share = _shrunk(gone)
    form, colours, sharp = fresh.form, fresh.colours, fresh.sharpness
    if form is not None and kept.form is not None:
        brought = _brought(kept.form.to(form), way, spec.camera, "bicubic")
        form = _levels(followed(brought, form, share))
    if colours is not None and kept.colours is not None:
        brought = _brought(kept.colours.to(colours), way, spec.camera, "nearest")
        colours = exchanged(brought, colours, share, spec.frame)
    if sharp is not None and kept.sharpness is not None:
        sharp = _between(kept.sharpness, sharp, float(gone.mean()))
    return Kept(form, colours, sharp)


def _led_away(spec: FrameSpec) -> float:
    """The share of what is kept that gives way where a frame is led to another picture.

    A shot that ends on a picture of the author's goes there, in what is kept as in what is seen. On
    the way of a cross-fade what is seen is all that there is to keep.
    """
    if spec.denoise is not None and spec.denoise.crossing is not None:
        return 1.0
    return 1 - spec.shares[0] if spec.shares else 0.0


def renewed(kept: Kept, painted: Tensor, spec: FrameSpec, anew: Tensor) -> Kept:
    """What is kept once the frame `spec` is painted, `(1, 3, H, W)`: it follows as that says.

    `anew`, `(1, 1, H, W)` in [0, 1], is 1 where the frame shows what the shot did not show before:
    what was kept there is a stopgap.
    """
    keep = spec.painting.keep
    fresh = begun(painted, keep)
    form, colours, sharp = kept.form, kept.colours, kept.sharpness
    lets_go = _either(keep.afresh * _shrunk(anew), keep.let_go)
    if form is not None and fresh.form is not None:
        form = _levels(followed(form, fresh.form, _either(lets_go, keep.followed(keep.follow))))
    if colours is not None and fresh.colours is not None and keep.colour is not None:
        share = _either(lets_go, keep.followed(keep.colour.follow))
        colours = exchanged(colours, fresh.colours, share, spec.frame)
    if sharp is not None and fresh.sharpness is not None:
        sharp = _between(sharp, fresh.sharpness, keep.let_go)
    return Kept(form, colours, sharp)


def corrected(picture: Tensor, kept: Kept, keep: KeepSpec) -> Tensor:
    """The picture `(1, 3, H, W)` that is fed back, with the colours and sharpness that are kept."""
    colour = keep.colour
    if colour is not None and (reference := _reference(colour, kept, picture)) is not None:
        picture = like(picture, reference, colour.share, _TRANSFERS[colour.by])
    if kept.sharpness is not None and keep.sharpness is not None:
        picture = with_sharpness(picture, kept.sharpness, keep.sharpness)
    return picture


def held_form(kept: Kept, picture: Tensor) -> Tensor:
    """The picture `(1, 3, H, W)` whose coarse part a frame holds to: `picture` if none is kept."""
    if kept.form is None:
        return picture
    size = picture.shape[-2:]
    return interpolate(kept.form.to(picture), size, mode="bilinear", align_corners=False)


_TRANSFERS: Mapping[ColourMatch, Transfer] = {
    "mean": mean,
    "covariance": covariance,
    "histogram": histogram,
}


def _reference(colour: ColourSpec, kept: Kept, picture: Tensor) -> Tensor | None:
    if colour.file is None:
        return None if kept.colours is None else kept.colours.to(picture)
    *_, height, width = picture.shape
    return to_tensor(fit(read_picture(Path(colour.file)), width, height)).to(picture)


def _brought(kept: Tensor, way: CameraMap | None, camera: CameraSpec, sampling: str) -> Tensor:
    """What is kept, `(1, C, h, w)`, after it has gone the `way`."""
    if way is None:
        return kept
    # Beyond other edges than those that wrap around nothing of it is seen.
    padding = "wrap" if camera.padding == "wrap" else "border"
    return carried(kept, *way.backward(), padding=padding, sampling=sampling)


def _small(picture: Tensor) -> tuple[int, int]:
    """Height and width of what is kept of a picture."""
    height, width = picture.shape[-2:]
    factor = max(1.0, min(height, width) / SIDE)
    return round(height / factor), round(width / factor)


def _shrunk(numbers: Tensor) -> Tensor:
    return shrunk(numbers, *_small(numbers))


def _picked(picture: Tensor) -> Tensor:
    """Single pixels of the picture, whose colours no mean has paled, as levels of a picture."""
    picked = interpolate(picture, _small(picture), mode="nearest-exact")
    return to_tensor(to_pixels(picked)).to(picture)


def _levels(form: Tensor) -> Tensor:
    """What the disk gives back of `form`, so that going on and resuming are the same."""
    return _from_levels(_to_levels(form)).to(form)


def _to_levels(form: Tensor) -> Tensor:
    return ((form.double().clamp(-1, 1) + 1) * _HALF_RANGE).round()


def _from_levels(levels: Tensor) -> Tensor:
    return (levels / _HALF_RANGE - 1).float()


def _between(kept: float, found: float, share: float) -> float:
    """The share of the way from one sharpness to another, in their logarithm where there is one."""
    if share == 0 or not kept > 0 or not found > 0:
        return kept if share < 1 else found
    return float(kept ** (1 - share) * found**share)


def _either(one: Share, other: float) -> Share:
    """The share of two that give way one after the other."""
    return 1 - (1 - one) * (1 - other)

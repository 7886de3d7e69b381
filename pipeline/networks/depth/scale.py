"""From relative inverse depth to the depth z that the 3D warp needs, and from frame to frame alike.

Convention:
    p is a network's inverse depth: larger is nearer, up to a scale and a shift. q is p in [0, 1].
    The unit of z is Disco's: a motion of 200 moves the camera by 1.

A network's scale and shift differ a little from one frame to the next, and z with them: the camera
then speeds up and slows down ("pumping"). A render must resume exactly from its last saved frame,
so no scale is carried along; each is found from one picture alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from pipeline.camera.warp import NEAR

_PICTURE = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Planes:
    """Depth z of the nearest and of the farthest things."""

    near: float
    far: float

    def __post_init__(self) -> None:
        if not 0 < self.near < self.far:
            raise ValueError(
                f"near is {self.near} and far {self.far}; near is above 0, and far behind it"
            )

    def depth(self, q: Tensor) -> Tensor:
        """z with 1 / z = q / near + (1 - q) / far: 1 lies at `near` and 0 (the sky) at `far`."""
        return 1 / (q / self.near + (1 - q) / self.far)

    def disco(self, q: Tensor) -> Tensor:
        """z with z = q near + (1 - q) far: even in q, as `disco_depth` is in p."""
        return self.far + q * (self.near - self.far)


FIELD = Planes(near=0.8, far=2.6)
"""Planes where Disco's formula puts what MiDaS takes for near and for sky in most pictures."""


def disco_depth(p: Tensor) -> Tensor:
    """z = (50 - p) / 19, as Disco Diffusion 5.7 has it; at least the nearest plane of the warp.

    The numbers were fitted to the answers of `dpt_large` and suit no other network: what others say
    is laid between the planes of `FIELD` by `steady_disco_depth`. They are the same for all frames,
    so changes of the network's scale and shift between frames show.
    """
    return ((50.0 - p) / 19.0).clamp(min=NEAR)


def steady_depth(planes: Planes) -> Callable[[Tensor], Tensor]:
    """From p to z between the planes, whatever scale and shift the network gave a picture."""
    return lambda p: planes.depth(steady(p))


def steady_disco_depth(planes: Planes) -> Callable[[Tensor], Tensor]:
    """From p to z on Disco's scale: even in p between the planes, whatever its scale and shift."""
    return lambda p: planes.disco(steady(p))


def steady(p: Tensor) -> Tensor:
    """q = 1/2 + (p - m) / (4 d), within [0, 1], with the mean m of each picture `(N, 1, H, W)` and
    its mean absolute deviation d.

    A scale and a shift of p cancel out. What remains is the picture's own: m and d are averages,
    and change by no more than the share of the picture that changed. Its least and greatest p, or
    quantiles, jump instead when one near thing leaves the frame, and a median when the horizon
    passes the middle: in flights into paintings, scaled by its extremes, depth pumps two to three
    times as much. A plane seen aslant, whose p is spread evenly, fills [0, 1] exactly.

    Where d is less than a hundredth of m the picture is taken to be flat: a black frame's noise is
    no landscape.
    """
    mean = p.mean(_PICTURE, keepdim=True)
    deviation = (p - mean).abs().mean(_PICTURE, keepdim=True)
    scale = deviation.maximum(_FLAT * mean.abs()).clamp(min=_SMALLEST)
    return (0.5 + (p - mean) / (4.0 * scale)).clamp(0.0, 1.0)


_FLAT = 0.01
_SMALLEST = 1e-12

"""What a frame is painted over: in pixels, and in the space of its denoiser."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from pipeline.diffusion.noise_field import NoiseField
from pipeline.diffusion.space import places
from pipeline.protocols import Space


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """What a frame begins with, in pixels."""

    picture: Tensor | None = None
    """`(1, 3, H, W)` in [-1, 1]; None where the frame comes out of noise."""
    form: Tensor | None = None
    """The picture whose coarse part `init_hold` keeps, of that shape; None is `picture`."""
    kept: Tensor | None = None
    """How much of either hold counts at each place, `(1, 1, H, W)` in [0, 1]; all of it if None."""
    grown: Tensor | None = None
    """Where `picture` lacks its finest detail, as the camera magnified it, `(1, 1, H, W)` in
    [0, 1]; nowhere if None."""
    repaint: Tensor | None = None
    """How much more than the rest each place is painted afresh, `(1, 1, H, W)` in [-1, 1]."""
    noise: NoiseField | None = None
    """What carries the noise that is not the frame's own."""

    def within(self, space: Space) -> Canvas:
        """The start as a denoiser that works in `space` takes it."""
        x = None if self.picture is None else space.encode(self.picture)
        form = self.form
        return Canvas(
            picture=self.picture,
            x=x,
            form=x if form is None or form is self.picture else space.encode(form),
            kept=_places(self.kept, space),
            grown=_places(self.grown, space),
            repaint=_places(self.repaint, space),
            noise=self.noise,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A `Start` in the space of a denoiser, `(1, C, h, w)` and `(1, 1, h, w)`."""

    picture: Tensor | None = None
    """The picture in pixels, for what judges pictures."""
    x: Tensor | None = None
    """The picture; of it are the details that `detail_hold` keeps."""
    form: Tensor | None = None
    kept: Tensor | None = None
    grown: Tensor | None = None
    repaint: Tensor | None = None
    noise: NoiseField | None = None


ANEW = Canvas()
"""The canvas of a frame that comes out of noise, all of it its own."""


def _places(field: Tensor | None, space: Space) -> Tensor | None:
    return None if field is None else places(field, space)

"""The space of pictures whose left and right edges meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import pad

from pipeline.protocols import Space

COLUMNS = 8
"""Places beyond each edge that an autoencoder sees of the other one: 64 px at a factor of 8."""


@dataclass(frozen=True, slots=True)
class SeamlessSpace:
    """A space of pictures that go round, as `Seamless` is a denoiser of them.

    What lies beyond an edge is what lies at the other one: so many columns of places are put there
    before a conversion, and cut off after it.
    """

    inside: Space
    columns: int = COLUMNS

    @property
    def channels(self) -> int:
        """The channels of a place in the space inside."""
        return self.inside.channels

    @property
    def factor(self) -> int:
        """Side in pixels of what a place stands for in the space inside."""
        return self.inside.factor

    def encode(self, pictures: Tensor) -> Tensor:
        """Pictures `(N, 3, H, W)` that go round in the space inside."""
        return self._round(self.inside.encode, pictures, self.factor, 1)

    def decode(self, x: Tensor) -> Tensor:
        """The pictures `(N, 3, H, W)` of `x`, which goes round; differentiable."""
        return self._round(self.inside.decode, x, 1, self.factor)

    def judged(self, x: Tensor) -> Tensor:
        """The pictures that guidance judges of `x`, which goes round; differentiable."""
        return self._round(self.inside.judged, x, 1, self.factor)

    def _round(
        self, convert: Callable[[Tensor], Tensor], given: Tensor, before: int, after: int
    ) -> Tensor:
        """`convert` of `given`, of which a place is `before` columns wide, and `after` then."""
        # No more is there than the whole of the other side.
        columns = min(self.columns, given.shape[-1] // before)
        if not columns:
            return convert(given)
        wide = pad(given, (columns * before, columns * before, 0, 0), mode="circular")
        return convert(wide)[..., columns * after : -columns * after]

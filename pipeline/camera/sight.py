"""A picture as the camera sees it after it has moved, and how well each place of it is known."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What is seen of a picture from where the camera is now."""

    picture: Tensor
    """`(1, 3, H, W)` in [-1, 1]; places that are not known are filled."""
    known: Tensor
    """`(1, 1, H, W)` in [0, 1]: 1 where the old picture shows the place, 0 where it came into sight
    only now, beyond an edge or from behind something nearer."""
    stretch: Tensor
    """`(1, 1, H, W)`, above 0: linear magnification of what is seen; above 1 it has grown."""

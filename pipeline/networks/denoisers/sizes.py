"""Sizes of pictures that a network of several resolutions can take."""

from __future__ import annotations

from torch import Tensor


def check_sides(pictures: Tensor, multiple: int) -> None:
    """Refuse pictures `(N, C, H, W)` whose sides are not multiples of `multiple`.

    Raises:
        ValueError: a side is not.
    """
    *_, h, w = pictures.shape
    if h % multiple or w % multiple:
        raise ValueError(f"a picture of {w}x{h}; this network takes multiples of {multiple}")

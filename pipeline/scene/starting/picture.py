"""A picture to begin from, until the author puts one in its place: a sun over a sea."""

from __future__ import annotations

import numpy as np

from pipeline.files.png import encode_png

_SIZE = (384, 256)
_HORIZON = 0.6
"""Share of the height at which the sea begins."""
_SKY, _SEA, _SUN = (250, 150, 70), (60, 60, 130), (255, 235, 160)


def sunset_png() -> bytes:
    """The picture as a PNG file: 384 x 256 pixels, the same at every call."""
    width, height = _SIZE
    y, x = np.mgrid[0:height, 0:width] / height
    shade = (1 - 0.4 * np.abs(y - _HORIZON))[..., None]
    picture = np.where((y < _HORIZON)[..., None], _SKY, _SEA) * shade
    from_sun = np.hypot(x - width / height / 2, y - 0.75 * _HORIZON)
    is_sun = (from_sun < 0.12) & (y < _HORIZON)
    picture[is_sun] = _SUN
    glitter = (np.abs(x - width / height / 2) < 0.1 * np.sin(60 * y) ** 2) & (y > _HORIZON)
    picture[glitter] = _SUN
    return encode_png(np.clip(np.rint(picture), 0, 255).astype(np.uint8))

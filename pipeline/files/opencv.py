"""OpenCV's decoder without what it and its libraries print to the terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

_STDERR = 2
_one_at_a_time = Lock()
"""Held while standard error is swapped: two threads at once would not put it back."""


def decode(data: NDArray[np.uint8], flags: int) -> NDArray[np.generic] | None:
    """`cv2.imdecode`; what the file has to complain of is for the caller to say."""
    with _one_at_a_time, _silent():
        return cv2.imdecode(data, flags)


@contextmanager
def _silent() -> Iterator[None]:
    """Standard error of the whole process goes nowhere: libpng and libjpeg know no other switch."""
    try:
        kept = os.dup(_STDERR)
    except OSError:  # closed, so that nothing shows anyway
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, _STDERR)
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(nowhere)
        os.close(kept)

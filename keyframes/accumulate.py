"""The sum of a course over time: `accumulate(x)`, the position that a speed leads to.

Convention:
    x is what is gained in a second. The position is 0 at the first frame of the video, and grows
    from each frame to the next by the mean of x on the two, for the time between them (the
    trapezoid rule). Between frames it goes straight; before the first it is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np
from numpy.typing import NDArray

from keyframes.functions import ACCUMULATE, OVER_TIME
from keyframes.syntax import ExpressionError
from keyframes.timebase import Frames

Array = NDArray[np.float64]

LAST_FRAME = 10_000_000
"""The last frame to which anything is summed up."""


class Accumulated:
    """A signal, the integral of `speed` over `step` seconds a frame, which keeps what it summed.

    `speed` gives the values at whole frames, `(n,)`. Each frame is asked once, in their order, so
    a video costs the same in one piece and frame by frame; the values are the same, too.
    """

    def __init__(self, speed: Callable[[Array], Array], step: float) -> None:
        self._speed = speed
        self._step = step
        self._sums = np.zeros(1)
        self._last = np.empty(0)

    def __call__(self, frame: Frames) -> Frames:
        """Positions at positions in frames. Raises ExpressionError beyond LAST_FRAME."""
        at = np.asarray(frame, dtype=np.float64)
        latest = float(np.fmax.reduce(at.reshape(-1), initial=0.0))
        self._extend(ceil(min(latest, LAST_FRAME + 1.0)))
        values = self._step * self._between(np.clip(at, 0.0, None))
        return values if at.ndim else float(values)

    def _between(self, at: Array) -> Array:
        place = np.floor(at).astype(np.intp)
        before, after = self._sums[place], self._sums[np.ceil(at).astype(np.intp)]
        with np.errstate(all="ignore"):
            return np.where(at == place, before, before + (after - before) * (at - place))

    def _extend(self, until: int) -> None:
        if until > LAST_FRAME:
            raise ExpressionError(f"{ACCUMULATE} reaches to frame {LAST_FRAME}", 1)
        done = len(self._sums)
        if until < done:
            return
        more = self._speed(np.arange(done - (not self._last.size), until + 1, dtype=np.float64))
        with np.errstate(all="ignore"):
            values = np.concatenate((self._last, more))
            sums = OVER_TIME[ACCUMULATE].apply(values, self._sums[-1])
            self._sums = np.concatenate((self._sums, sums[1:]))
        self._last = more[-1:]

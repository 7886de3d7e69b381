"""The variables of a scene, as one of its shots sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from keyframes.mistakes import Mistakes
from keyframes.variables import Number, read_variables, with_variables
from pipeline.scene.reading.clock import Clock
from pipeline.scene.reading.problems import place
from pipeline.scene.sections import Reading

VARS = "vars"


def read_vars(part: Reading, clock: Clock) -> tuple[Clock, Mapping[str, Number | None]]:
    """The variables of a shot's document, and the clock with them.

    What is wrong with them is noted in `part`. Curves are then checked on no frame, as those that
    use a mistaken variable have no values.
    """
    data = part.document.data
    assert isinstance(data, Mapping)
    mistakes = Mistakes((VARS,))
    written = data.get(VARS, {})
    numbers = read_variables(written, clock.timebase, clock.signals, clock.frames, mistakes)
    part.add(place(part.document, (), located) for located in mistakes.problems)
    frames = np.empty(0) if mistakes.problems else clock.frames
    return replace(clock, frames=frames, signals=with_variables(clock.signals, numbers)), numbers

"""Settings of one piece of music, read from what an author writes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from keyframes.curve import Curve
from keyframes.expression import Formula, clock_signals
from keyframes.mistakes import Located, NotationError
from keyframes.notation import read_curve, read_prompts
from keyframes.prompts import PromptSchedule
from keyframes.timebase import Tempo, Timebase

MUSIC = Timebase(Fraction(24), Tempo(120))
FRAMES = 240
SIGNALS = clock_signals(MUSIC, FRAMES)
TIMES = '96, or "4s", "250ms", "1:30", "bar 9", "beat 33.5", "start" or a name from music.sections'


def curve(data: object) -> Curve | Formula:
    """What a number over the video becomes."""
    return read_curve(data, MUSIC, SIGNALS)


def prompts(data: object) -> PromptSchedule:
    """What the prompts of a video become."""
    return read_prompts(data, MUSIC)


def problems(read: Callable[[object], object], data: object) -> list[Located]:
    """All that `read` finds wrong with the data."""
    with pytest.raises(NotationError) as error:
        read(data)
    return list(error.value.problems)

"""Pictures and clouds to start from of which nothing is in the frames."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from keyframes.mistakes import Located
from pipeline.scene.reading.moving import sampled
from pipeline.scene.reading.scheduled import Scheduled
from pipeline.scene.sections import ShotRead
from pipeline.spec.step_schedule import StepSchedule

_NAMES = {"init_image": "picture", "perlin_init": "clouds"}


def unused_starts(part: ShotRead) -> Iterator[Located]:
    """What is to be said of a shot that writes what its first frame starts from and leaves it.

    A frame that skips no step starts from noise alone, unless it is kept to its picture.
    """
    sampler, guidance = part.scene.sampler, part.scene.guidance
    frames = np.arange(part.place.first, part.place.end, dtype=np.float64)
    # Every still starts anew, and else the first frame alone.
    anew = frames if part.scene.video.n_batches else frames[:1]
    if any(sampler.skipping.first.over(sampler.steps, anew)):
        return
    if any(is_on(one.first, frames) for one in (guidance.init_hold, guidance.init_scale)):
        return
    for name, words in _NAMES.items():
        if getattr(sampler, name) is not None:
            yield Located(
                ("sampler", name),
                f"nothing of the {words} is in the first frame, which skips no step and so starts "
                "from noise alone; write skip_steps: {first: 50%}, or less to keep less of it",
            )


def is_on(setting: Scheduled, frames: NDArray[np.float64]) -> bool:
    """Whether a scheduled number is above 0 at any of `frames`, or at any time of the denoising."""
    if isinstance(setting, StepSchedule):
        return not setting.is_zero
    return bool(sampled(setting, frames).any())

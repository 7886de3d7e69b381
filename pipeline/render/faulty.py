"""Frames that cannot be right: found, tried again once in float32, and told.

A number that is infinite, or none, is a fault whatever the scene asks for. A frame of one flat
colour, and one that equals what it was painted over, may be meant; so they count as faults only
where hardly any scene means them:

flat    every pixel has the same colour, to the level, and no input of the frame is nearly flat
frozen  every pixel is that of the frame's first input, of which there was something to paint

Where networks compute in less than float32, the second try is in float32, with the same random
numbers: the same fault has the same cure in every render. Elsewhere it is the same computation
again, which heals what a machine got wrong for once, and gives the bytes that it would have given.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.errors import Error
from pipeline.files.png import Pixels
from pipeline.networks.bundle import Networks
from pipeline.networks.device_errors import device_errors_told
from pipeline.render.memory import Memory
from pipeline.spec.denoise import Denoise
from pipeline.spec.frame import FrameSpec
from pipeline.spec.step_schedule import StepSchedule

_log = logging.getLogger(__name__)

FP32 = "fp32"
_NEARLY_FLAT = 8
"""Levels between which all of a picture lies that may well become one colour in the next frame."""
_FEW_STEPS = 0.1
"""Share of the steps below which a frame may come out as the picture that it was painted over."""
_HELD = 0.9
"""Share of both holds from which on it may, too."""


class FrameFault(Error):
    """A frame that cannot be right; the message names it."""


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """A finished frame."""

    pixels: Pixels
    memory: Memory
    """What it leaves for those that grow from it."""
    precision: str = ""
    """`FP32` if it was rendered again in that; "" if it was rendered as its networks compute."""


Attempt = Callable[[Networks], tuple[Pixels, Memory]]
"""Renders a frame by some networks; FrameFault if a number is not finite."""


def tried_twice(
    attempt: Attempt,
    spec: FrameSpec,
    inputs: Sequence[Pixels],
    networks: Networks,
    accept_lifeless: bool = False,
) -> Painted:
    """The frame `spec`, over the pixels of its `inputs`, tried again if it cannot be right.

    With `accept_lifeless` one that is flat or frozen both times is taken as it came out first, with
    a warning: this never changes a picture, only whether the render stops.

    Raises:
        FrameFault: it went wrong both times.
        Error: the device fails.
    """
    first, fault = _outcome(attempt, spec, inputs, networks)
    if first is not None and not fault:
        return first
    # Not in a handler, whose traceback holds the tensors of the first attempt.
    _log.warning("frame %s: %s; it is rendered again, in fp32 with the same seed", spec.id, fault)
    others = _in_fp32(networks, f"frame {spec.id}: {fault}")
    second, again = _outcome(attempt, spec, inputs, others)
    if second is not None and networks.in_fp32 is not None:
        second = replace(second, precision=FP32)
    if second is not None and not again:
        return second
    lifeless = second if first is None else first
    if lifeless is None or not accept_lifeless:
        remedy = _UNSOUND if lifeless is None else _LIFELESS
        raise FrameFault(f"frame {spec.id}: {fault}; {_again(fault, again)}. {remedy}")
    _log.warning("frame %s: %s; it is taken as it is", spec.id, fault)
    return lifeless


def _in_fp32(networks: Networks, fault: str) -> Networks:
    """The networks for a second try; FrameFault with the `fault` if they cannot be loaded."""
    if networks.in_fp32 is None:
        return networks
    try:
        return networks.in_fp32()
    except Error as error:
        raise FrameFault(f"{fault}; it cannot be rendered again in fp32: {error}") from error


_SAFE = "finished frames are safe, and the same command goes on with this one"
_UNSOUND = (
    "Lower the guidance scales there, or change prompts, steps or seed; the networks may be at "
    f"fault, which discoreel models verify finds out; {_SAFE}"
)
_LIFELESS = (
    "If that is meant, --accept-lifeless goes on with it; if not, look at prompts, guidance and "
    f"steps there, or change the seed; {_SAFE}"
)


def _again(fault: str, again: str) -> str:
    """What came of the second try."""
    same = "rendered again in fp32, with the same seed, it came out like that again"
    return same if again == fault else f"rendered again in fp32, with the same seed: {again}"


def _outcome(
    attempt: Attempt, spec: FrameSpec, inputs: Sequence[Pixels], networks: Networks
) -> tuple[Painted | None, str]:
    """A frame, if there is one, and what is wrong with it, in words; "" if nothing is."""
    try:
        with device_errors_told(f"frame {spec.id}"):
            pixels, memory = attempt(networks)
    except FrameFault as error:
        return None, str(error).removeprefix(f"frame {spec.id}: ")
    return Painted(pixels, memory), lifelessness(spec, inputs, pixels)


def lifelessness(spec: FrameSpec, inputs: Sequence[Pixels], pixels: Pixels) -> str:
    """In what a painted frame shows that nothing was painted, in words; "" if it does not.

    One that is only moved, or painted over pictures of nearly one colour, may be anything.
    """
    painting = spec.denoise
    if painting is None or any(_is_flat(one, _NEARLY_FLAT) for one in inputs):
        return ""
    if _is_flat(pixels):
        red, green, blue = pixels[0, 0]
        return f"every pixel has the same colour, red {red}, green {green}, blue {blue}"
    if inputs and _paints(painting) and np.array_equal(pixels, inputs[0]):
        steps = painting.sampler.steps - painting.sampler.skip_steps
        return f"after {steps} steps every pixel is that of the picture which it was painted over"
    return ""


def _is_flat(pixels: Pixels, levels: int = 0) -> bool:
    """Whether each of the three colours lies within so many levels, 0 to 255."""
    # Nearly every picture is told by a few of its pixels.
    return all(
        (one.max(axis=(0, 1)) - one.min(axis=(0, 1)) <= levels).all()
        for one in (pixels[::16, ::16], pixels)
    )


def _paints(painting: Denoise) -> bool:
    """Whether a frame is painted so much that it does not come out as what it was painted over."""
    sampler, guidance = painting.sampler, painting.guidance
    taken = (sampler.steps - sampler.skip_steps) / sampler.steps
    holds = min(_most(guidance.init_hold), _most(guidance.detail_hold))
    return taken >= _FEW_STEPS and holds < _HELD


def _most(schedule: StepSchedule) -> float:
    return max(schedule.values)

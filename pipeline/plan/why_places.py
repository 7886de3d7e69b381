"""Why a setting with places (`first`, `then`, `fade`) has its value, and what strength comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from pipeline.plan.reasons import Asked, Reason, place_of, unwritten, written_at
from pipeline.plan.why_number import number_reason, value_there
from pipeline.scene.denoising import Sampler
from pipeline.scene.reading.document import Route
from pipeline.scene.reading.first_then import FirstThen
from pipeline.scene.reading.places import PLACES
from pipeline.scene.reading.scheduled import Scheduled
from pipeline.scene.reading.skip_steps import MovingSkip, Skip, Skipping, SkipSteps
from pipeline.scene.reading.strength import MovingStart, MovingStrength

_WHOSE: Mapping[str, str] = {
    "first": "of frames that start anew",
    "then": "of frames that grow from another one",
    "fade": "of those while prompts change",
}


def first_then_reasons(asked: Asked, setting: FirstThen, route: Route) -> Iterator[Reason]:
    """The reasons of a setting that speaks of the picture that a frame starts from."""
    if not asked.grows:
        yield placed_reason(asked, setting.first, route, "first")
        if not asked.frame.spec.inputs and asked.frame.spec.denoise is not None:
            yield Reason("the frame starts from no picture, so there is nothing to keep of one")
        return
    yield placed_reason(asked, setting.then, route, "then")
    if setting.fade is not None and asked.turned:
        yield placed_reason(asked, setting.fade, route, "fade")
        yield opened(asked, value_there(asked, setting.then), value_there(asked, setting.fade))


def opened(asked: Asked, kept: str, fade: str) -> Reason:
    """The share by which prompts that change open a setting from what it is to what `fade` says."""
    share = asked.turned
    words = f"prompts change here, which opens it by {share:.4g}"
    if share < 1:
        words += f": (1 - {share:.4g}) * {kept} + {share:.4g} * {fade}"
    return Reason(words)


def placed_reason(asked: Asked, scheduled: Scheduled, route: Route, place: str) -> Reason:
    """The reason of what a setting says at one of its places."""
    words = f"{place}, {_WHOSE[place]}"
    written = written_at(asked, route)
    if written is None:
        return Reason(
            f"{words}: {value_there(asked, scheduled)}", None, (unwritten(asked, route, "0"),)
        )
    there, data = written
    if isinstance(data, Mapping) and data.keys() & set(PLACES):
        if place not in data:
            return Reason(f"{words}: not written, so {value_there(asked, scheduled)}")
        there, data = (*there, place), data[place]
    reason = number_reason(asked, scheduled, there, data)
    return Reason(f"{words}: {reason.words}", reason.place, reason.inner)


def strength_reasons(asked: Asked, sampler: Sampler) -> Iterator[Reason]:
    """The reasons of the steps that are taken, by `strength` and `skip_steps`, over `steps`."""
    skipping = sampler.skipping
    if not asked.grows:
        yield from _anew(asked, sampler, skipping)
        return
    yield _skip_reason(asked, sampler, skipping.then, "then")
    if skipping.fade is not None and asked.turned:
        yield _skip_reason(asked, sampler, skipping.fade, "fade")
        kept, fade = (
            str(_left_out(one, sampler.steps, asked)) for one in (skipping.then, skipping.fade)
        )
        yield opened(asked, kept, fade)


def _anew(asked: Asked, sampler: Sampler, skipping: SkipSteps) -> Iterator[Reason]:
    blank = sampler.init_image is None and sampler.perlin_init is None
    if skipping.first_needs_picture and blank:
        yield Reason("the frame starts anew and from no picture, so it takes all steps")
    else:
        yield _skip_reason(asked, sampler, skipping.first, "first")


def _skip_reason(asked: Asked, sampler: Sampler, skip: Skipping, place: str) -> Reason:
    """The reason of the steps that are left out at one place."""
    steps = sampler.steps
    left = _left_out(skip, steps, asked)
    result = f"{left} of {steps} steps are left out"
    strength = sampler.strength
    by_strength = strength is not None and getattr(strength, place) is not None
    route = ("sampler", "strength" if by_strength else "skip_steps")
    words = f"{route[1]} {place}, {_WHOSE[place]}: {result}"
    if isinstance(skip, MovingStart | MovingStrength | MovingSkip):
        inner = placed_reason(asked, skip.number, route, place)
        number = Reason(inner.words.partition(": ")[2], None, inner.inner)
        return Reason(words, inner.place, (number,))
    written = written_at(asked, route)
    if written is None:
        return Reason(words, None, (unwritten(asked, route, "50%"),))
    there, data = written
    if isinstance(data, Mapping) and place in data:
        there = (*there, place)
    return Reason(words, place_of(asked.part.document, there))


def _left_out(skip: Skipping, steps: int, asked: Asked) -> Any:
    if isinstance(skip, Skip):
        return skip.of(steps)
    return skip.over(steps, np.array([asked.position]))[0]

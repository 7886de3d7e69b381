"""A scheduled number for frames that start anew, for those that grow, and for fades of prompts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationInfo

from pipeline.scene.reading import forms
from pipeline.scene.reading.fields import Reader
from pipeline.scene.reading.places import PLACES, read_places
from pipeline.scene.reading.ranges import Range
from pipeline.scene.reading.scheduled import Scheduled, read_scheduled
from pipeline.spec.denoise import OFF


@dataclass(frozen=True, slots=True)
class FirstThen:
    """The number of the first frame and of every still, and that of the frames after the first."""

    first: Scheduled = OFF
    then: Scheduled = OFF
    fade: Scheduled | None = None
    """What `then` becomes while prompts cross-fade; None leaves it as it is."""


def first_then(allowed: Range) -> Reader:
    """Reader of one scheduled number for all frames, or `{first, then, fade}`, 0 if left out."""

    def read(value: Any, info: ValidationInfo) -> FirstThen:
        number = partial(read_scheduled, allowed=allowed, info=info)
        if isinstance(value, Mapping) and value.keys() & set(PLACES):
            return FirstThen(**read_places(value, first=number, grown=number))
        same = number(value)
        return FirstThen(same, same)

    return Reader(read, forms.by_place(forms.schedules(allowed)))

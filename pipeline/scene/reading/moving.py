"""Readers of what moves over the video: curves and prompts.

Unlike those of `pipeline.scene.reading.fields`, these readers look at the scene around the setting,
which pydantic hands over as the validation's context.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationInfo

from keyframes.curve import Curve
from keyframes.expression import ExpressionError, Formula
from keyframes.lyrics import with_lyrics
from keyframes.mistakes import Located, NotationError, found
from keyframes.notation import read_curve, read_prompts
from keyframes.prompts import PromptSchedule
from keyframes.quoting import quoted_path
from keyframes.time_words import frame_place
from pipeline.catalogue.facts import weighs_words
from pipeline.catalogue.presets import PRESETS
from pipeline.files.sound import sound_fault
from pipeline.scene.reading import forms
from pipeline.scene.reading.clock import Clock
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.fields import Reader, is_number, one_of, whole
from pipeline.scene.reading.paths import path_from, relative_to
from pipeline.scene.reading.picture_files import check_picture
from pipeline.scene.reading.ranges import Range

Number = Curve | Formula
"""A number over the video: frames in, values out."""

FIRST_FRAME = np.zeros(1)


def constant(value: float) -> Curve:
    """The constant curve that is the default of a number over time."""
    return Curve.constant(value)


def moving(allowed: Range) -> Reader:
    """Reader of a number over time, inside `allowed` on every frame of the video."""

    def read(value: Any, info: ValidationInfo) -> Number:
        return read_moving(value, allowed, info)

    return Reader(read, forms.moves(allowed))


def moving_count(allowed: Range) -> Reader:
    """Reader of a count over time: a constant is whole; what moves is rounded later."""
    count = whole(allowed)

    def read(value: Any, info: ValidationInfo) -> Number:
        if is_number(value):
            count.read(value, info)
        return read_moving(value, allowed, info)

    return Reader(read, forms.moves(allowed, whole=True))


def read_moving(
    value: Any, allowed: Range, info: ValidationInfo, *, name: str | None = None
) -> Number:
    """The number over time that `value` describes; ValueError where it is outside `allowed`.

    `name` is what messages call it, the setting's own unless it is a part of one.
    """
    clock = context_of(info).clock
    curve = read_curve(value, clock.timebase, clock.signals)
    is_constant = is_number(value)
    values = _checked(curve, FIRST_FRAME if is_constant else clock.frames)
    outside = np.flatnonzero(allowed.outside(values))
    if outside.size:
        place = "" if is_constant else at_frame(clock, int(clock.frames[outside[0]]))
        reached = f"{name or info.field_name} is {values[outside[0]]:g}{place}"
        raise ValueError(f"{reached}; allowed: {allowed}")
    return curve


def sampled(number: Number, frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values of `number` at each of `frames`."""
    return np.asarray(number(frames), dtype=np.float64)


def _checked(number: Number, frames: NDArray[np.float64]) -> NDArray[np.float64]:
    try:
        return sampled(number, frames)
    except ExpressionError as error:
        raise NotationError((Located((), str(error), error.column - 1),)) from error


def at_frame(clock: Clock, frame: int) -> str:
    """Which frame, in the words of a message, with a blank before them."""
    return f" at frame {frame} ({frame_place(frame, clock.timebase)})"


def prompt_schedule() -> Reader:
    """Reader of the prompts over time."""

    def read(value: Any, info: ValidationInfo) -> PromptSchedule:
        context = context_of(info)
        plain = _plain(info)
        prompts = read_prompts(
            value,
            context.clock.timebase,
            picture=lambda name: str(check_picture(_existing(name, context.folder))),
            is_sung=bool(context.lines),
            plain=plain,
        )
        sung = with_lyrics(prompts, context.lines, weighs=plain is not str)
        if sung is not prompts:
            _check_sung(sung, plain)
        return sung

    return Reader(read, forms.PROMPTS)


def _check_sung(schedule: PromptSchedule, plain: Callable[[str], str]) -> None:
    """ValueError for a weight that makes no sense once a line is in its place, or none is."""
    texts = (prompt.text for _, prompts in schedule.keys for prompt in prompts if not prompt.image)
    for text in dict.fromkeys(texts):
        try:
            plain(text)
        except ValueError as error:
            raise ValueError(f"with the line that is sung, {error}") from error


def _plain(info: ValidationInfo) -> Callable[[str], str]:
    """What makes plain words of a prompt; those of most denoisers are plain as they are written."""
    models = info.data.get("models") if context_of(info).models_read else None
    if models is None or not weighs_words(models.denoiser):
        return str
    # What most scenes need not wait for.
    from keyframes.word_weights import plain_text

    return plain_text


def existing_picture() -> Reader:
    """Reader of the path of a picture, from the scene file's folder; the value is absolute."""

    def read(value: Any, info: ValidationInfo) -> Path:
        return check_picture(existing_file(value, info))

    return Reader(read, forms.text("a picture file"))


def existing_sound() -> Reader:
    """Reader of the path of a file whose sound can become a video's; the value is absolute."""

    return Reader(sound_at, forms.text("a sound file"))


def sound_at(value: Any, info: ValidationInfo) -> Path:
    """The absolute path of a file with sound; ValueError where there is none."""
    path = existing_file(value, info)
    if fault := sound_fault(path):
        raise ValueError(f'"{path}" {fault}')
    return path


def existing_file(value: Any, info: ValidationInfo) -> Path:
    """The absolute path of a file that is there; ValueError where it is not."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"expected the name of a file, found {found(value)}")
    return _existing(value, context_of(info).folder)


def _existing(name: str, folder: Path) -> Path:
    path = path_from(folder, name)
    try:
        is_file, is_folder = path.is_file(), path.is_dir()
    except OSError as error:
        raise ValueError(f'"{quoted_path(path)}" cannot be looked up: {error.strerror}') from error
    if not is_file:
        what = "is a folder, not a file" if is_folder else "does not exist"
        raise ValueError(f'"{quoted_path(path)}" {what}; names are {relative_to(name)}')
    return path


def preset_name() -> Reader:
    """Reader of the name of a set of models."""

    def read(value: Any, info: ValidationInfo) -> str:
        return one_of(context_of(info).presets, value)

    return Reader(read, forms.words(*PRESETS))

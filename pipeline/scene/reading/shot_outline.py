"""What a shot says of itself: its name, its stretch of the video, how it is entered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationInfo

from keyframes.mistakes import Mistakes, found
from keyframes.times import Time
from pipeline.scene.reading.context import Context, context_of
from pipeline.scene.reading.fields import AS_IT_IS, Reader, or_none
from pipeline.scene.reading.folder_names import folder_name
from pipeline.scene.reading.moving import existing_picture
from pipeline.scene.reading.section import Section
from pipeline.spec.frame import MAIN

CUT, CONTINUE = "cut", "continue"


@dataclass(frozen=True, slots=True)
class Enter:
    """How a shot begins: anew, from the frame before it, or faded in over the shot before."""

    continues: bool = False
    fade: Time | None = None
    """Length of the fade as it was written."""


@dataclass(frozen=True, slots=True)
class Loop:
    """The end of a shot flows into its beginning, in a fade."""

    fade: Time
    """Length of the fade as it was written."""


@dataclass(frozen=True, slots=True)
class End:
    """The picture on which a shot ends, and how long it comes."""

    picture: Path
    over: Time | None = None
    """Length of its coming as it was written."""


def looping() -> Reader:
    """Reader of what `read_loop` reads."""
    return Reader(lambda value, info: read_loop(value, context_of(info)))


class ShotOutline(Section):
    """A shot before the settings in it are read."""

    name: Annotated[str, Reader(lambda value, info: _name(value))]
    """Name of the shot, by which it is told and kept: letters, digits, blanks, `-` and `_`."""
    start_at: Annotated[Time | None, AS_IT_IS] = Field(default=None, validation_alias="from")
    """When the shot begins; where the one before it ends, unless written."""
    until: Annotated[Time | None, AS_IT_IS] = None
    """When the shot ends; where the next one begins, unless written."""
    enter: Annotated[Enter, Reader(lambda value, info: _enter(value, info))] = Enter()
    """`cut` starts anew, `continue` grows from the last frame before, `{fade: 1 beat}` is mixed
    with the shot before."""
    loop: Annotated[Loop | None, looping()] = None
    """Whether the shot's last frame flows into its first: `true`, or `{fade: 1 beat}`."""
    start: Annotated[Path | None, or_none(existing_picture())] = None
    """The picture that the first frame is."""
    end: Annotated[End | None, or_none(Reader(lambda value, info: _end(value, info)))] = None
    """The picture that the last frame is: a file, or `{picture, over: 2 beats}`."""
    models: Annotated[Any, AS_IT_IS] = None
    seed: Annotated[Any, AS_IT_IS] = None
    prompts: Annotated[Any, AS_IT_IS] = None
    camera: Annotated[Any, AS_IT_IS] = None
    sampler: Annotated[Any, AS_IT_IS] = None
    guidance: Annotated[Any, AS_IT_IS] = None
    vars: Annotated[Any, AS_IT_IS] = None


def read_loop(value: Any, context: Context) -> Loop | None:
    """The loop of `true`, `false` or `{fade: 1 beat}`; a beat or a second unless written."""
    if value is False or value is None:
        return None
    if value is True:
        return Loop("1s" if context.clock.timebase.tempo is None else "1 beat")
    if not isinstance(value, dict):
        raise ValueError(f"expected true, false or {{fade: 1 beat}}, found {found(value)}")
    return Loop(_only(value, "fade"))


def _name(value: Any) -> str:
    name = folder_name(value)
    if name.casefold() == MAIN:
        raise ValueError(f"{MAIN} is what a scene without shots is called; write another name")
    return name


def _enter(value: Any, info: ValidationInfo) -> Enter:
    if value == CUT:
        return Enter()
    if value == CONTINUE:
        return Enter(continues=True)
    if not isinstance(value, dict):
        raise ValueError(f"expected cut, continue or {{fade: 1 beat}}, found {found(value)}")
    return Enter(fade=_only(value, "fade"))


def _end(value: Any, info: ValidationInfo) -> End:
    if not isinstance(value, dict):
        return End(_picture(value, info))
    mistakes = Mistakes()
    mistakes.check_keys(value, ("picture", "over"))
    picture = mistakes.at("picture").attempt(
        lambda name: _picture(name, info), value.get("picture")
    )
    mistakes.raise_any()
    assert picture is not None
    return End(picture, value.get("over"))


def _picture(name: Any, info: ValidationInfo) -> Path:
    path = existing_picture().read(name, info)
    assert isinstance(path, Path)
    return path


def _only(value: dict[Any, Any], key: str) -> Time:
    """The duration that is the only setting of `value`, as it was written."""
    mistakes = Mistakes()
    mistakes.check_keys(value, (key,))
    if not isinstance(value.get(key), str | int | float):
        mistakes.at(key).add(f"expected a duration such as 1 beat, found {found(value.get(key))}")
    mistakes.raise_any()
    written: Time = value[key]
    return written

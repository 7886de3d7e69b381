"""What a shot says of itself: its name, its stretch of the video, how it is entered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationInfo

from keyframes.mistakes import Mistakes, found
from keyframes.times import Time
from pipeline.scene.reading import forms
from pipeline.scene.reading.context import Context, context_of
from pipeline.scene.reading.fields import Reader, as_it_is, or_none
from pipeline.scene.reading.folder_names import folder_name
from pipeline.scene.reading.forms import Shown
from pipeline.scene.reading.moving import existing_picture
from pipeline.scene.reading.ranges import Range
from pipeline.scene.reading.section import Section
from pipeline.scene.reading.seeds import FORM as SEEDS
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


_TIME = forms.Form({"type": ["number", "string"]}, "a time")
_BOUND = "where its neighbour ends or begins"
_SCENES = "the scene's"
_FADE = forms.keyed(
    {"fade": (forms.Form({"type": ["number", "string"]}, ""), "A length.")}, ("fade",)
)
_LOOP = forms.either(
    forms.FLAG, _FADE, forms.Form({"type": "null"}, ""), what="true, false, `{fade: 1 beat}`"
)
_ENTER = forms.either(forms.words(CUT, CONTINUE), _FADE, what="`cut`, `continue`, `{fade: 1 beat}`")
_END = forms.either(
    forms.text("a picture file"),
    forms.keyed(
        {
            "picture": (forms.text("a picture file"), "The picture."),
            "over": (
                forms.Form({"type": ["number", "string"]}, ""),
                "How long it comes, a length.",
            ),
        },
        ("picture",),
    ),
)
_SEED = as_it_is(SEEDS)
_VARS = forms.named(forms.moves(Range()), "names and numbers that move")


def _section(section: str) -> Reader:
    """Reader of what a shot says in place of the scene in one of its sections."""
    return as_it_is(forms.defined(section, f"as [`{section}`](#{section})"))


def looping() -> Reader:
    """Reader of what `read_loop` reads."""
    return Reader(lambda value, info: read_loop(value, context_of(info)), _LOOP)


class ShotOutline(Section):
    """A shot before the settings in it are read."""

    name: Annotated[
        str, Reader(lambda value, info: _name(value), forms.text("a name")), Shown("castle")
    ]
    """What the shot is called in messages, and its folder below `frames/`: letters and digits of
    any script, blanks, `-`, `_`."""
    start_at: Annotated[Time | None, as_it_is(_TIME), Shown("bar 5", "", _BOUND)] = Field(
        default=None, validation_alias="from"
    )
    """When the shot begins. One of `from` and `until` at each joint will do; a gap or an overlap is
    a mistake that names both shots."""
    until: Annotated[Time | None, as_it_is(_TIME), Shown("bar 9", "", _BOUND)] = None
    """When the shot ends; `shot 4 bars` says how long it is."""
    enter: Annotated[
        Enter,
        Reader(lambda value, info: _enter(value, info), _ENTER),
        Shown("{fade: 1 beat}", unwritten="`cut`"),
    ] = Enter()
    """`cut` starts anew; `continue` grows from the last frame before it; a fade starts anew and is
    mixed with the shot before, of which as many frames more are painted. It begins on the shot's
    first frame; to be over on a beat the shot begins earlier, `from: chorus - 1 beat`."""
    loop: Annotated[Loop | None, looping(), Shown("{fade: 1 beat}", unwritten="false")] = None
    """Whether the shot's end flows into its beginning, in a fade of a beat (a second without music)
    over frames that are painted behind its end."""
    start: Annotated[
        Path | None, or_none(existing_picture()), Shown("stage.png", unwritten="none")
    ] = None
    """A picture that the first frame is, and that the next grow from; not with `continue`."""
    end: Annotated[
        End | None,
        or_none(Reader(lambda value, info: _end(value, info), _END)),
        Shown("{picture: stage.png, over: 2 beats}", unwritten="none"),
    ] = None
    """A picture that the last frame is, to which the shot comes over a length (two seconds, or half
    of the shot): each frame is drawn a little further to it, and painted a little less."""
    models: Annotated[Any, _section("models"), Shown("{precision: fp32}", "", _SCENES)] = None
    """As for the scene, setting by setting: what a shot does not write is the scene's."""
    seed: Annotated[Any, _SEED, Shown("8", "", _SCENES)] = None
    """As for the scene."""
    prompts: Annotated[Any, as_it_is(forms.PROMPTS), Shown("a castle at dawn", "", _SCENES)] = None
    """As for the scene; a scene whose shots all have prompts needs none."""
    camera: Annotated[Any, _section("camera"), Shown("{zoom: 1.01}", "", _SCENES)] = None
    """As for the scene, setting by setting."""
    sampler: Annotated[Any, _section("sampler"), Shown("{steps: 20}", "", _SCENES)] = None
    """As for the scene, setting by setting."""
    guidance: Annotated[Any, _section("guidance"), Shown("{cfg_scale: 3}", "", _SCENES)] = None
    """As for the scene, setting by setting."""
    clip: Annotated[Any, _section("clip"), Shown("{flow_blend: 0.5}", "", _SCENES)] = None
    """As for the scene, setting by setting."""
    vars: Annotated[Any, as_it_is(_VARS), Shown("{push: 2}", "", _SCENES)] = None
    """As for the scene, variable by variable; the shot's take the place of the scene's also in the
    scene's formulas."""


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

"""Why each kind of setting has its value: found in the scene by its name, and told by its kind."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from keyframes.curve import Curve
from keyframes.expression import Formula
from keyframes.field import Field
from keyframes.prompts import PromptSchedule
from pipeline.plan.frame_values import FIELDS
from pipeline.plan.reasons import Asked, Reason, as_written, place_of, unwritten, written_at
from pipeline.plan.why_camera import guide_reasons, is_by_guide
from pipeline.plan.why_number import number_reason, value_there
from pipeline.plan.why_places import first_then_reasons, strength_reasons
from pipeline.plan.why_prompts import prompt_reasons
from pipeline.scene.reading.document import Route
from pipeline.scene.reading.every import Every
from pipeline.scene.reading.first_then import FirstThen
from pipeline.scene.reading.keeping import KeepColour
from pipeline.scene.reading.repaint import Repaint
from pipeline.scene.reading.scheduled import Scheduled
from pipeline.scene.reading.section import Section
from pipeline.scene.reading.seeds import Seeds
from pipeline.scene.schema import Scene
from pipeline.spec.samplers import SAMPLER_FACTS
from pipeline.spec.step_schedule import StepSchedule

_STRENGTH = ("sampler.strength", "sampler.skip_steps")
_NO_SETTINGS = ("shots", "outputs", "include", "profiles")
"""What a scene has at its top and no frame has a value of."""
_PARTS = ("guidance.repaint.mask",)
"""Settings inside of one that is no section, beside those that have a value on each frame."""


def setting_names() -> tuple[str, ...]:
    """Every setting of which it can be asked why it has its value, first those of frames."""
    listed = (".".join(route) for route in _routes(Scene, ()))
    names = dict.fromkeys((*FIELDS, *listed, *_PARTS))
    # What has parts is asked for by them, as a section is.
    outer = {name.rpartition(".")[0] for name in names}
    return tuple(name for name in names if name not in outer)


def _routes(section: type[BaseModel], route: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, info in section.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from _routes(kind, (*route, name))
        elif name not in _NO_SETTINGS:
            yield (*route, name)


def setting_value(asked: Asked, name: str) -> Any:
    """The setting called `name` as the frame's shot has it, understood."""
    found: Any = asked.shot.settings
    for part in name.split("."):
        found = getattr(found, part)
    return found


def setting_reasons(asked: Asked, name: str) -> Iterator[Reason]:
    """Why the setting called `name`, one of `setting_names`, has its value on the frame."""
    if name in _STRENGTH:
        yield from strength_reasons(asked, asked.shot.settings.sampler)
    elif is_by_guide(asked, name):
        yield from guide_reasons(asked, name)
    else:
        yield from _plain_reasons(asked, name)


def _plain_reasons(asked: Asked, name: str) -> Iterator[Reason]:
    """The reasons of a setting that is what stands under its own name."""
    setting, route = setting_value(asked, name), tuple(name.split("."))
    match setting:
        case PromptSchedule():
            yield from prompt_reasons(asked, setting)
        case FirstThen():
            yield from first_then_reasons(asked, setting, route)
        case KeepColour():
            yield _part_reason(asked, setting.share, route, "share")
            yield _plain(asked, route, setting)
        case Curve() | Formula() | StepSchedule():
            yield _number(asked, setting, route)
        case Every():
            yield _number(asked, setting.number, route)
        case None if name == "sampler.eta":
            sampler = asked.shot.settings.sampler.name
            yield Reason(f"not written; {sampler} draws {SAMPLER_FACTS[sampler].eta:g} by default")
        case Field():
            heard = (f"{one} = {value:.6g}" for one, value in setting.at(asked.position))
            yield _plain(asked, route, setting, tuple(map(Reason, heard)))
        case Seeds():
            held = Reason(f"{setting(asked.position)} holds here")
            yield _plain(asked, route, setting, () if len(setting.steps) == 1 else (held,))
        case _:
            yield _plain(asked, route, setting)
    if name == "guidance.repaint.prompts" and asked.grows:
        yield Reason(f"times {asked.turned:.4g}, as far as prompts change here")


def _number(asked: Asked, setting: Scheduled, route: Route) -> Reason:
    *outer, last = route
    written = written_at(asked, route)
    if written is None and written_at(asked, tuple(outer)) and _is_part(asked, route):
        return _part_reason(asked, setting, tuple(outer), str(last))
    if written is None:
        return unwritten(asked, route, value_there(asked, setting))
    return number_reason(asked, setting, *written)


def _is_part(asked: Asked, route: Route) -> bool:
    """Whether a setting lies inside of one that is no section, such as `repaint`."""
    return isinstance(setting_value(asked, ".".join(map(str, route[:-1]))), Repaint | KeepColour)


def _part_reason(asked: Asked, setting: Scheduled, route: Route, part: str) -> Reason:
    """The reason of a number that is a part of the setting at `route`."""
    inner = written_at(asked, (*route, part))
    if inner is not None:
        return number_reason(asked, setting, *inner)
    written = written_at(asked, route)
    value = value_there(asked, setting)
    if written is None:
        return unwritten(asked, route, value)
    there, data = written
    words = f"{value}, as {route[-1]} is {as_written(data)}"
    return Reason(words, place_of(asked.part.document, there))


def _plain(asked: Asked, route: Route, setting: Any, inner: tuple[Reason, ...] = ()) -> Reason:
    """The reason of a setting that does not move, which says what is written."""
    written = written_at(asked, route)
    if written is None:
        return unwritten(asked, route, plain_words(setting))
    there, data = written
    return Reason(as_written(data), place_of(asked.part.document, there), inner)


def plain_words(setting: Any) -> str:
    """A value that does not move, in words; "" for one that has none."""
    match setting:
        case None:
            return "none"
        case bool():
            return str(setting).lower()
        case int() | float():
            return f"{setting:.10g}"
        case Seeds():
            return str(setting(0))
        case str() | Path() | Fraction():
            return str(setting)
        case tuple() if setting and all(map(plain_words, setting)):
            return f"[{', '.join(map(plain_words, setting))}]"
    name = getattr(setting, "name", "")
    return name if isinstance(name, str) else ""

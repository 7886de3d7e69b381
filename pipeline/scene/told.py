"""The settings of a section, as they are told to authors: from the models that read them.

Names and defaults are pydantic's, forms and ranges those of the readers, and the words are the
docstrings below the fields, which are in the source alone and read from there when asked.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from keyframes.curve import Curve
from pipeline.catalogue.presets import PRESETS
from pipeline.scene.one_line import flow
from pipeline.scene.reading.fields import Reader
from pipeline.scene.reading.forms import Form, Shown, defined
from pipeline.spec.sources import STARTER
from pipeline.spec.step_schedule import StepSchedule

_LINK = re.compile(r"\[([^\]]+)\]\([^)\s]+\)")


@dataclass(frozen=True, slots=True)
class Told:
    """One setting."""

    name: str
    others: tuple[str, ...]
    """Further names of the setting."""
    about: str
    """What it does, in Markdown."""
    form: Form
    shown: Shown | None
    """What the manual shows of it; None for a section, whose settings are told one by one."""
    is_required: bool
    unwritten: str
    """What holds unless it is written, in words; empty for a section."""
    preset: object
    """What the starter's preset says instead, as an author would write it; None for nothing."""
    default: object
    """What holds unless it is written, as an author would write it; None where that is no value."""


def told(section: type[BaseModel], name: str = "") -> Iterator[Told]:
    """The settings of a section that stands under `name`, in the order of the model."""
    about = docstrings(section)
    preset = PRESETS[STARTER].defaults.get(name, {})
    for field, info in section.model_fields.items():
        first, *others = _names(field, info)
        shown = next((one for one in info.metadata if isinstance(one, Shown)), None)
        own = preset.get(first)
        yield Told(
            name=first,
            others=tuple(others),
            about=about[field],
            form=_form(info, field),
            shown=shown,
            is_required=info.is_required() and shown is not None and not shown.unwritten,
            unwritten=_unwritten(info, shown, own),
            preset=own,
            default=_default(info, shown) if own is None else own,
        )


def plain(markdown: str) -> str:
    """Markdown without the targets of its links."""
    return _LINK.sub(r"\1", markdown)


def _names(field: str, info: FieldInfo) -> list[str]:
    alias = info.validation_alias
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias or field]
    return [str(choice) for choice in choices]


def _form(info: FieldInfo, field: str) -> Form:
    """The form of the reader that stands at a setting; of a section, its place in the schema."""
    section = info.annotation
    if isinstance(section, type) and issubclass(section, BaseModel):
        return defined(field, "settings")
    (form,) = (one.form for one in info.metadata if isinstance(one, Reader))
    assert form is not None, f"the reader of {field} does not say what it reads"
    return form


def _default(info: FieldInfo, shown: Shown | None) -> object:
    if shown is None or shown.unwritten:
        return None
    return as_written(None if info.default is PydanticUndefined else info.default)


def _unwritten(info: FieldInfo, shown: Shown | None, preset: object) -> str:
    if shown is None:
        return ""
    usual = shown.unwritten or (
        "required" if info.is_required() else _code(as_written(info.default))
    )
    own = "" if preset is None else _code(preset)
    return usual if own in ("", usual) else f"{usual} ({own})"


def _code(value: object) -> str:
    """A value in one line, in the manner of code where it is no number and no truth."""
    return flow(value) if isinstance(value, int | float) else f"`{flow(value)}`"


def as_written(value: Any) -> object:
    """A setting's value as an author would write it; None for what has no such form."""
    match value:
        case bool() | int() | float() | str():
            return value
        case Fraction():
            return int(value) if value.denominator == 1 else float(value)
        case Curve(keys=(only,)):
            return _short(only.value)
        case StepSchedule(steps=((_, only),)):
            return _short(only)
        case StepSchedule(steps=steps):
            return {f"{100 * start:g}%": _short(number) for start, number in steps}
    return None


def _short(number: float) -> int | float:
    return int(number) if number == int(number) else number


@cache
def docstrings(section: type[BaseModel]) -> Mapping[str, str]:
    """The docstring below each field of a section and of what it grew from, in one line each."""
    found: dict[str, str] = {}
    for model in reversed(section.__mro__):
        if issubclass(model, BaseModel) and model.model_fields:
            found |= dict(_below_fields(textwrap.dedent(inspect.getsource(model))))
    return found


def _below_fields(source: str) -> Iterator[tuple[str, str]]:
    (model,) = ast.parse(source).body
    assert isinstance(model, ast.ClassDef)
    for field, below in zip(model.body, model.body[1:], strict=False):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, " ".join(text.split())

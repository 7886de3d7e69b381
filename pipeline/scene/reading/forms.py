"""How settings are written, for editors and for the manual: as JSON Schema, and in words.

Each reader says beside itself which form it reads, so that the schema which `discoreel schema`
prints, the tables of docs/scene.md and what is read have one source. A form is never narrower than
its reader, but for keys of a curve, whose values are inside the range of their setting.

Convention:
    Schemas are of draft 7, which every editor knows. `ease` and `prompts` are written in many
    places and stand once, among the schema's definitions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from pipeline.scene.reading.ranges import Range

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """What an author may write in one place."""

    schema: Schema
    words: str
    """What is allowed, in a few words of Markdown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the manual shows of a setting, beside its docstring and the form of its reader."""

    example: str
    """A value that says something, as YAML."""
    unit: str = ""
    """What its numbers count, such as degrees."""
    unwritten: str = ""
    """What holds unless it is written, where the setting's own default says nothing to authors."""
    more: str = ""
    """Heading in docs/scene.md of the chapter that goes on, as an address: `long-takes`."""


def defined(name: str, words: str) -> Form:
    """The form that stands among the schema's definitions under `name`."""
    return Form({"$ref": f"#/definitions/{name}"}, words)


EASE = defined("ease", "an ease")
PROMPTS = defined("prompts", "prompts")
NONE = Form({"enum": ["none", "None", None]}, "`none`")
FLAG = Form({"type": "boolean"}, "true, false")


def limits(allowed: Range) -> Schema:
    """The ends of a range, in the words of JSON Schema."""
    low = "exclusiveMinimum" if allowed.open_low else "minimum"
    high = "exclusiveMaximum" if allowed.open_high else "maximum"
    ends = {low: allowed.low, high: allowed.high}
    return {word: end for word, end in ends.items() if isfinite(end)}


def numeral(allowed: Range, *, whole: bool = False) -> Form:
    """A number, or a whole one."""
    schema = {"type": "integer" if whole else "number", **limits(allowed)}
    return Form(schema, str(allowed).removeprefix("from "))


def words(*allowed: str) -> Form:
    """One of some words."""
    return Form({"enum": list(allowed)}, ", ".join(f"`{word}`" for word in allowed))


def text(what: str, pattern: str = "") -> Form:
    """A text of some kind, which a regular expression may tell from others."""
    return Form({"type": "string", **({"pattern": pattern} if pattern else {})}, what)


def listed(item: Form, what: str = "") -> Form:
    """A list of one or more; `what` describes it."""
    return Form({"type": "array", "items": item.schema, "minItems": 1}, what or f"[{item.words}]")


def sides(longest: int) -> Form:
    """`[width, height]` in pixels."""
    side = {"type": "integer", "minimum": 1, "maximum": longest}
    pair = {"type": "array", "items": side, "minItems": 2, "maxItems": 2}
    return Form(pair, f"`[width, height]`, 1 to {longest}")


def either(*forms: Form, what: str = "") -> Form:
    """One of several forms; `what` describes them together."""
    schemas: list[Schema] = []
    for form in forms:
        schemas += form.schema["anyOf"] if set(form.schema) == {"anyOf"} else [form.schema]
    together = what or ", ".join(dict.fromkeys(form.words for form in forms if form.words))
    return Form({"anyOf": schemas}, together)


def keyed(parts: Mapping[str, tuple[Form, str]], required: Sequence[str] = ()) -> Form:
    """A mapping with keys of its own; each has its form and a description."""
    properties = {name: described(form, about) for name, (form, about) in parts.items()}
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    return Form(schema, f"`{{{', '.join(parts)}}}`")


def described(form: Form, about: str) -> Schema:
    """The schema of a form with a description, which is Markdown."""
    return {**description(about), **form.schema}


def description(about: str) -> Schema:
    """Words in Markdown for editors that show it, and without its marks for those that do not."""
    plain = about.replace("`", "")
    return {"description": plain, **({} if plain == about else {"markdownDescription": about})}


def named(value: Form, what: str) -> Form:
    """A mapping with any keys, such as times or the author's names."""
    schema = {"type": "object", "additionalProperties": value.schema, "minProperties": 1}
    return Form(schema, what)


def moves(allowed: Range, *, whole: bool = False) -> Form:
    """A number over the video: a number, a formula or the old notation, or times and values.

    With `whole` a number that does not move is a whole one.
    """
    number = {"title": "a number", **numeral(allowed, whole=whole).schema}
    formula = {"title": "a formula", "type": "string"}
    told = ", ".join(part for part in ("moves", numeral(allowed).words) if part)
    return Form({"anyOf": [number, formula, _keys(limits(allowed))]}, told)


def held(allowed: Range) -> Form:
    """A whole number, or whole numbers at times, each of which holds up to the next."""
    one = numeral(allowed, whole=True)
    times = {"type": "object", "additionalProperties": one.schema, "minProperties": 1}
    number = {"title": "a number", **one.schema}
    at_times = {"title": "times and values", **times}
    return Form({"anyOf": [number, at_times]}, f"{one.words}, also at times")


def _keys(ends: Schema) -> Schema:
    """Times and the values at them; a key may have an ease of its own."""
    parts = {"value": {"type": "number", **ends}, "ease": EASE.schema}
    key = {"type": ["number", "object"], **ends, "properties": parts, "required": ["value"]}
    return {
        "title": "times and values",
        "type": "object",
        "properties": {"ease": EASE.schema},
        "additionalProperties": {**key, "additionalProperties": False},
        "minProperties": 1,
    }


def schedules(allowed: Range) -> Form:
    """A number over the video, or over the denoising of every frame."""
    item = either(numeral(allowed), text("", r"\S +for +[0-9.]+ ?%"))
    told = ", ".join(part for part in ("scheduled", numeral(allowed).words) if part)
    return either(moves(allowed), listed(item), what=told)


def by_place(value: Form, first: Form | None = None) -> Form:
    """A value for frames that start anew, one for those that grow, and one for fades of prompts."""
    parts = {
        "first": (first or value, "Of the first frame, and of every still."),
        "then": (value, "Of the frames that grow from the one before."),
        "fade": (value, "What `then` becomes while prompts cross-fade, so that they find room."),
    }
    return either(value, keyed(parts), what=f"{value.words}, or `{{first, then, fade}}` of such")

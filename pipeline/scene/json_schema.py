"""The JSON Schema of a scene file, for editors: completion, words on hover, marks under mistakes.

Draft 7, which every editor and yaml-language-server read. The schema knows names, forms, units and
ranges; what settings ask of each other, times and formulas are known to `discoreel check` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from keyframes.curve import EASES
from pipeline.scene.camera import Camera, ShownPose
from pipeline.scene.clip_use import ClipUse
from pipeline.scene.denoising import Sampler
from pipeline.scene.guidance import Guidance
from pipeline.scene.music import Music
from pipeline.scene.one_line import parsed
from pipeline.scene.output import Output, VideoFile
from pipeline.scene.reading.forms import Schema, description, either, keyed, listed, numeral, text
from pipeline.scene.reading.ranges import Range
from pipeline.scene.reading.shot_outline import ShotOutline
from pipeline.scene.schema import Scene, Video
from pipeline.scene.settings import Models
from pipeline.scene.told import Told, plain, told

SECTIONS: Mapping[str, type[BaseModel]] = {
    "video": Video,
    "music": Music,
    "models": Models,
    "camera": Camera,
    "offset": ShownPose,
    "sampler": Sampler,
    "guidance": Guidance,
    "clip": ClipUse,
    "output": Output,
    "video_file": VideoFile,
    "shot": ShotOutline,
}
"""The mappings of settings, by their names among the schema's definitions."""

_LEFT_OPEN = ("", "video")
"""What a part of a scene may write without all that a whole one has to; "" is the scene itself."""

_LAYERS = ("include", "profiles")
"""What a scene alone may have, and no part of it."""

TITLE = "A scene of discoreel"


# What a file may leave to those that it includes.
_ALONE: Schema = {
    "if": {"not": {"required": ["include"]}},
    "then": {"required": ["video"], "properties": {"video": {"required": ["size"]}}},
}


def scene_schema() -> dict[str, Any]:
    """The schema, ready for JSON."""
    sections = {name: section_schema(model, name) for name, model in SECTIONS.items()}
    whole = section_schema(Scene, "")
    own = whole["properties"]
    own["shots"] = _shots(own["shots"], sections["shot"])
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": TITLE,
        "description": "A music video as text: discoreel check SCENE names every mistake.",
        **whole,
        **_ALONE,
        "definitions": {
            **sections,
            "part": _part(whole),
            "ease": _ease(),
            "prompts": _prompts(),
        },
    }


def _part(whole: Schema) -> Schema:
    """The schema of settings that lie over a scene: any of its own, but no further layers."""
    own = {name: one for name, one in whole["properties"].items() if name not in _LAYERS}
    return {**whole, "properties": own}


def _shots(listed: Schema, shot: Schema) -> Schema:
    """A list of shots, or settings by the names of shots that another layer lists."""
    over = {name: one for name, one in shot.items() if name != "required"}
    forms = {word: listed[word] for word in ("type", "items", "minItems")}
    told = {word: one for word, one in listed.items() if word not in forms}
    # Not `anyOf`, whose errors would be told of the list as a whole.
    named = {"if": {"type": "object"}, "then": {"additionalProperties": over}}
    return {**told, **named, "else": forms}


def section_schema(model: type[BaseModel], name: str) -> dict[str, Any]:
    """The schema of one mapping of settings, which knows no other keys."""
    settings = list(told(model, name))
    schema = {
        "type": "object",
        "properties": dict(_properties(settings)),
        "additionalProperties": False,
    }
    required = [setting.name for setting in settings if setting.is_required]
    if name not in _LEFT_OPEN and required:
        schema["required"] = required
    return schema


def _properties(settings: Iterable[Told]) -> Iterable[tuple[str, Schema]]:
    for setting in settings:
        schema = _setting(setting)
        yield setting.name, schema
        for other in setting.others:
            yield other, {**schema, **description(f"Another name of `{setting.name}`.")}


def _setting(setting: Told) -> Schema:
    """The schema of one setting: what it is, what is allowed, and an example."""
    schema = {**description(_words(setting)), **setting.form.schema}
    if setting.shown is not None:
        schema |= _example(setting.shown.example)
    if setting.default is None:
        return schema
    # yaml-language-server writes what has a plain type and a default into each new section.
    inner = {"anyOf": [{"type": schema.pop("type")}]} if "type" in schema else {}
    return {**schema, **inner, "default": setting.default}


def _example(written: str) -> Schema:
    """An example for editors to propose.

    yaml-language-server calls an example with parts by no name, and a list one of its items: a
    mapping is a snippet, which has a name, and a list is told in words alone.
    """
    match parsed(written):
        case dict() as value:
            return {"defaultSnippets": [{"label": written, "body": value}]}
        case list():
            return {}
        case value:
            return {"examples": [value]}


def _words(setting: Told) -> str:
    about = plain(setting.about)
    if setting.shown is None:
        return about
    allowed = ", ".join(part for part in (setting.form.words, setting.shown.unit) if part)
    words = f"{about}\n\nAllowed: {plain(allowed)}. Unless written: {plain(setting.unwritten)}."
    is_short = "examples" in _example(setting.shown.example)
    return words if is_short else f"{words}\n\nExample: `{setting.name}: {setting.shown.example}`"


def _ease() -> Schema:
    spring = keyed(
        {
            "stiffness": (numeral(Range(1, 10_000)), "How firmly it is drawn, 1 to 10000."),
            "damping": (numeral(Range(0, open_low=True)), "How soon it rests."),
        }
    )
    bezier = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}
    return {
        "description": "How a key is reached: a name, a Bezier curve or a spring.",
        "anyOf": [
            {"enum": list(EASES)},
            {"title": "a Bezier curve", **bezier},
            {"title": "a spring", **keyed({"spring": (spring, "A spring.")}).schema},
        ],
    }


def _prompts() -> Schema:
    weight = (numeral(Range()), "How much it counts; a negative weight is what to stay away from.")
    item = either(
        text("a text"),
        keyed({"text": (text("a text"), "What the picture shows."), "weight": weight}, ("text",)),
        keyed({"image": (text("a file"), "A picture to look like."), "weight": weight}, ("image",)),
    )
    together = either(item, listed(item))
    blend = {"type": ["number", "string"], "description": "Length of a cross-fade; 0 is a cut."}
    times = {
        "title": "times and prompts",
        "type": "object",
        "properties": {"blend": blend},
        "additionalProperties": together.schema,
        "minProperties": 1,
    }
    return {"anyOf": [*together.schema["anyOf"], times]}

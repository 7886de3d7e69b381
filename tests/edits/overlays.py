"""Edits of scenes as data: other settings laid over those that there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.scene.json_schema import scene_schema

_PLACES = {"ease.": "camera.zoom", "prompts.": "prompts", "loop.": "loop", "controls.": "controls"}
"""Where a setting inside of others is written, by how its name begins."""
_WHOLE = ("prompts", "zoom", "vars", "loras", "controls")
"""Mappings that another one takes the place of."""
_INSTEAD = {
    "sampler.strength": "skip_steps",
    "sampler.skip_steps": "strength",
    "sampler.perlin_init": "init_image",
    "sampler.init_image": "perlin_init",
    "sampler.dynamic_threshold": "clip_denoised",
    "music.tempo": "bpm",
    "music.beats": "bpm",
}
"""What a setting takes the place of."""


def with_setting(scene: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The scene with another value of a setting, which is named as the schema has it."""
    place = next((place for start, place in _PLACES.items() if name.startswith(start)), name)
    section, _, setting = ".".join(place.split(".")[:2]).partition(".")
    over: dict[str, Any] = {section: {setting: value} if setting else value}
    match section:
        case "offset":
            over = {"camera": over}
        case "video_file":
            over = {"outputs": [{"file": "a.mp4", **over[section]}]}
    data = laid_over(scene, over)
    if (instead := _INSTEAD.get(f"{section}.{setting}")) is not None:
        data[section].pop(instead, None)
    return data


def laid_over(below: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Settings over others; what is a mapping in both goes on inside."""
    data = {name: dict(one) if isinstance(one, Mapping) else one for name, one in below.items()}
    for name, value in over.items():
        inner = data.get(name)
        goes_on = isinstance(inner, Mapping) and isinstance(value, Mapping) and name not in _WHOLE
        data[name] = laid_over(inner, value) if goes_on else value
    return data


def every_setting() -> frozenset[str]:
    """The name of each setting that a scene may have, and of each key inside of one."""
    schema = scene_schema()
    definitions = schema.pop("definitions")
    inner = {name: one for name, one in definitions.items() if name != "part"}
    names = {*_names(schema, ()), *(n for name, one in inner.items() for n in _names(one, (name,)))}
    sections = {name for name in inner if any(other.startswith(f"{name}.") for other in names)}
    return frozenset(n for n in names - sections if not n.startswith("shots."))


def _names(schema: Any, route: tuple[str, ...]) -> Iterator[str]:
    if isinstance(schema, list):
        for one in schema:
            yield from _names(one, route)
    if not isinstance(schema, Mapping):
        return
    for name, one in schema.get("properties", {}).items():
        # Keys of a curve have values and eases, wherever one stands.
        if not (name in ("value", "ease") and route):
            yield ".".join((*route, name))
            yield from _names(one, (*route, name))
    for inside in ("anyOf", "items", "then", "else", "additionalProperties"):
        yield from _names(schema.get(inside), route)

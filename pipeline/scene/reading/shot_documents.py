"""The file of a scene as one of its shots sees it: the shot's own settings above the scene's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import inf
from typing import Any

from pipeline.scene.paths.rigid import GUIDES
from pipeline.scene.reading.document import Document, Key, Mark, Route
from pipeline.scene.reading.stretch import Stretch

SHOTS = "shots"
SECTIONS = ("models", "camera", "sampler", "guidance", "clip", "vars")
"""Sections of which a shot may write some settings, and has the scene's for the others."""
SINGLE = ("seed", "prompts")
"""What a shot writes as a whole."""

_SAME: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "camera": (("roll", "angle"), ("path", "orbit", "dolly_zoom"), ("orbit", "look_at")),
    "sampler": (
        ("skip_steps", "strength"),
        ("init_image", "perlin_init"),
        ("clip_denoised", "dynamic_threshold"),
    ),
    "video": (("duration", "n_batches"),),
    "music": (("bpm", "beats"), ("tempo", "beats"), ("bpm", "tempo")),
    "output": (("size", "scale"),),
}
"""Settings of which one stands in the place of the other."""

_ELSEWHERE: Mapping[tuple[str, str, str], tuple[str, ...]] = {
    ("camera", "mode", "2d"): (
        "fov",
        "projection",
        "depth",
        "translate_z",
        "rotate_x",
        "rotate_y",
        *GUIDES,
    ),
    ("camera", "projection", "disco"): ("memory", *GUIDES),
    ("camera", "memory", "shot"): ("projection",),
    **{("sampler", "name", name): ("eta",) for name in ("plms", "euler", "heun", "unipc")},
    ("sampler", "noise", "fresh"): ("fresh_noise", "noise_period"),
    ("sampler", "noise", "slow"): ("fresh_noise",),
    ("sampler", "noise", "none"): ("fresh_noise",),
    ("output", "upscale", "none"): ("size", "scale", "fit"),
}
"""Settings of the scene that have no place where a shot chooses so: `(section, setting, value)`."""

_ACROSS: Mapping[Route, Route] = {
    ("camera", "depth"): ("models", "depth"),
    ("models", "depth"): ("camera", "depth"),
}
"""Settings that stand in the place of one of another section."""

_DECIDING: Mapping[str, tuple[str, str, str]] = {"sampler": ("noise_period", "noise", "fresh")}
"""A setting of a shot, and another with a value of the scene's that gives way to it."""


def shot_documents(document: Document) -> Iterator[Document]:
    """For each shot the document as it were if the shot's settings stood in the scene's place.

    A scene without shots is one. Values keep the places at which they are written, so that mistakes
    are told there.
    """
    scene = document.data
    assert isinstance(scene, dict)
    keys, values = _by_shot(document.keys), _by_shot(document.values)
    for index, shot in enumerate(scene.get(SHOTS, [{}])):
        shot = shot if isinstance(shot, Mapping) else {}
        data, covered = _settings(scene, shot)
        yield replace(
            document,
            data=data,
            keys=_moved(keys, index, covered),
            values=_moved(values, index, covered),
            problems=(),
            own=_own(document, index, shot.get("name", index)),
        )


def _own(document: Document, index: int, name: Key) -> Stretch | None:
    """The part of a document in which a shot is written; None in a scene without shots."""
    here = document.values.get((SHOTS, index))
    if here is None:
        return None
    after = document.values.get((SHOTS, index + 1))
    others = [(mark.line, mark.column) for route, mark in document.keys.items() if len(route) == 1]
    start = (here.line, here.column)
    behind = [(after.line, after.column)] if after else [one for one in others if one > start]
    return Stretch((SHOTS, name), start, min(behind, default=(inf, inf)))


def _settings(scene: Mapping[Any, Any], shot: Mapping[Any, Any]) -> tuple[Any, set[Route]]:
    """The scene's settings with a shot's on top, and the routes of the scene's that are covered."""
    data = {key: value for key, value in scene.items() if key != SHOTS}
    covered: set[Route] = set()
    away = covered_across(shot)
    for name in SECTIONS:
        kept = _without(scene.get(name), {key for section, key in away if section == name})
        data_here, covered_here = _over(name, kept, shot.get(name))
        if name in shot or name in scene:
            data[name] = data_here
        covered |= covered_here
    covered |= set(away)
    for name in SINGLE:
        if name in shot:
            data[name] = shot[name]
            covered.add((name,))
    return data, covered


def _over(name: str, scene: Any, shot: Any) -> tuple[Any, set[Route]]:
    """A section of the scene with a shot's settings on top, and the scene's that are covered."""
    if shot is None:
        return scene, set()
    if not isinstance(scene, dict) or not isinstance(shot, dict):
        return shot, {(name,)}
    hidden = covered(name, scene, shot)
    kept = {key: value for key, value in scene.items() if key not in hidden}
    return {**kept, **shot}, {(name, key) for key in hidden}


def _without(section: Any, keys: set[Key]) -> Any:
    if not isinstance(section, dict):
        return section
    return {key: value for key, value in section.items() if key not in keys}


def covered_across(upper: Mapping[Any, Any]) -> set[Route]:
    """The settings that have no place below a scene, or shot, that has others in other sections."""
    there = {route for route in _ACROSS if _has(upper, *map(str, route))}
    return {_ACROSS[route] for route in there} - there


def _has(settings: Mapping[Any, Any], section: str, key: str) -> bool:
    inner = settings.get(section)
    return isinstance(inner, Mapping) and key in inner


def covered(name: str, lower: Mapping[Any, Any], upper: Mapping[Any, Any]) -> set[Any]:
    """The settings of the section `name` that have no place once `upper` lies over `lower`.

    They are those that `upper` has itself, and what excludes one of these.
    """
    hidden = set(upper)
    for group in _SAME.get(name, ()):
        if set(upper) & set(group):
            hidden |= set(group)
    for (section, setting, value), others in _ELSEWHERE.items():
        if section == name and upper.get(setting) == value:
            hidden |= set(others)
    if name == "camera":
        hidden |= _covered_lens(lower, upper)
    decides, decided, value = _DECIDING.get(name, ("", "", ""))
    if decides in upper and lower.get(decided) == value:
        hidden.add(decided)
    return hidden


def _covered_lens(lower: Mapping[Any, Any], upper: Mapping[Any, Any]) -> set[str]:
    """Of a field of view, and a dolly zoom that moves it, the one that lies below the other."""
    if _has(upper, "dolly_zoom", "fov"):
        return {"fov"}
    return {"dolly_zoom"} if "fov" in upper and _has(lower, "dolly_zoom", "fov") else set()


def _by_shot(marks: Mapping[Route, Mark]) -> Mapping[int | None, dict[Route, Mark]]:
    """The marks below each shot, as if they were the scene's own, and under None the scene's."""
    grouped: defaultdict[int | None, dict[Route, Mark]] = defaultdict(dict)
    for route, mark in marks.items():
        if route[0:1] != (SHOTS,):
            grouped[None][route] = mark
        elif len(route) > 2:
            grouped[int(route[1])][route[2:]] = mark
    return grouped


def _moved(
    marks: Mapping[int | None, dict[Route, Mark]], index: int, covered: set[Route]
) -> dict[Route, Mark]:
    """Marks of the scene that are not covered, and those below the shot at `index`."""
    own = marks.get(index, {})
    kept = {
        route: mark
        for route, mark in marks.get(None, {}).items()
        if not (route[:1] in covered or route[:2] in covered)
    }
    return {**own, **kept, **{route: mark for route, mark in own.items() if len(route) > 1}}

"""The shots of a scene's file: each is the scene, with the shot's own settings on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from keyframes.mistakes import Mistakes, found
from keyframes.quoting import quoted
from pipeline.errors import Problem
from pipeline.scene.defaults import Data, with_defaults
from pipeline.scene.reading.clock import Clock
from pipeline.scene.reading.context import Context
from pipeline.scene.reading.document import Document
from pipeline.scene.reading.problems import place
from pipeline.scene.reading.rules import misfit
from pipeline.scene.reading.shot_documents import SHOTS, shot_documents
from pipeline.scene.reading.shot_fades import ShotPlace, closed
from pipeline.scene.reading.shot_outline import Loop, ShotOutline, read_loop
from pipeline.scene.reading.shot_places import place_shots
from pipeline.scene.schema import Scene
from pipeline.scene.sections import (
    Reading,
    ScenePreset,
    ShotRead,
    chosen_preset,
    of_sizes,
    preset_beneath,
    read_settings,
)
from pipeline.scene.settings import Models
from pipeline.scene.shots import Shot
from pipeline.scene.variables import VARS, read_vars
from pipeline.spec.frame import MAIN, SavedFrame

LOOP = "loop"
MOST_SHOTS = 500
"""Shots of one scene: each is read as a scene of its own."""
_UNWRITTEN = "a picture"
"""Stands in the place of prompts that are missing, which is told."""


def read_shots(
    reading: Reading,
    stem: str,
    presets: Mapping[str, ScenePreset],
    read: Data,
    context: Context,
) -> tuple[ShotRead, ...]:
    """The scene as each of its shots sees it; empty once the problems of the shots are noted.

    `read` has the sections that all share, and the scene's models, or None where they are mistaken;
    `stem` is the file's name.
    """
    outlines = _outlines(reading, context)
    places = _places(reading, outlines, context) if outlines else ()
    if not places:
        _read_unplaced(reading, stem, presets, read, context)
        return ()
    readings, parts = [], []
    for index, (outline, where, document) in enumerate(
        zip(outlines, places, shot_documents(reading.document), strict=True)
    ):
        part = Reading(document)
        readings.append(part)
        written = _written(reading, index, outline.name, document, context)
        on_clock = context.clock.in_shot(where.first, where.end, where.painted)
        here = replace(context, clock=on_clock, written=written)
        clock, scene = _read_shot(part, stem, presets, read, here, outline.models is not None)
        if scene is not None:
            parts.append(ShotRead(part.document, scene, clock, outline, where))
    _add_all(reading, readings)
    return tuple(parts) if len(parts) == len(places) else ()


def _read_unplaced(
    reading: Reading,
    stem: str,
    presets: Mapping[str, ScenePreset],
    read: Data,
    context: Context,
) -> None:
    """Note what is wrong in the settings of shots, of which it is not known when they are seen."""
    listed = context.written.get(SHOTS)
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_SHOTS or context.stills:
        return
    clock = replace(context.clock, frames=np.empty(0))
    readings = []
    for index, (shot, document) in enumerate(
        zip(listed, shot_documents(reading.document), strict=True)
    ):
        if not isinstance(shot, Mapping):
            continue
        part = Reading(document)
        readings.append(part)
        written = _written(reading, index, str(shot.get("name", index)), document, context)
        here = replace(context, clock=clock, written=written)
        _read_shot(part, stem, presets, read, here, shot.get("models") is not None)
    _add_all(reading, readings)


def _add_all(reading: Reading, shots: Sequence[Reading]) -> None:
    """Note the mistakes of all shots, each once; what is one only in some shots says in which."""
    in_shots = [{(one.line, one.column) for one in shot.problems} for shot in shots]
    in_all = set.intersection(*in_shots) if in_shots else set()
    for shot in shots:
        own = shot.document.own
        reading.add(
            one
            if own is None or (place := (one.line, one.column)) in own or place in in_all
            else _as_seen(one, str(own.route[-1]))
            for one in shot.problems
        )


def _as_seen(problem: Problem, shot: str) -> Problem:
    """A mistake in the scene's own settings that one shot makes of them."""
    return replace(problem, message=f"{problem.message} (as shot {quoted(shot)} sees it)")


def _written(reading: Reading, index: int, name: str, document: Document, context: Context) -> Data:
    """What a shot's document says, with some prompts also where it has none, which is noted."""
    written = dict(_mapping(document.data))
    if SHOTS in context.written and "prompts" not in written:
        written["prompts"] = _UNWRITTEN
        reading.note(
            (SHOTS, index),
            f"shot {quoted(name)} has no prompts; write them in it, or in the scene for all",
        )
    return written


def _outlines(reading: Reading, context: Context) -> tuple[ShotOutline, ...]:
    """What the shots say of themselves; empty once their problems are noted."""
    written = context.written.get(SHOTS)
    if SHOTS not in context.written:
        return (ShotOutline.model_construct(name=MAIN),)
    if context.stills:
        reading.note((SHOTS,), "n_batches makes stills: remove shots, or write duration")
        return ()
    if not isinstance(written, list) or not written:
        reading.note((SHOTS,), f"expected a list of shots, found {_or_none(written)}; {_FORM}")
        return ()
    if len(written) > MOST_SHOTS:
        reading.note((SHOTS,), f"found {len(written):,} shots; a scene has {MOST_SHOTS} at most")
        return ()
    read = [
        reading.validate(ShotOutline, one, (SHOTS, index), context)
        for index, one in enumerate(written)
    ]
    whole = tuple(one for one in read if one is not None)
    return whole if len(whole) == len(read) else ()


def _places(
    reading: Reading, outlines: Sequence[ShotOutline], context: Context
) -> tuple[ShotPlace, ...]:
    mistakes = Mistakes()
    loop = _loop(context, mistakes.at(LOOP))
    at = mistakes.at(SHOTS) if SHOTS in context.written else mistakes
    places = place_shots(outlines, context.clock, at) if not mistakes.problems else ()
    if places and loop is not None:
        places = closed(places, outlines, loop, context.clock, mistakes.at(LOOP))
    for located in mistakes.problems:
        reading.problems.append(place(reading.document, (), located))
    return () if mistakes.problems else places


def _loop(context: Context, mistakes: Mistakes) -> Loop | None:
    written = context.written.get(LOOP)
    if context.stills and written:
        mistakes.add("n_batches makes stills, which have no end: remove loop, or write duration")
        return None
    return mistakes.attempt(lambda one: read_loop(one, context), written)


def _read_shot(
    part: Reading,
    stem: str,
    presets: Mapping[str, ScenePreset],
    read: Data,
    context: Context,
    own_models: bool,
) -> tuple[Clock, Scene | None]:
    """The shot's clock, and the scene with its settings on top; None once problems are noted."""
    clock, numbers = read_vars(part, context.clock)
    read, context = {**read, VARS: numbers}, replace(context, clock=clock)
    written = dict(context.written)
    preset = chosen_preset(written, presets)
    data = with_defaults(written, stem, preset_beneath(written, preset))
    if own_models:
        models = part.validate(Models, data["models"], ("models",), context)
        read = {**read, "models": models}
        if preset and models:
            _check_size(part, read, of_sizes(context, preset, models))
    return clock, read_settings(part, data, read, context)


def _check_size(part: Reading, read: Data, context: Context) -> None:
    """Note it if a shot's own models cannot make pictures of the video's size."""
    size = getattr(read.get("video"), "size", None)
    if size is not None and (fault := misfit(size, context)):
        part.note(("models",), f"video.size: {fault}")


def _mapping(data: object) -> Data:
    assert isinstance(data, dict)
    return data


def _or_none(written: object) -> str:
    return "an empty list" if written == [] else found(written)


_FORM = "write one as - {name: intro, until: bar 5, prompts: ...}"


def scene_of(parts: Sequence[ShotRead]) -> Scene:
    """The scene whose shots were read; those of a scene that writes none are left out."""
    shots = tuple(map(_shot, parts, (None, *parts[:-1])))
    scene = parts[0].scene
    plain = len(shots) == 1 and shots[0] == scene.all_shots[0]
    return scene if plain else scene.model_copy(update={"shots": shots})


def _shot(part: ShotRead, before: ShotRead | None) -> Shot:
    outline, where = part.outline, part.place
    grows = outline.enter.continues and before is not None
    last = SavedFrame(before.place.length - 1, before.outline.name) if grows and before else None
    return Shot(
        settings=part.scene,
        name=outline.name,
        first=where.first,
        length=where.length,
        painted=where.painted,
        before=last,
        fade=where.fade,
        start=outline.start,
        end=where.ending,
    )

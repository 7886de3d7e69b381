"""The profiles of a scene: settings with a name, which are laid over the scene when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from keyframes.mistakes import Located, found
from pipeline.errors import Problem
from pipeline.scene.composing.laying import INCLUDE, PROFILES, Layer, sections_of
from pipeline.scene.reading.document import Document, Mark, Route
from pipeline.scene.reading.folder_names import folder_name
from pipeline.scene.reading.problems import homes_in, place, unknown_keys

_FORM = "write them as profiles: {draft: {video: {fps: 12}}}"
_OUTER = {
    INCLUDE: "the file that has the profiles includes",
    PROFILES: "a profile has none of its own",
}
"""What a profile cannot have, and why."""


def profile_names(document: Document) -> tuple[str, ...]:
    """The names of the profiles of a document, in their order."""
    return tuple(name for name in _profiles(document) if isinstance(name, str))


def _profiles(document: Document) -> Mapping[Any, Any]:
    """The profiles by their names; none where what is written is no mapping."""
    assert isinstance(document.data, dict)
    written = document.data.get(PROFILES)
    return written if isinstance(written, dict) else {}


def profile_layer(document: Document, name: str) -> Layer:
    """The settings of the profile `name` of a document, told at the places where they stand."""
    body = _profiles(document)[name]
    settings = body if isinstance(body, dict) else {}
    settings = {key: value for key, value in settings.items() if key not in _OUTER}
    route: Route = (PROFILES, name)
    return Layer(
        replace(
            document,
            data=settings,
            keys=_inner(document.keys, route),
            values=_inner(document.values, route),
            problems=(),
        )
    )


def _inner(marks: Mapping[Route, Mark], route: Route) -> dict[Route, Mark]:
    """The marks below a route, with that route around them."""
    return {
        here[len(route) :]: replace(mark, within=route)
        for here, mark in marks.items()
        if here[: len(route)] == route
    }


def profile_problems(document: Document, scene: type[BaseModel]) -> Iterator[Problem]:
    """What is wrong with the profiles of a `scene`'s document, also with those not asked for.

    Their names and those of their settings are looked at; values are once they are laid over.
    """
    assert isinstance(document.data, dict)
    written = document.data.get(PROFILES, {})
    if not isinstance(written, dict):
        words = f"expected names and their settings, found {found(written)}; {_FORM}"
        yield place(document, (PROFILES,), Located((), words))
    for name, body in _profiles(document).items():
        try:
            folder_name(name)
        except ValueError as error:
            yield place(document, (PROFILES, name), Located((), str(error), at_key=True))
        yield from _of_profile(document, scene, (PROFILES, name), body)


def _of_profile(
    document: Document, scene: type[BaseModel], route: Route, body: Any
) -> Iterator[Problem]:
    if body is None:
        return
    if not isinstance(body, dict):
        words = f"expected settings such as video: {{fps: 12}}, found {found(body)}"
        yield place(document, route, Located((), words))
        return
    for key in _OUTER:
        if key in body:
            words = f"{key} stands at the top of a scene: {_OUTER[key]}"
            yield place(document, (*route, key), Located((), words, at_key=True))
    own = {key: value for key, value in body.items() if key not in _OUTER}
    homes = homes_in(scene)
    yield from unknown_keys(document, scene, route, own, name="", homes=homes, besides=_OUTER)
    for name, section in sections_of(scene).items():
        if isinstance(own.get(name), dict):
            yield from unknown_keys(
                document, section, (*route, name), own[name], name=name, homes=homes
            )

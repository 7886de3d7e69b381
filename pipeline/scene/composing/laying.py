"""Settings laid over each other: what stays of each layer, with the places where it is written.

Settings lie over each other one by one, by their names: those of the scene, of its sections
(`video`, `camera`, ...) and of `vars`. What a setting has behind its name, a number, a list, a
curve, all prompts, takes the place of what was there as a whole. So do `shots`, unless a layer
names some of them, `shots: {city: {camera: {...}}}`, and lays settings over theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from keyframes.mistakes import Located
from keyframes.nearest import nearest
from keyframes.quoting import quoted
from pipeline.errors import Problem
from pipeline.scene.reading.document import Document, Key, Mark, Route
from pipeline.scene.reading.paths import FILES_BY_KEYS, PlacedText
from pipeline.scene.reading.problems import place
from pipeline.scene.reading.shot_documents import SHOTS, covered, covered_across

PROFILES, INCLUDE = "profiles", "include"

_BY_NAME = frozenset({"vars", SHOTS})
"""What lies over another by the names in it, beside the sections of a scene."""


def sections_of(scene: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The sections of a scene that have settings, by their names."""
    return {
        name: info.annotation
        for name, info in scene.model_fields.items()
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)
    }


@dataclass(frozen=True, slots=True)
class Layer:
    """Settings, and how they lie over others."""

    document: Document
    folder: Path | None = None
    """The folder from which they name files; None for that of the scene's own file."""
    heads: bool = False
    """Whether a section that is there already is told to be where this layer writes it."""
    along: Route = ()
    """Keys along which whatever is there stays but for what the next one leads to."""

    def leads_on(self, there: Route) -> bool:
        """Whether `there` in the layer is on the way to the only thing that it changes."""
        return there == self.along[: len(there)] and len(there) < len(self.along)


def _inner(route: Route) -> Route:
    """A route as the scene itself would have it, without a profile and a shot around it."""
    inner = route[2:] if route[:1] == (PROFILES,) else route
    return inner[2:] if inner[:1] == (SHOTS,) and len(inner) > 1 else inner


@dataclass(slots=True)
class Composition:
    """Settings that layers were laid over, the lowest first."""

    sections: Collection[str]
    """The names of a scene's sections."""
    data: dict[Any, Any] = field(default_factory=dict)
    keys: dict[Route, Mark] = field(default_factory=dict)
    values: dict[Route, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    """Mistakes of the layers in naming what they lie over."""

    def lay(self, layer: Layer) -> None:
        """Lay one more layer over what is there."""
        settings = layer.document.data
        assert isinstance(settings, dict)
        self._lay_mapping(self.data, settings, layer, (), ())

    def take_out(self, key: Key) -> None:
        """Remove a setting of the scene."""
        self._drop(self.data, key, (key,))

    def _lay_mapping(
        self,
        lower: dict[Any, Any],
        upper: Mapping[Any, Any],
        layer: Layer,
        there: Route,
        here: Route,
    ) -> None:
        if layer.heads or here not in self.values:
            self._mark(layer, there, here)
        section = _inner(here)
        if not section:
            for name, key in covered_across(upper):
                if isinstance(lower.get(name), dict):
                    self._drop(lower[name], key, (*here, name, key))
        if len(section) == 1:
            for key in covered(str(section[0]), lower, upper) - set(upper):
                self._drop(lower, key, (*here, key))
        for key, value in upper.items():
            self._put(lower, key, value, layer, (*there, key), (*here, key))

    def _put(
        self, holder: Any, key: Key, value: Any, layer: Layer, there: Route, here: Route
    ) -> None:
        """Lay `value`, at `there` in the layer, over what `holder` has for `key`, at `here`."""
        below = holder[key] if not isinstance(holder, dict) or key in holder else None
        leads_on, is_mapping = layer.leads_on(there), isinstance(value, dict)
        has_names = leads_on or _inner(here) == (SHOTS,)
        if is_mapping and isinstance(below, dict) and (leads_on or self._is_by_name(here)):
            self._lay_mapping(below, value, layer, there, here)
        elif is_mapping and isinstance(below, list) and has_names:
            self._lay_items(below, value, layer, there, here)
        else:
            if here[-2:-1] and here[-2] in FILES_BY_KEYS and isinstance(holder, dict):
                # A name that is there already means the file that it meant.
                key = next((one for one in holder if one == key), _named(key, layer.folder))
            self._drop(holder, key, here)
            holder[key] = _placed(value, layer.folder, key)
            for route in _routes(value, there):
                self._mark(layer, route, (*here, *route[len(there) :]))

    def _is_by_name(self, route: Route) -> bool:
        """Whether settings at a route keep those that a layer over them does not name."""
        inner = _inner(route)
        return not inner or (
            len(inner) == 1 and (inner[0] in self.sections or inner[0] in _BY_NAME)
        )

    def _lay_items(
        self, items: list[Any], upper: Mapping[Any, Any], layer: Layer, there: Route, here: Route
    ) -> None:
        """Lay settings over those items of a list that are named, or counted from 0."""
        names = [one.get("name") if isinstance(one, dict) else None for one in items]
        for key, value in upper.items():
            named, counted = str(key) in names, isinstance(key, int) and 0 <= key < len(items)
            if not (named or counted):
                words = _no_item(key, [name for name in names if isinstance(name, str)], len(items))
                located = Located((), words, at_key=True)
                self.problems.append(place(layer.document, (*there, key), located))
                continue
            index = names.index(str(key)) if named else int(key)
            self._put(items, index, value, layer, (*there, key), (*here, index))

    def _drop(self, holder: Any, key: Key, here: Route) -> None:
        if isinstance(holder, dict) and key not in holder:
            return
        for route in _routes(holder[key], here):
            self.keys.pop(route, None)
            self.values.pop(route, None)
        if isinstance(holder, dict):
            del holder[key]

    def _mark(self, layer: Layer, there: Route, here: Route) -> None:
        """Take over the places of a key and its value from a layer."""
        for marks, written in (
            (self.keys, layer.document.keys),
            (self.values, layer.document.values),
        ):
            if there in written:
                marks[here] = written[there]


def _no_item(key: Key, names: list[str], count: int) -> str:
    """The message about an item of a list that is not there."""
    if names:
        return f"there is no {quoted(key)}{nearest(str(key), names)}; these are {', '.join(names)}"
    return f"there is no {quoted(key)}; they are counted from 0 to {count - 1}"


def _placed(value: Any, folder: Path | None, setting: Key) -> Any:
    """A copy of the plain data of a setting, whose texts know from which folder they name files."""
    if isinstance(value, dict):
        is_of_files = setting in FILES_BY_KEYS
        return {
            _named(key, folder) if is_of_files else key: _placed(inner, folder, key)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_placed(inner, folder, setting) for inner in value]
    return _named(value, folder)


def _named(value: Any, folder: Path | None) -> Any:
    """A text that knows from which folder it names a file; what is no text stays as it is."""
    return PlacedText(value, folder) if folder and isinstance(value, str) else value


def _routes(value: Any, route: Route) -> Iterator[Route]:
    """The route of a value, and of each one inside it."""
    waiting = [(route, value)]
    while waiting:
        here, data = waiting.pop()
        yield here
        if isinstance(data, dict):
            waiting += [((*here, key), inner) for key, inner in data.items()]
        elif isinstance(data, list):
            waiting += [((*here, index), inner) for index, inner in enumerate(data)]

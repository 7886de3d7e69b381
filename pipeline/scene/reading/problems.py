"""From pydantic's errors to problems of a scene file: plain words at a line and column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import AliasChoices, BaseModel, ValidationError
from pydantic_core import ErrorDetails

from keyframes.mistakes import Located, NotationError, found
from pipeline.errors import MOST_SHOWN, Problem
from pipeline.scene.reading.document import Document, Route, dotted
from pipeline.scene.reading.unknown_keys import Homes, unknown_key

_UNKNOWN = "extra_forbidden"
EXPLAINED = 2 * MOST_SHOWN
"""Unknown keys of a section for which what was meant is looked for, more than are ever listed."""
_AS_IN = {
    "video": ", such as video: {size: [144, 96], duration: 6s}",
    "prompts": ', such as prompts: "a ship at dawn"',
}
"""How a section that is missing may be written."""
_UNEXPLAINED = (Located((), "unknown key", at_key=True),)


@dataclass(frozen=True, slots=True)
class Translator:
    """Puts the errors of one section of a document into words."""

    document: Document
    model: type[BaseModel]
    route: Route = ()
    """Where the section stands in the document."""
    homes: Homes = field(default_factory=dict)
    """Names of the sections of the scene that know each setting."""

    def problems(
        self, error: ValidationError, own: Collection[Any] | None = None
    ) -> Iterator[Problem]:
        """Every mistake that pydantic found, of the settings `own` if there are others."""
        unknown = 0
        for detail in error.errors(include_url=False):
            if own is not None and detail["loc"][0] not in own:
                continue
            unknown += detail["type"] == _UNKNOWN
            for located in self._located(detail) if unknown <= EXPLAINED else _UNEXPLAINED:
                yield place(self.document, (*self.route, *detail["loc"]), located)

    def _located(self, detail: ErrorDetails) -> tuple[Located, ...]:
        match detail["type"]:
            case "value_error":  # raised by the readers and rules of the settings
                error = detail["ctx"]["error"]
                if isinstance(error, NotationError):
                    return error.problems
                return (Located((), str(error)),)
            case "missing":
                name = dotted((*self.route, *detail["loc"]))
                words = f"this is missing, and a scene needs it{_AS_IN.get(name, '')}"
                return (Located((), words, at_key=True),)
            case "model_type":
                names = ", ".join(_written(self._model_at(detail["loc"])))
                words = f"expected a mapping of settings, found {found(detail['input'])}"
                return (Located((), f"{words}; allowed keys: {names}"),)
            case "extra_forbidden" | "invalid_key":  # the latter is a number as a key
                section = self._model_at(detail["loc"][:-1])
                words = self._unknown(str(detail["loc"][-1]), section, detail["loc"][:-1])
                return (Located((), words, at_key=True),)
        raise AssertionError(f"a setting is read by pydantic itself: {detail}")

    def _unknown(self, key: str, section: type[BaseModel], loc: Route) -> str:
        names = _names(section)
        if key in names:
            return f"{key} is another name of {names[key]}; keep one of them"
        here = dotted((*self.route, *loc))
        return unknown_key(key, here, _written(section), self.homes, tuple(names))

    def _model_at(self, loc: Route) -> type[BaseModel]:
        model = self.model
        for name in loc:
            section = model.model_fields[str(name)].annotation
            assert isinstance(section, type)
            model = section
        return model


def place(document: Document, route: Route, located: Located) -> Problem:
    """A problem in or at the value at `route`."""
    there = (*route, *located.path)
    line, column = (
        document.key_place(there) if located.at_key else document.value_place(there, located.column)
    )
    own = document.own
    shot = own.route if own is not None and (line, column) in own else ()
    path = (*document.within(there), *shot, *there)
    return Problem(line, column, dotted(path), located.message)


def unknown_keys(
    document: Document,
    section: type[BaseModel],
    route: Route,
    data: Mapping[Any, Any],
    *,
    name: str,
    homes: Homes,
    besides: Collection[str] = (),
) -> Iterator[Problem]:
    """The keys of `data`, written at `route`, that `section` does not know; values are not read.

    `name` is that of the section, "" for the scene itself; settings `besides` count as unknown.
    """
    names = {one: setting for one, setting in _names(section).items() if one not in besides}
    allowed = [one for one in _written(section) if one not in besides]
    for key in data:
        if key not in names:
            words = unknown_key(str(key), name, allowed, homes, tuple(names))
            yield place(document, (*route, key), Located((), words, at_key=True))


def homes_in(scene: type[BaseModel]) -> Homes:
    """The sections of `scene` that know each setting, by its name; "" is the scene itself."""
    homes: dict[str, list[str]] = {}
    for name in scene.model_fields:
        homes.setdefault(name, []).append("")
    for name, info in scene.model_fields.items():
        section = info.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            for setting in _names(section):
                homes.setdefault(setting, []).append(name)
    return homes


def _written(section: type[BaseModel]) -> tuple[str, ...]:
    """The settings of a section, each by the first name that an author can write."""
    settings = {setting: name for name, setting in reversed(_names(section).items())}
    return tuple(settings[setting] for setting in section.model_fields)


def _names(section: type[BaseModel]) -> dict[str, str]:
    """Every name that an author can write, and the setting that it means."""
    names = {}
    for setting, info in section.model_fields.items():
        alias = info.validation_alias
        choices = alias.choices if isinstance(alias, AliasChoices) else [alias or setting]
        names.update({str(choice): setting for choice in choices})
    return names

"""From pydantic's errors to problems of a scene file: plain words at a line and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import AliasChoices, BaseModel, ValidationError

from keyframes.located import Located, NotationError, found
from keyframes.nearest import nearest
from pipeline.errors import Problem
from pipeline.yaml_source import Document, Route, dotted


@dataclass(frozen=True, slots=True)
class Translator:
    """Errors of one section of a document."""

    document: Document
    model: type[BaseModel]
    route: Route = ()
    """Where the section stands in the document."""

    def problems(self, error: ValidationError) -> Iterator[Problem]:
        """Every mistake that pydantic found."""
        for detail in error.errors(include_url=False):
            yield from getattr(self, f"_{detail['type']}")(detail["loc"], detail)

    def _value_error(self, loc: Route, detail: Mapping[str, Any]) -> Iterator[Problem]:
        error = detail["ctx"]["error"]
        plain = (Located((), str(error)),)
        for located in error.problems if isinstance(error, NotationError) else plain:
            yield place(self.document, (*self.route, *loc), located)

    def _missing(self, loc: Route, detail: Mapping[str, Any]) -> Iterator[Problem]:
        yield self._at_key(loc, "this is missing, and a scene needs it")

    def _model_type(self, loc: Route, detail: Mapping[str, Any]) -> Iterator[Problem]:
        words = f"expected a mapping of settings, found {found(detail['input'])}; allowed keys: "
        names = ", ".join(_settings(self._model_at(loc)))
        yield place(self.document, (*self.route, *loc), Located((), words + names))

    def _extra_forbidden(self, loc: Route, detail: Mapping[str, Any]) -> Iterator[Problem]:
        settings = _settings(self._model_at(loc[:-1]))
        known = [name for names in settings.items() for name in (names[0], *names[1])]
        key = str(loc[-1])
        if key in known:
            others = ", ".join(name for name, aliases in settings.items() if key in aliases)
            yield self._at_key(loc, f"{key} is another name of {others}; keep one of them")
            return
        words = f"unknown key{nearest(key, known)}; allowed: {', '.join(settings)}"
        yield self._at_key(loc, words)

    _invalid_key = _extra_forbidden  # a number as the name of a setting

    def _at_key(self, loc: Route, message: str) -> Problem:
        return place(self.document, self.route, Located(loc, message, at_key=True))

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
    return Problem(line, column, dotted(there), located.message)


def _settings(model: type[BaseModel]) -> dict[str, tuple[str, ...]]:
    """The names of a section's settings, each with its other names."""
    return {
        name: tuple(
            str(choice)
            for choice in (
                info.validation_alias.choices
                if isinstance(info.validation_alias, AliasChoices)
                else ()
            )
            if choice != name
        )
        for name, info in model.model_fields.items()
    }

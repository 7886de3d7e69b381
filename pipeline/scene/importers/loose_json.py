"""Settings files as people leave them: JSON, or what is nearly JSON.

Programs write these files and people edit them: trailing commas, comments, single quotes, Python's
`None` and `True`, NaN, commas that were forgotten. All of that has one meaning, and is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from math import inf, nan
from typing import Any

from keyframes.quoting import quoted

DEEPEST = 40
"""Mappings and lists inside each other; settings files have five at most."""
LONGEST_LOOSE = 1_000_000
"""Characters of a text that is read although it is not JSON."""

_TOKEN = re.compile(
    r"""(?P<blank>[\s\ufeff]+|//[^\n]*|\#[^\n]*|/\*.*?\*/)
    |(?P<text>"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*')
    |(?P<number>[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?![\w.]))
    |(?P<word>[-+]?[A-Za-z_]\w*)
    |(?P<mark>[{}\[\]:,])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS = {
    **{"true": True, "True": True, "false": False, "False": False},
    **{"null": None, "None": None, "NaN": nan, "nan": nan, "NAN": nan},
    **{"Infinity": inf, "+Infinity": inf, "-Infinity": -inf, "inf": inf, "-inf": -inf},
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a file says: a mapping, and the keys that stand in it twice."""

    data: dict[str, Any]
    repeated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    written: str
    place: int


def read_settings(text: str) -> Settings:
    """The settings in a text; ValueError, with line and column, if it holds no mapping."""
    try:
        data, repeated = _read(text)
    except RecursionError:
        raise _too_deep() from None
    if not isinstance(data, dict):
        raise ValueError("this holds no settings; a settings file is a mapping: {...}")
    if _depth(data) > DEEPEST:
        raise _too_deep()
    return Settings({str(key): value for key, value in data.items()}, tuple(repeated))


def _read(text: str) -> tuple[Any, list[str]]:
    repeated: list[str] = []

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _ in pairs]
            repeated.extend(name for name in made if names.count(name) > 1)
        return made

    try:
        return json.loads(text, object_pairs_hook=mapping), repeated
    except ValueError as error:
        if len(text) > LONGEST_LOOSE:
            raise ValueError(f"this is not JSON: {error}") from None
    repeated.clear()
    return _Loose(text, repeated).whole(), repeated


def _too_deep() -> ValueError:
    return ValueError(f"this is nested more than {DEEPEST} deep, as no settings file is")


def _depth(data: object) -> int:
    """Mappings and lists inside each other, counted without going deeper than needed."""
    level, inside = 0, [data]
    while inside and level <= DEEPEST:
        inside = list(
            chain.from_iterable(
                one.values() if isinstance(one, dict) else one
                for one in inside
                if isinstance(one, dict | list)
            )
        )
        level += 1
    return level


class _Loose:
    """A reader of what is nearly JSON, which goes through its text once."""

    def __init__(self, text: str, repeated: list[str]) -> None:
        self._text, self._repeated = text, repeated
        self._tokens = self._lexed()
        self._next = next(self._tokens)

    def whole(self) -> Any:
        """The one value of the text; ValueError for anything behind it."""
        value = self._value(0)
        self._skip_commas()
        if self._next.kind != "end":
            raise self._fault("the end")
        return value

    def _lexed(self) -> Iterator[_Token]:
        place = 0
        while place < len(self._text):
            match = _TOKEN.match(self._text, place)
            if match is None:
                yield _Token("none", self._text[place : place + 20], place)
                return
            if match.lastgroup != "blank":
                yield _Token(str(match.lastgroup), match[0], place)
            place = match.end()
        yield _Token("end", "", place)

    def _take(self) -> _Token:
        taken = self._next
        if taken.kind not in ("none", "end"):
            self._next = next(self._tokens)
        return taken

    def _skip_commas(self) -> None:
        while self._next.written == "," and self._next.kind == "mark":
            self._take()

    def _value(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise _too_deep()
        token = self._next
        if token.kind == "mark" and token.written in "{[":
            self._take()
            return self._mapping(depth + 1) if token.written == "{" else self._list(depth + 1)
        if token.kind in ("text", "number") or token.written in _WORDS:
            return _scalar(self._take())
        raise self._fault("a value")

    def _mapping(self, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while not self._closes("}"):
            token = self._take()
            if token.kind not in ("text", "number", "word"):
                raise self._fault('a key or "}"', token)
            key = _unescaped(token.written[1:-1]) if token.kind == "text" else token.written
            if self._take().written != ":":
                raise self._fault('":" behind the key', token)
            if key in made:
                self._repeated.append(key)
            made[key] = self._value(depth)
        return made

    def _list(self, depth: int) -> list[Any]:
        made: list[Any] = []
        while not self._closes("]"):
            made.append(self._value(depth))
        return made

    def _closes(self, mark: str) -> bool:
        self._skip_commas()
        if self._next.kind == "mark" and self._next.written == mark:
            self._take()
            return True
        return False

    def _fault(self, expected: str, token: _Token | None = None) -> ValueError:
        at = token or self._next
        line = self._text.count("\n", 0, at.place) + 1
        column = at.place - self._text.rfind("\n", 0, at.place)
        found = f'"{quoted(at.written, 20)}"' if at.written else "the end"
        return ValueError(
            f"this is not JSON: line {line} column {column}: expected {expected}, found {found}"
        )


def _scalar(token: _Token) -> Any:
    if token.kind == "text":
        return _unescaped(token.written[1:-1])
    if token.kind == "word":
        return _WORDS[token.written]
    is_whole = token.written.lstrip("+-").isdigit() and len(token.written) < 20
    return int(token.written) if is_whole else float(token.written)


def _unescaped(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        return chr(int(match[1], 16)) if match[1] else _LETTERS.get(match[2], match[2])

    return _ESCAPE.sub(letter, text)

"""A scene that is being written: its settings, their comments, and what is to be told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from keyframes.quoting import is_seen
from pipeline.scene.importers.notes import Note, Severity, in_order

WIDTH = 110
"""Characters of a line, beyond which a mapping or list goes on lines of its own."""

ORDER = (
    "video",
    "music",
    "models",
    "seed",
    "prompts",
    "camera",
    "sampler",
    "guidance",
    "clip",
    "output",
)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*|[23]d|[0-9]+(?:\.[0-9]+)?%")
_WORDS_OF_YAML = {"true", "false", "null"}
_TOLD = (Severity.LOST, Severity.DIFFERS)


@dataclass(frozen=True, slots=True)
class Entry:
    """A setting of a scene."""

    value: object
    comment: str = ""


class Draft:
    """The settings of one scene, put in one by one, and the notes of its import."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self._sections: dict[str, dict[str, Entry]] = {}
        self._alone: dict[str, Entry] = {}

    def put(self, path: str, value: object, comment: str = "") -> None:
        """Set `camera.zoom`, or `seed`, to a value as YAML holds it."""
        section, dot, name = path.partition(".")
        if dot:
            self._sections.setdefault(section, {})[name] = Entry(value, comment)
        else:
            self._alone[section] = Entry(value, comment)

    def drop(self, path: str) -> None:
        """Take a setting out again, if it has been put in."""
        section, _, name = path.partition(".")
        self._sections.get(section, {}).pop(name, None)

    def has(self, path: str) -> bool:
        """Whether a setting has been put in."""
        section, _, name = path.partition(".")
        return name in self._sections.get(section, {})

    def value(self, path: str) -> object:
        """The value of a setting that has been put in."""
        section, _, name = path.partition(".")
        return self._sections[section][name].value

    def note(self, severity: Severity, names: str | tuple[str, ...], message: str = "") -> None:
        """Tell something about one key of the source or several."""
        self.notes.append(Note(severity, (names,) if isinstance(names, str) else names, message))

    def lost(self, names: str | tuple[str, ...], message: str) -> None:
        """Tell that a part of what the original shows is missing."""
        self.note(Severity.LOST, names, message)

    def differs(self, names: str | tuple[str, ...], message: str) -> None:
        """Tell that pictures will look different."""
        self.note(Severity.DIFFERS, names, message)

    def slight(self, names: str | tuple[str, ...], message: str) -> None:
        """Tell of a small difference."""
        self.note(Severity.SLIGHT, names, message)

    def note_idle(self, names: tuple[str, ...]) -> None:
        """List keys that say nothing about the picture."""
        self.note(Severity.IDLE, names)

    def text(self, title: str) -> str:
        """The scene as a YAML file, with a comment at its head."""
        return "\n".join((*self._head(title), *self._body(), ""))

    def _head(self, title: str) -> Iterator[str]:
        yield f"# {cleaned(title)}"
        told = [note for note in in_order(self.notes) if note.severity in _TOLD]
        if told:
            yield "#"
            yield "# What is not as in the original:"
        yield from (f"# - {cleaned(str(note))}" for note in told)

    def _body(self) -> Iterator[str]:
        for name in ORDER:
            if name in self._alone:
                yield ""
                yield from _lines(name, self._alone[name], "")
            elif name in self._sections:
                yield ""
                yield f"{name}:"
                for setting, entry in self._sections[name].items():
                    yield from _lines(setting, entry, "  ")


def _lines(name: str, entry: Entry, indent: str) -> Iterator[str]:
    """A setting in one line, or with what is inside it on lines of their own."""
    comment = f"    # {cleaned(entry.comment)}" if entry.comment else ""
    line = f"{indent}{name}: {flow(entry.value)}"
    value = entry.value
    if len(line) <= WIDTH or not value or not isinstance(value, dict | list):
        yield line + comment
        return
    yield f"{indent}{name}:{comment}"
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _lines(_key(key), Entry(inner), f"{indent}  ")
    else:
        yield from (f"{indent}  - {flow(inner)}" for inner in value)


def _key(key: object) -> str:
    return str(key) if isinstance(key, int) or str(key).isidentifier() else quoted(str(key))


def flow(value: object) -> str:
    """A value as YAML in one line."""
    if value is None or isinstance(value, bool):
        return {None: "none", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_key(key)}: {flow(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    return text if is_plain else quoted(text)


def quoted(text: str) -> str:
    """A text in double quotes, as YAML and JSON read it."""
    return json.dumps(cleaned(text), ensure_ascii=False)


def cleaned(text: str) -> str:
    """A text in one line, of characters that are seen."""
    seen = (letter if is_seen(letter) and letter != "\ufeff" else " " for letter in text)
    return " ".join("".join(seen).split())

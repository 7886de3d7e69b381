"""Which program wrote a settings file, and the scene that is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from keyframes.nearest import nearest
from keyframes.quoting import quoted_path
from pipeline.errors import Error
from pipeline.files.texts import as_text, read_content
from pipeline.scene.importers import deforum_names, disco_names, parseq
from pipeline.scene.importers.deforum import import_deforum
from pipeline.scene.importers.disco import import_disco
from pipeline.scene.importers.draft import Draft
from pipeline.scene.importers.files_named import Folders
from pipeline.scene.importers.loose_json import read_settings
from pipeline.scene.importers.notes import Note, Severity, in_order
from pipeline.scene.importers.source import Source

Kind = Literal["disco", "deforum", "parseq"]
KINDS: tuple[Kind, ...] = get_args(Kind)

MOST_BYTES = 64_000_000
"""The most bytes of a settings file; a manifest of an hour has some 50 million."""
MOST_OF_A_SCENE = 2_000_000
"""The most bytes that a scene file may have."""

_MARKS: Mapping[Kind, tuple[str, ...]] = {
    "parseq": parseq.MARKS,
    "disco": disco_names.MARKS,
    "deforum": deforum_names.MARKS,
}
TITLES: Mapping[Kind, str] = {"disco": "Disco Diffusion", "deforum": "Deforum", "parseq": "Parseq"}
"""What each program is called."""

_Importer = Callable[[Source, Draft, Folders], None]
_IMPORTERS: Mapping[Kind, _Importer] = {
    "disco": import_disco,
    "deforum": import_deforum,
    "parseq": lambda source, draft, _: parseq.import_parseq(source, draft),
}


@dataclass(frozen=True, slots=True)
class Imported:
    """The scene that a settings file becomes."""

    kind: Kind
    text: str
    """The scene file."""
    notes: tuple[Note, ...]
    """What has no counterpart, the worst first."""


def import_settings(path: Path, scene_folder: Path, kind: Kind | None = None) -> Imported:
    """The settings in the file at `path` as a scene that will lie in `scene_folder`.

    Without `kind` the content tells it. Raises Error, one message, if the file cannot be read, is
    no settings file, or none of a kind that is known.
    """
    try:
        settings = read_settings(as_text(read_content(path, MOST_BYTES), path))
        found = kind or kind_of(settings.data)
        draft = Draft()
        for name in dict.fromkeys(settings.repeated):
            draft.slight(name, "stands in the file more than once: the last one holds")
        source = Source(settings.data, draft)
        _IMPORTERS[found](source, draft, Folders(path.absolute().parent, scene_folder))
    except ValueError as error:
        said = str(error)
        place = "" if quoted_path(path) in said else f"{quoted_path(path)}: "
        raise Error(f"{place}{said}") from None
    _tell_left(source, draft, found)
    text = draft.text(f"Imported from {TITLES[found]}, {path.name}")
    if len(text.encode()) > MOST_OF_A_SCENE:
        raise Error(
            f"{quoted_path(path)}: its scene would be larger than {MOST_OF_A_SCENE:,} bytes, which "
            "is the most; import fewer frames"
        )
    return Imported(found, text, tuple(in_order(draft.notes)))


def kind_of(data: Mapping[str, Any]) -> Kind:
    """The program whose names a file has; ValueError where it has too few of any."""
    counts = {kind: sum(name in data for name in marks) for kind, marks in _MARKS.items()}
    best = max(KINDS, key=lambda kind: (kind == "parseq" and counts[kind] > 0, counts[kind]))
    if counts[best] == 0:
        names = ", ".join(f"{marks[0]} ({kind})" for kind, marks in _MARKS.items())
        hint = next(
            (nearest(name, MOST_TELLING) for name in data if nearest(name, MOST_TELLING)), ""
        )
        raise ValueError(
            "this has no setting by which a program can be told, such as "
            f"{names}{hint}; say which one wrote it: --kind disco, deforum or parseq"
        )
    return best


MOST_TELLING = tuple(marks[0] for marks in _MARKS.values())


def _tell_left(source: Source, draft: Draft, kind: Kind) -> None:
    """Tell of the names that nobody asked for, and list those that say nothing."""
    if source.left:
        draft.note(
            Severity.UNKNOWN, source.left, f"no setting of {TITLES[kind]}'s that is known here"
        )
    told = {name for note in draft.notes for name in note.names}
    quiet = tuple(name for name in source.idle if name not in told)
    if quiet:
        draft.note_idle(quiet)

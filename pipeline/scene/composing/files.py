"""The files of a scene: its own, and those that it includes, read in the order of their layers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from keyframes.mistakes import Located, found
from keyframes.quoting import quoted_path
from pipeline.errors import Error, Problem, SceneError
from pipeline.scene.composing.laying import INCLUDE, Layer
from pipeline.scene.composing.scene_texts import MAX_BYTES, NoText, TooLarge, text_of
from pipeline.scene.composing.texts import Texts
from pipeline.scene.reading.document import Document, Route
from pipeline.scene.reading.paths import path_from
from pipeline.scene.reading.problems import place
from pipeline.scene.reading.yaml_source import EMPTY

MOST_DEEP = 8
"""How many files may include one another in a row, the scene's own among them."""
MOST_FILES = 64
"""How often files may be included."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the files of a scene say."""

    main: Document
    """The scene's own file."""
    layers: tuple[Layer, ...]
    """The files as they lie over each other, the lowest first."""
    texts: Texts
    problems: tuple[Problem, ...]
    """Mistakes in the included files, and in naming them."""
    files: tuple[Path, ...]
    """The scene's file as it was named, and those that it includes, there or not."""


def scene_files(path: Path) -> tuple[Path, ...]:
    """The files that the scene in the file at `path` is written in, the file itself first.

    Files that are named and are not there, or cannot be read, are among them: once they change,
    so does the scene. Nothing is raised: of a scene that cannot be read there is but its file.
    """
    try:
        return gathered(path).files
    except Error:
        return (path,)


def gathered(path: Path) -> Gathered:
    """The scene's file at `path` and all that it includes.

    Raises Error, as one of the kinds of a scene file, if the scene's own file cannot be read.
    """
    texts = Texts()
    text, size = _own_text(path)
    main = texts.read(text)
    folder = Path(os.path.abspath(path)).parent
    reading = _Reading(texts, folder, path.is_absolute(), MAX_BYTES - size, [path])
    reading.add(_File(path, Path(os.path.abspath(path)), main))
    return Gathered(
        main, tuple(reading.layers), texts, tuple(reading.problems), tuple(reading.files)
    )


def _own_text(path: Path) -> tuple[str, int]:
    try:
        return text_of(path, MAX_BYTES)
    except FileNotFoundError as error:
        raise Error(
            f"{quoted_path(path)}: there is no such scene file; check the name and the folder"
        ) from error
    except OSError as error:
        raise Error(
            f"{quoted_path(path)}: this scene file cannot be read: {error.strerror}"
        ) from error
    except TooLarge as error:
        raise Error(
            f"{quoted_path(path)}: this is larger than a scene can be ({MAX_BYTES:,} bytes); is it "
            "the right file? A curve for every frame is shorter as a formula"
        ) from error
    except NoText as error:
        message = "this is not UTF-8 text; save the scene as a UTF-8 text file"
        raise SceneError(path, [Problem(error.line, error.column, "", message)]) from error


@dataclass(frozen=True, slots=True)
class _File:
    """One file that was read."""

    shown: Path
    """What it is called in messages."""
    path: Path
    """The absolute name."""
    document: Document


@dataclass(slots=True)
class _Reading:
    """Files one after the other, and what was found in them so far."""

    texts: Texts
    folder: Path
    """Folder of the scene's own file."""
    absolute: bool
    """Whether files are shown by their whole names, as the scene's own is."""
    room: int
    """Bytes that may still be read."""
    files: list[Path]
    layers: list[Layer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    count: int = 0
    known: dict[Path, Document] = field(default_factory=dict)
    """Files that were read, by their absolute names."""

    def add(self, file: _File, *above: _File) -> None:
        """Add the layers of what a file includes, then its own; it is included by those `above`."""
        chain = (*above, file)
        settings = file.document.data
        if not isinstance(settings, dict):
            return
        for route, name in self._named(file.document, settings):
            try:
                included = self._file(name, chain)
            except ValueError as error:
                self._note(file.document, route, str(error))
                continue
            self.add(included, *chain)
        own = {key: value for key, value in settings.items() if key != INCLUDE}
        folder = None if file.path.parent == self.folder else file.path.parent
        self.layers.append(Layer(replace(file.document, data=own), folder, heads=True))

    def _named(
        self, document: Document, settings: dict[object, object]
    ) -> Iterator[tuple[Route, str]]:
        """The names of files to include, with their places; what is none is noted."""
        written = settings.get(INCLUDE, [])
        listed = isinstance(written, list)
        for index, name in enumerate(written if isinstance(written, list) else [written]):
            route: Route = (INCLUDE, index) if listed else (INCLUDE,)
            if isinstance(name, str) and name.strip():
                yield route, name
            else:
                words = f"expected the name of a file, or a list of them, found {found(name)}"
                self._note(document, route, words)

    def _note(self, document: Document, route: Route, message: str) -> None:
        self.problems.append(place(document, route, Located((), message)))

    def _file(self, name: str, chain: tuple[_File, ...]) -> _File:
        """The file that the last of `chain` includes by `name`; ValueError if it cannot be."""
        folder = chain[-1].path.parent
        path_from(folder, name)
        named = Path(os.path.expanduser(name))
        path = Path(os.path.abspath(folder / named))
        shown = path if self.absolute or named.is_absolute() else Path(os.path.relpath(path))
        if shown not in self.files:
            self.files.append(shown)
        _check_chain(path, shown, chain)
        self.count += 1
        if self.count > MOST_FILES:
            raise ValueError(f"more than {MOST_FILES} files are included; take some together")
        if path not in self.known:
            _check_there(path, shown)
            self.known[path] = self._read(path, shown)
        return _File(shown, path, self.known[path])

    def _read(self, path: Path, shown: Path) -> Document:
        try:
            text, size = text_of(path, self.room)
        except OSError as error:
            raise ValueError(f'"{quoted_path(shown)}" cannot be read: {error.strerror}') from error
        except TooLarge as error:
            raise ValueError(
                f'with "{quoted_path(shown)}" the scene is larger than {MAX_BYTES:,} bytes; is it '
                "the right file?"
            ) from error
        except NoText as error:
            raise ValueError(
                f'"{quoted_path(shown)}" is not UTF-8 text, in line {error.line}; save it as a '
                "UTF-8 text file"
            ) from error
        self.room -= size
        document = self.texts.read(text, shown)
        if any(problem.message == EMPTY for problem in document.problems):
            raise ValueError(f'"{quoted_path(shown)}" is empty; {_FORM}')
        if not document.problems and not isinstance(document.data, dict):
            raise ValueError(f'"{quoted_path(shown)}" holds {found(document.data)}; {_FORM}')
        self.problems += document.problems
        return document


_FORM = "an included file has settings, as a scene has: camera: {fov: 40}"


def _check_there(path: Path, shown: Path) -> None:
    try:
        is_file, is_folder = path.is_file(), path.is_dir()
    except OSError as error:
        raise ValueError(f'"{quoted_path(shown)}" cannot be read: {error.strerror}') from error
    if is_folder:
        raise ValueError(f'"{quoted_path(shown)}" is a folder; name a file of settings in it')
    if not is_file and path.exists():
        raise ValueError(f'"{quoted_path(shown)}" is no plain file; name a file of settings')
    if not is_file:
        raise ValueError(
            f'"{quoted_path(shown)}" does not exist; names are relative to the file that includes '
            "them"
        )


def _check_chain(path: Path, shown: Path, chain: tuple[_File, ...]) -> None:
    """Refuse a file that includes itself, by way of others or not, and chains that are too long."""
    paths, again = [os.path.realpath(file.path) for file in chain], os.path.realpath(path)
    if again in paths:
        first = paths.index(again)
        names = [quoted_path(file.shown) for file in chain[first:]]
        told = ", which includes ".join([*names[1:], names[0]])
        raise ValueError(f"{names[0]} includes {told}: a circle; take one of them out")
    if len(chain) >= MOST_DEEP:
        raise ValueError(
            f"{MOST_DEEP} files include one another in a row, and {quoted_path(shown)} would be "
            "one more; include fewer"
        )

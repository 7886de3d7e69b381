"""What a scene says, of all that it is written in: one document, whose parts know their places.

From the bottom up: the files that it includes, the scene's file, the chosen profile, and settings
of the command line. What reads the document sees a scene as if it were written in one file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel

from keyframes.nearest import nearest
from keyframes.quoting import quoted, quoted_path
from pipeline.errors import Error, Problem
from pipeline.scene.composing.choice import Choice
from pipeline.scene.composing.files import Gathered, gathered
from pipeline.scene.composing.laying import INCLUDE, PROFILES, Composition, sections_of
from pipeline.scene.composing.profiles import profile_layer, profile_names, profile_problems
from pipeline.scene.composing.set_settings import set_layer
from pipeline.scene.reading.document import Document


@dataclass(frozen=True, slots=True)
class Composed:
    """A scene before it is read."""

    document: Document
    files: tuple[Path, ...]
    """The scene's file, and those that it includes."""
    profiles: tuple[str, ...] = ()
    """The names of its profiles."""


def composed(path: Path, choice: Choice, scene: type[BaseModel]) -> Composed:
    """The scene in the file at `path` with what `choice` lays over it; `scene` has its settings.

    Raises Error if the file cannot be read, there is no such profile, or a setting of `choice` is
    none; mistakes in what is written are the document's problems.
    """
    files = gathered(path)
    main = files.main.data
    alone = isinstance(main, dict) and not {INCLUDE, PROFILES} & main.keys()
    if not isinstance(main, dict) or (alone and choice == Choice()):
        return Composed(files.main, files.files)
    composition = Composition(sections_of(scene))
    for layer in files.layers:
        composition.lay(layer)
    problems = [*files.main.problems, *files.problems]
    below = _document(files, composition, problems)
    names = profile_names(below)
    problems += profile_problems(below, scene)
    layers = []
    # Where something cannot be read, which is told, it may be what has the profile.
    if choice.profile is not None and (choice.profile in names or not problems):
        _check_name(choice.profile, names, path)
        layers.append(profile_layer(below, choice.profile))
    composition.take_out(PROFILES)
    for argument in choice.settings:
        layer = set_layer(argument, files.texts)
        problems += layer.document.problems
        layers.append(layer)
    for layer in layers:
        if not layer.document.problems:
            composition.lay(layer)
    problems += composition.problems
    return Composed(_document(files, composition, problems), files.files, names)


def _document(files: Gathered, composition: Composition, problems: list[Problem]) -> Document:
    """The document as far as it is composed."""
    return replace(
        files.main,
        source=files.texts.source,
        data=composition.data,
        keys=composition.keys,
        values=composition.values,
        problems=tuple(problems),
        pieces=tuple(files.texts.pieces),
    )


def _check_name(name: str, names: tuple[str, ...], path: Path) -> None:
    """Refuse the name of a profile that the scene has not."""
    if name in names:
        return
    if not names:
        raise Error(
            f"{quoted_path(path)}: there are no profiles, found --profile {quoted(name)}; leave it "
            "out, or write profiles: {draft: {video: {fps: 12}}}"
        )
    raise Error(
        f"{quoted_path(path)}: there is no profile {quoted(name)}{nearest(name, names)}; the "
        f"profiles are {', '.join(map(quoted, names))}"
    )

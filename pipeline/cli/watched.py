"""The scene that `discoreel watch` shows: the one place where it is loaded, and its problems."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path

from pipeline.cli.disk_room import narrow_disk
from pipeline.cli.problem_formats import Told, as_data
from pipeline.cli.terminal import tell
from pipeline.errors import MOST_SHOWN, Error, Problem, SceneError, in_order
from pipeline.files.texts import as_text
from pipeline.plan.extent import extent
from pipeline.plan.make import make_plan
from pipeline.scene.composing.choice import AS_WRITTEN, Choice
from pipeline.scene.composing.files import scene_files
from pipeline.scene.composing.scene_texts import MAX_BYTES
from pipeline.scene.load import read_scene
from pipeline.scene.named_files import named_files
from pipeline.web.view import Understood, View, Written, view_of


def read_view(scene: Path, folder: Path, choice: Choice = AS_WRITTEN) -> View:
    """What there is to see of a scene, whose render is, or will be, in `folder`; raises nothing.

    Mistakes and warnings are those of `discoreel check`. What is wrong with the file as a whole, or
    with what it names, stands at its beginning.
    """
    try:
        return _understood(scene, folder, choice)
    except SceneError as error:
        mistakes = [Told("error", problem) for problem in error.problems]
        return _view(scene, error.source or _text(scene), mistakes)
    except Error as error:
        return _view(scene, _text(scene), [Told("error", Problem(1, 1, "", str(error)))])
    except Exception as error:
        # A bug must not end what shows the next save.
        tell("".join(traceback.format_exception(error)))
        words = f"this is a bug in discoreel ({error!r}); the terminal has what to report"
        return _view(scene, _text(scene), [Told("error", Problem(1, 1, "", words))])


def _understood(scene: Path, folder: Path, choice: Choice) -> View:
    read = read_scene(scene, choice=choice)
    extent(read.scene)
    understood = Understood(read.scene, make_plan(read.scene))
    warnings = in_order((*read.warnings, *narrow_disk(read, scene, folder)))
    told = [Told("warning", problem) for problem in warnings]
    return _view(scene, read.document.own_text, told, understood)


def _view(
    scene: Path,
    source: str,
    told: Sequence[Told],
    understood: Understood | None = None,
) -> View:
    shown = told[:MOST_SHOWN]
    # A place in another file, or in an argument, is none in the text that the page shows.
    elsewhere = (one.problem.origin and one.problem.place(scene) for one in shown)
    listed = [
        {**one, "elsewhere": where}
        for one, where in zip(as_data(scene, shown), elsewhere, strict=True)
    ]
    written = Written(scene, source, listed, max(0, len(told) - MOST_SHOWN))
    followed = (*scene_files(scene), *named_files(source, scene.absolute().parent))
    return view_of(written, followed, understood)


def _text(scene: Path) -> str:
    """What stands in a file that is no scene, as far as it can be shown."""
    try:
        with scene.open("rb") as file:
            return as_text(file.read(MAX_BYTES), scene)
    except (OSError, ValueError):
        return ""

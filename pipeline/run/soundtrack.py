"""Where the sound of a run's video lies, also after the run and the sound have moved together."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from pipeline.spec.plan import OutputSpec


def seen_from(folder: Path, output: OutputSpec) -> OutputSpec:
    """The output with the path from a run's folder to its sound."""
    if output.soundtrack is None:
        return output
    try:
        way = os.path.relpath(output.soundtrack, folder.resolve())
    except ValueError:  # on another drive
        return output
    return replace(output, soundtrack_from_run=Path(way).as_posix())


def found_from(folder: Path, output: OutputSpec) -> OutputSpec:
    """The output without the path from the run's folder: the sound is there, or else where it was.

    A sound in neither place is missed where that path leads, as long as there is such a folder.
    """
    if output.soundtrack is None or output.soundtrack_from_run is None:
        return output
    was = Path(output.soundtrack)
    there = (folder.resolve() / output.soundtrack_from_run).resolve()
    is_there = there.is_file() or (there.parent.is_dir() and not was.is_file())
    return replace(output, soundtrack=str(there if is_there else was), soundtrack_from_run=None)

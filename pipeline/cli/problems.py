"""Problems of a scene file on standard error: the message, and below it the line that it is about.

scene.yaml:3:16: camera.zoom: zoom is 0; allowed: above 0, to 100
  3 | camera: {zoom: 0}
    |                ^
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from keyframes.quoting import quoted_path
from keyframes.time_words import counted
from pipeline.cli.excerpt import excerpt
from pipeline.cli.terminal import Piece, tell, tell_styled
from pipeline.errors import MOST_SHOWN, Problem, SceneError, and_more, in_order
from pipeline.files.lines import lines_of

if TYPE_CHECKING:
    from pipeline.scene.load import SceneRead

MISTAKE, WARNING = "bold red", "bold yellow"
_GUTTER = "blue"


def tell_mistakes(error: SceneError) -> None:
    """Say what is wrong with a scene, and of how many mistakes that is all or a part."""
    _tell(error.file, error.problems, error.source)
    count = len(error.problems)
    if more := and_more(count, MOST_SHOWN):
        tell(f"{quoted_path(error.file)}: {count:,} mistakes: these, {more}; mend these first")
    elif count > 1:
        tell(f"{quoted_path(error.file)}: {counted(count, 'mistake')}")


def tell_warnings(read: SceneRead, file: Path, *further: Problem) -> None:
    """Say what the author of the scene in `file` may not have meant, and what is `further` told."""
    warnings = in_order((*read.warnings, *further))
    _tell(file, warnings, read.document.own_text, "warning")
    if more := and_more(len(warnings), MOST_SHOWN):
        tell(f"{quoted_path(file)}: {more}")


def _tell(file: Path, problems: Sequence[Problem], source: str, kind: str = "") -> None:
    lines = lines_of(source) if problems else []
    for problem in problems[:MOST_SHOWN]:
        tell_styled(told(file, problem, lines, kind))


def told(file: Path, problem: Problem, lines: Sequence[str], kind: str = "") -> Iterator[Piece]:
    """A problem for people, with what stands at its place.

    `lines` are those of the scene's own `file`.
    """
    style = WARNING if kind else MISTAKE
    place = problem.place(file)
    words = problem.told(file, kind).removeprefix(place)
    yield place, "bold"
    if kind:
        yield ": ", ""
        yield kind, style
        words = words.removeprefix(f": {kind}")
    yield words, ""
    origin = problem.origin
    there = lines if origin is None else lines_of(origin.text)
    shown = excerpt(there, problem.line, problem.column, problem.end)
    if shown is None:
        return
    number = "" if origin is not None and origin.file is None else f"{problem.line} "
    gutter = f"  {number}| "
    yield f"\n{gutter}", _GUTTER
    yield shown.line, ""
    yield f"\n{' ' * (len(gutter) - 2)}| ", _GUTTER
    yield f"{' ' * shown.before}{'^' * shown.carets}", style

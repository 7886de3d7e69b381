"""Every error that a person at the command line is meant to read.

    Error                    the author can mend it; exit code 1
    ├── SceneError           the scene file: one Problem for each mistake
    ├── RunError             the run directory: locked, changed, damaged, not a run
    │   └── DamagedManifest  its run.json, which the next render writes anew
    ├── ModelError           weights or a model's folder: missing, corrupt, of another shape
    └── FFmpegError          ffmpeg refused: its command, its code, its last words

Anything else that reaches the command line is a bug (exit code 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from keyframes.quoting import quoted_path, shortened, visible

MOST_SHOWN = 50
"""Most problems of one scene that are listed; the rest is counted."""
LONGEST_PLACE = 200
LONGEST_MESSAGE = 500
"""Most characters of one problem's place, and of its words."""


class Error(Exception):
    """What went wrong, where, what is allowed, and the remedy, in words for the scene's author.

    Characters that a terminal would obey are shown as their codes, but for ends of lines.
    """

    def __init__(self, message: str) -> None:
        super().__init__(visible(message, keep="\n\t"))


@dataclass(frozen=True, slots=True)
class Origin:
    """What settings are written in besides the scene's own file: a file, or an argument."""

    number: int
    """Place among them, from 1, in the order in which they are told."""
    text: str
    """What is written there."""
    file: Path | None = None
    """The file; None for an argument."""
    argument: str = ""
    """What an argument is called: `--set camera.fov`."""

    def place(self, line: int, column: int) -> str:
        """File, line and column, `base.yaml:5:3`; of an argument what it is called."""
        return place_in(self.file, line, column) if self.file else visible(self.argument)


def place_in(file: Path, line: int, column: int) -> str:
    """A place in a file: `scene.yaml:5:3`."""
    return f"{quoted_path(file)}:{line}:{column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a scene, or a warning. `line` and `column` count from 1."""

    line: int
    column: int
    path: str
    """Dotted place in the scene, such as `camera.zoom.bar 5`; empty for the file as a whole."""
    message: str
    end: int = field(default=0, compare=False)
    """Column behind the last character of what is meant, in the same line; 0 where unknown."""
    origin: Origin | None = field(default=None, compare=False, repr=False)
    """What it is written in; None for the scene's own file."""

    def place(self, file: Path) -> str:
        """Where it is, in a scene of the file `file`: `scene.yaml:5:3`."""
        if self.origin is not None:
            return self.origin.place(self.line, self.column)
        return place_in(file, self.line, self.column)

    def words(self) -> str:
        """The message in a line that a terminal can show, cut where it is very long."""
        return shortened(visible(self.message), LONGEST_MESSAGE)

    def told(self, file: Path, kind: str = "") -> str:
        """The problem for people: `scene.yaml:5:3: kind: path: message`, without what is empty."""
        path, place = shortened(visible(self.path), LONGEST_PLACE), self.place(file)
        if self.origin is not None and self.origin.file is None and place.endswith(f" {path}"):
            path = ""  # an argument is called by what it sets
        return ": ".join(filter(None, (place, kind, path, self.words())))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems in the order in which they are told: those of the scene's own file come first."""
    return tuple(sorted(problems, key=lambda one: (one.origin.number if one.origin else 0, one)))


class SceneError(Error):
    """Every problem of one scene, in the order of its file and of those that it includes."""

    def __init__(self, file: Path, problems: Sequence[Problem], source: str = "") -> None:
        self.file = file
        self.problems = in_order(problems)
        self.source = source
        """What is written in the file; empty where that is unknown."""
        lines = [problem.told(file) for problem in self.problems[:MOST_SHOWN]]
        if more := and_more(len(self.problems), MOST_SHOWN):
            lines.append(f"{quoted_path(file)}: {more}; mend these first")
        super().__init__("\n".join(lines))


def and_more(count: int, shown: int) -> str:
    """How many of `count` things are not `shown`, in words; empty if all are."""
    return f"and {count - shown:,} more" if count > shown else ""


class RunError(Error):
    """The run directory cannot be used as asked, or the disk refuses; no frame was lost."""


class DamagedManifest(RunError):
    """The file that says to what the frames of a run belong cannot be read; the frames can."""


class ModelError(Error):
    """A model cannot be loaded: a file is missing, corrupt, or of another architecture."""


class FFmpegError(Error):
    """ffmpeg ended with an error."""

    def __init__(self, argv: Sequence[str], code: int, stderr: str) -> None:
        self.argv = tuple(argv)
        self.code = code
        self.stderr = stderr
        words = "\n".join(f"  {line}" for line in stderr.strip().splitlines()[-12:])
        super().__init__(f"ffmpeg ended with code {code}:\n{words}\n  command: {' '.join(argv)}")

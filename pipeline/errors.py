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

from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a scene file, or a warning. `line` and `column` count from 1."""

    line: int
    column: int
    path: str
    """Dotted place in the scene, such as `camera.zoom.bar 5`; empty for the file as a whole."""
    message: str
    end: int = field(default=0, compare=False)
    """Column behind the last character of what is meant, in the same line; 0 where unknown."""

    def place(self, file: Path) -> str:
        """File, line and column: `scene.yaml:5:3`."""
        return f"{quoted_path(file)}:{self.line}:{self.column}"

    def words(self) -> str:
        """The message in a line that a terminal can show, cut where it is very long."""
        return shortened(visible(self.message), LONGEST_MESSAGE)

    def told(self, file: Path, kind: str = "") -> str:
        """The problem for people: `scene.yaml:5:3: kind: path: message`, without what is empty."""
        path = shortened(visible(self.path), LONGEST_PLACE)
        return ": ".join(filter(None, (self.place(file), kind, path, self.words())))


class SceneError(Error):
    """Every problem of one scene file, in the order of the file."""

    def __init__(self, file: Path, problems: Sequence[Problem], source: str = "") -> None:
        self.file = file
        self.problems = tuple(sorted(problems))
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

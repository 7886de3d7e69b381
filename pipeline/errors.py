"""Every error that a person at the command line is meant to read.

    Error                    the author can mend it; exit code 1
    ├── SceneError           the scene file: one Problem for each mistake
    ├── RunError             the run directory: locked, changed, damaged, not a run
    ├── ModelError           weights or a model's folder: missing, corrupt, of another shape
    └── FFmpegError          ffmpeg refused: its command, its code, its last words

Anything else that reaches the command line is a bug (exit code 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from keyframes.quoting import quoted_path, shortened, visible

MOST_SHOWN = 100
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

    def told(self, file: Path, kind: str = "") -> str:
        """The problem for people: `scene.yaml:5:3: kind: path: message`, without what is empty."""
        place = f"{quoted_path(file)}:{self.line}:{self.column}"
        path = shortened(visible(self.path), LONGEST_PLACE)
        message = shortened(visible(self.message), LONGEST_MESSAGE)
        return ": ".join(filter(None, (place, kind, path, message)))


class SceneError(Error):
    """Every problem of one scene file, in the order of the file."""

    def __init__(self, file: Path, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(sorted(problems))
        lines = [problem.told(file) for problem in self.problems[:MOST_SHOWN]]
        more = len(self.problems) - MOST_SHOWN
        if more > 0:
            lines.append(f"{quoted_path(file)}: and {more} more; mend these first")
        super().__init__("\n".join(lines))


class RunError(Error):
    """The run directory cannot be used as asked, or the disk refuses; no frame was lost."""


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

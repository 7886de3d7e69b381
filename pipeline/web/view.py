"""What the page shows of a scene file at one moment: its mistakes, or else its timeline.

A `View` is complete: whoever has it asks the file no more. It is made where scenes are loaded, and
this room only hands it on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keyframes.timebase import Timebase
from pipeline.scene.schema import Scene
from pipeline.spec.plan import Plan
from pipeline.web.timeline import timeline

LONGEST_SOURCE = 2_000_000
"""Most characters of a scene's text that are shown."""

Told = Mapping[str, Any]
"""A mistake or warning as JSON data: line, column, end_column, severity, path, message, remedy."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A scene that has no mistake."""

    scene: Scene
    plan: Plan

    @property
    def timebase(self) -> Timebase:
        """The clock of its video."""
        return self.scene.timebase

    @property
    def frames(self) -> int:
        """Frames of its video, or the number of its stills."""
        return self.scene.frame_count


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in a scene file, and what is to be said of it."""

    file: Path
    source: str
    """Text of the file; empty where it cannot be read."""
    problems: Sequence[Told]
    more: int = 0
    """Problems that are only counted."""


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows, and what the server needs to go on from it."""

    payload: bytes
    """What the page is sent, as JSON."""
    files: tuple[Path, ...]
    """Files and folders whose change may change the view, there or not, beside the scene itself."""
    understood: Understood | None = None
    """None while there are mistakes."""


def view_of(
    written: Written, files: Sequence[Path] = (), understood: Understood | None = None
) -> View:
    """The view of a scene; of one with mistakes where it is not `understood`.

    Raises:
        ModelError: the configuration of the scene's denoiser is missing.
    """
    data: dict[str, Any] = {
        "file": written.file.name,
        "folder": str(written.file.absolute().parent),
        "source": written.source[:LONGEST_SOURCE],
        "problems": list(written.problems),
        "more": written.more,
        "timeline": None if understood is None else timeline(understood.scene, understood.plan),
    }
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    # Only names of files hold lone surrogates, and their codes are what JSON writes them as.
    return View(text.encode(errors="backslashreplace"), tuple(files), understood)

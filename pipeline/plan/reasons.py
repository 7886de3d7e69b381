"""Why a setting has its value: reasons, each with its place in the scene's files, and what asks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from keyframes.quoting import quoted, shortened
from keyframes.time_words import frame_place
from pipeline.catalogue.presets import PRESETS
from pipeline.errors import Origin
from pipeline.plan.frame_values import VideoFrame
from pipeline.scene.reading.document import Document, Route
from pipeline.scene.sections import ShotRead, chosen_preset, preset_beneath
from pipeline.scene.shots import Shot

LONGEST = 120
"""Most characters of what is quoted from a scene."""

_ALIASES: Mapping[str, str] = {"roll": "angle"}


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column of a text that the scene is written in, both from 1."""

    line: int
    column: int
    origin: Origin | None = None
    """What the text is; None for the scene's own file."""
    profile: str = ""
    """The name of the profile that it is written in, if it is."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that had a hand in a value, and what it rests on itself."""

    words: str
    place: Place | None = None
    """Where the author wrote it; None for what nobody wrote."""
    inner: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A frame of a video of which a setting is asked, and the shot that it is of."""

    frame: VideoFrame
    shot: Shot
    part: ShotRead = field(repr=False)
    """The file as the shot sees it."""
    grows: bool
    """Whether the frame follows another one, so that what is for frames that grow holds for it."""
    turned: float
    """How far the prompts are from holding still, 0 to 1."""

    @property
    def position(self) -> float:
        """Position of the frame in the video, at which curves are read."""
        return float(self.frame.number)

    @property
    def written(self) -> Mapping[Any, Any]:
        """What the author wrote, as the shot sees it."""
        return self.part.data

    def when(self, frame: float) -> str:
        """A position in the video in words: `frame 96 (0:04, bar 3)`."""
        timebase = self.part.clock.timebase
        near = frame_place(max(0, round(frame)), timebase)
        return f"frame {frame:.6g} ({near})"


def written_at(asked: Asked, route: Route) -> tuple[Route, Any] | None:
    """The route under which a setting is written and what stands there; None if it is not."""
    data: Any = asked.written
    there: list[str | int | float] = []
    for key in route:
        names = [name for name in (key, _ALIASES.get(str(key))) if name is not None]
        known = [name for name in names if isinstance(data, Mapping) and name in data]
        if not known:
            return None
        there.append(known[0])
        data = data[known[0]]
    return tuple(there), data


def place_of(document: Document, route: Route) -> Place:
    """Where the value at a route stands in the scene's files."""
    return _place(document, route, *document.value_place(route))


def key_place_of(document: Document, route: Route) -> Place:
    """Where the key that ends a route stands in the scene's files."""
    return _place(document, route, *document.key_place(route))


def _place(document: Document, route: Route, line: int, column: int) -> Place:
    origin, there = document.origin(line)
    return Place(there, column, origin, ".".join(map(str, document.within(route)[1:])))


_OFF = ("none", "false")
"""What a preset's value becomes that makes no sense beside what else is chosen."""


def unwritten(asked: Asked, route: Route, default: str) -> Reason:
    """The reason of a setting that the author left out: the preset's, or the default.

    A preset's value may have given way to what the author did write; `default` is then off.
    """
    preset = chosen_preset(dict(asked.written), PRESETS)
    section, *inner = route
    settings: Any = preset_beneath(dict(asked.written), preset).get(str(section), {})
    if inner and inner[0] in settings:
        name, given = getattr(preset, "name", ""), settings[inner[0]]
        gave_way = default in _OFF and given not in (None, False, "none")
        gave_way |= default == "0" and isinstance(given, int | float) and given != 0
        words = ", which gives way here" if gave_way else ""
        return Reason(f"not written; the preset {name} has {as_written(given)}{words}")
    return Reason(f"not written; the default is {default}" if default else "not written")


def as_written(data: Any) -> str:
    """What stands in a file in one line, as YAML between braces would have it."""
    if data is None:
        return "none"
    if isinstance(data, Mapping):
        words = ", ".join(f"{key}: {as_written(value)}" for key, value in data.items())
        return shortened(f"{{{words}}}", LONGEST)
    if isinstance(data, Sequence) and not isinstance(data, str):
        return shortened(f"[{', '.join(map(as_written, data))}]", LONGEST)
    if isinstance(data, str):
        return f'"{quoted(" ".join(data.split()), LONGEST)}"'
    return shortened(json.dumps(data, default=str), LONGEST)

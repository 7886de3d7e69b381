"""What formulas hear: signals, and sources that make a signal from an author's settings.

Conventions:
    A signal's values belong to positions in frames. A source is written by its name, `low`, or
    with settings, `band(60, 120, release=0.3)`: numbers that must be given first, then settings by
    name. All of them are constants, so that a signal is made once and not once a frame.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from keyframes.timebase import Frames

Signal = Callable[[Frames], Frames]
"""A variable of a formula: its values at positions in frames."""

UNITS: Mapping[str, str] = MappingProxyType(
    {"beat": "beat", "beats": "beat", "bar": "bar", "bars": "bar", "s": "s"}
)
"""The units that an amount may be written with, and what they are called in an Amount."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, `2 beats` as (2.0, "beat"); the unit is "" where none is written."""

    number: float
    unit: str


@dataclass(frozen=True, slots=True)
class Source:
    """A family of signals, and what an author can say to choose one of them."""

    make: Callable[..., Signal]
    """Makes the signal: `make(*numbers, **settings)`, with only the settings that are written.

    Raises ValueError, with words for the author, for numbers that do not go together.
    """
    parameters: tuple[str, ...] = ()
    """The numbers that must be given, in their order."""
    options: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """The settings that can be given by name, and the least and the largest value of each."""
    amounts: tuple[str, ...] = ()
    """Which parameters and options have a unit; `make` gets an Amount for each of them."""

    def usage(self, name: str) -> str:
        """How the source called `name` is written, in the words of a message."""
        given = f"({', '.join(self.parameters)})" if self.parameters else ""
        settings = ", ".join(
            f"{option} ({least:g} to {largest:g})"
            for option, (least, largest) in self.options.items()
        )
        units = f", {self.parameters[0]} such as 2 beats, 1 bar or 0.5 s" if self.amounts else ""
        return f"{name}{given}{units}" + (f"; settings by name: {settings}" if settings else "")


Signals = Mapping[str, Signal | Source]
"""What a formula can use by name; a name such as "drums.onset" has one dot."""

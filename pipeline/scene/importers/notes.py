"""What an import has to tell: what has no counterpart, and what that does to pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from keyframes.quoting import quoted, shortened, visible

LONGEST_LIST = 4000
"""Characters of the names that one line lists."""


class Severity(IntEnum):
    """How much of the picture a note is about, the worst first."""

    LOST = 0
    """Part of what the original shows is missing."""
    DIFFERS = 1
    """Pictures will look different."""
    SLIGHT = 2
    """The difference is small, or of a kind that no two renders share anyway."""
    UNKNOWN = 3
    """Keys that no version of the other program is known to have."""
    IDLE = 4
    """Keys that were off, or that say nothing about the picture."""


WORDS = {
    Severity.LOST: "lost",
    Severity.DIFFERS: "differs",
    Severity.SLIGHT: "slight",
    Severity.UNKNOWN: "unknown",
    Severity.IDLE: "no effect",
}
"""What each severity is called in a message."""


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One thing to be told, about one key of the source or several."""

    severity: Severity
    names: tuple[str, ...]
    message: str = ""

    def __str__(self) -> str:
        listed = ", ".join(visible(quoted(name)) for name in self.names)
        parts = (WORDS[self.severity], shortened(listed, LONGEST_LIST), self.message)
        return ": ".join(filter(None, parts))


def in_order(notes: Iterator[Note] | list[Note]) -> list[Note]:
    """Each note once, the worst first, and those of one severity as they came."""
    return sorted(dict.fromkeys(notes), key=lambda note: note.severity)

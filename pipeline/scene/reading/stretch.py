"""A part of a scene's file, from one place to another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a document that belongs to one of its values."""

    route: tuple[str | int | float, ...]
    """What the part is called in messages, such as `("shots", "city")`."""
    start: tuple[int, int]
    end: tuple[float, float]
    """Line and column at which the part begins, and before which it ends."""

    def __contains__(self, place: tuple[int, int]) -> bool:
        """Whether a line and column lie in the part."""
        return self.start <= place < self.end

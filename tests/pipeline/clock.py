"""Time for tests."""

from __future__ import annotations


class Clock:
    """Time in seconds that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now

"""One change of prompts: a hard cut, or a cross-fade on its way."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from keyframes.turning import NEAR

if TYPE_CHECKING:
    from keyframes.prompts import Prompts


@dataclass(frozen=True, slots=True)
class Turn:
    """A set of prompts, and the cross-fade from `start` on (minus infinity for the first set)."""

    start: float
    length: float
    """Frames that the cross-fade takes; 0 for a hard cut."""
    before: Prompts
    prompts: Prompts

    def progress(self, frame: float) -> float:
        """How far the cross-fade has come at a position from `start` on, 0 to 1."""
        passed = frame - self.start
        return 1.0 if passed >= self.length - NEAR else passed / self.length

    @property
    def over(self) -> int:
        """The first frame that shows the new set alone; of the first set there is none."""
        return ceil(self.start + self.length - NEAR)

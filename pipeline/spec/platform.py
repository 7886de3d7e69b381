"""What frames are computed on: sums of floats are the same bits only where this is the same.

Threads share a sum out among themselves, and processors add up in pieces of other lengths; what
that rounds otherwise grows from frame to frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Platform:
    """The processor or graphics card, the release of torch, and the threads."""

    device: str = ""
    """Names of the device, of its instruction set if it is a processor, and torch's version."""
    threads: int = 0
    """Threads that share an operation of a processor; 0 on a graphics card."""

    deterministic: bool = False
    """Whether a graphics card was told to add up in one order; a processor does so by itself."""

    @property
    def machine(self) -> Platform:
        """The platform as it is without being told to be deterministic."""
        return replace(self, deterministic=False)

    @property
    def is_exact(self) -> bool:
        """Whether the same frame gives the same bits every time: on a processor, or as told."""
        return self.threads > 0 or self.deterministic

    def __str__(self) -> str:
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        exact = "deterministic" * self.deterministic
        return ", ".join(filter(None, (self.device, threads * bool(self.threads), exact)))

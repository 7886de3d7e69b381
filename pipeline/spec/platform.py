"""What frames are computed on: sums of floats are the same bits only where this is the same.

Threads share a sum out among themselves, and processors add up in pieces of other lengths; what
that rounds otherwise grows from frame to frame.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Platform:
    """The processor or graphics card, the release of torch, and the threads."""

    device: str = ""
    """Names of the device, of its instruction set if it is a processor, and torch's version."""
    threads: int = 0
    """Threads that share an operation of a processor; 0 on a graphics card."""

    def __str__(self) -> str:
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        return f"{self.device}, {threads}" if self.threads else self.device

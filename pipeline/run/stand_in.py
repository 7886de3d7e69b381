"""What a person keeps in the place of a frame that the scene would make."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StandIn:
    """Why a frame holds that is not what the plan makes: a person said so."""

    instead: str
    """Digest of the plan's frame in whose place it stands; in that of another one it does not."""
    reason: str = ""
    """Why it was accepted, in the person's words."""
    painted: bool = False
    """Whether a person painted its picture."""
    begins: bool = False
    """Whether what grows from it keeps to its picture, and to none that the shot had before; frames
    that earlier releases adopted do not."""

    @property
    def words(self) -> str:
        """What was done to it, as `accepted ("the film is cut")`."""
        if self.painted:
            return "adopted"
        return f'accepted ("{self.reason}")'

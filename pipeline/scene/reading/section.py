"""What the sections of a scene have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """One mapping of the file; values cannot change once they are read."""

    # Most sections are built as parts of the scene, and not again for themselves.
    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True
    )

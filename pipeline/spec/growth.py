"""The order in which frames can be made: each behind those that it grows from."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from pipeline.spec.frame import FrameId, FrameSpec


def as_they_grow(frames: Sequence[FrameSpec]) -> Iterator[FrameSpec]:
    """The `frames`, each behind those among them that it grows from, and else in their order.

    A frame between two painted ones grows from the later of them too. Frames that grow from one
    another in a circle come last.
    """
    ahead = {spec.id for spec in frames}
    waiting: dict[FrameId, list[FrameSpec]] = {}
    for first in frames:
        ready = deque([first])
        while ready:
            spec = ready.popleft()
            missing = next((one for one in spec.earlier if one in ahead), None)
            if missing is not None:
                waiting.setdefault(missing, []).append(spec)
                continue
            ahead.discard(spec.id)
            yield spec
            ready.extendleft(reversed(waiting.pop(spec.id, [])))
    for specs in waiting.values():
        yield from specs

"""Which frames have to be painted for some that are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pipeline.spec.frame import FrameId, FrameSpec


def with_earlier(
    wanted: Iterable[FrameId], specs: Iterable[FrameSpec], missing: Collection[FrameId]
) -> frozenset[FrameId]:
    """The wanted frames, and the `missing` ones of `specs` that they grow from."""
    by_id = {spec.id: spec for spec in specs}
    needed = set(wanted)
    asked = [frame for frame in needed if frame in missing]
    while asked:
        for earlier in by_id[asked.pop()].earlier:
            if earlier in missing and earlier not in needed:
                needed.add(earlier)
                asked.append(earlier)
    return frozenset(needed)

"""The prompts of what each frame of a plan shows, painted or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keyframes.prompts import Prompts, mixed
from pipeline.spec.frame import FrameId, FrameSpec


def shown_prompts(specs: Iterable[FrameSpec]) -> dict[FrameId, Prompts]:
    """For each frame of a plan the prompts that it shows.

    A painted frame shows its own, and one that is only moved those of the last painted one of its
    shot, none if there is no such frame. One between two painted frames that shows both of them
    shows the prompts of both, by how near each is in time.
    """
    specs = tuple(specs)
    found = _last_painted(specs)
    return found | {spec.id: _both(spec, found) for spec in specs if shows_both(spec)}


def shows_both(spec: FrameSpec) -> bool:
    """Whether a frame lies between two painted ones and shows both."""
    return spec.between is not None and len(spec.earlier) > 1


def with_prompts_of_their_own(specs: Iterable[FrameSpec]) -> frozenset[FrameId]:
    """The frames that are painted, and those that show two painted ones whose prompts differ."""
    specs = tuple(specs)
    found = _last_painted(specs)
    return frozenset(spec.id for spec in specs if spec.denoise is not None or _mixes(spec, found))


def _last_painted(specs: Iterable[FrameSpec]) -> dict[FrameId, Prompts]:
    """For each frame the prompts of the last one of its shot, up to it, that is painted."""
    found: dict[FrameId, Prompts] = {}
    last: dict[str, Prompts] = {}
    for spec in specs:
        if spec.denoise is not None:
            last[spec.shot] = spec.denoise.prompts
        found[spec.id] = last.get(spec.shot, ())
    return found


def _mixes(spec: FrameSpec, found: Mapping[FrameId, Prompts]) -> bool:
    return shows_both(spec) and len({found[one] for one in spec.earlier} - {()}) > 1


def _both(spec: FrameSpec, found: Mapping[FrameId, Prompts]) -> Prompts:
    assert spec.between is not None
    before, after = (found[one] for one in spec.earlier)
    if before == after or not before or not after:
        return before or after
    return mixed(before, after, spec.between.share)

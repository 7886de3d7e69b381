"""Why prompts make no schedule, in words for their author."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from keyframes.quoting import quoted


def no_sum(weights: Sequence[float], place: str) -> str:
    """What is wrong with prompts of these weights at `place`, which sum to 0 or hardly more."""
    if not weights:
        return f"there are no prompts at {place}; write at least one"
    left = round(fsum(weights), 6) or 0
    return (
        f"the weights of the prompts at {place} sum to {left:g} "
        f"({quoted(', '.join(f'{weight:g}' for weight in weights))}); "
        "change one, so that they do not cancel"
    )


def cancelling(old: float, new: float, place: str) -> str:
    """What is wrong with a cross-fade at `place` between sums of weights of two signs."""
    return (
        f"the prompts fade at {place} from weights that sum to {old:g} to weights that sum "
        f"to {new:g}, and cancel on the way; give both sums one sign, or set `blend` to 0"
    )


def no_room(blend: float, gap: float, place: str, following: str) -> str:
    """What is wrong with a blend of more frames than the `gap` between two keys has."""
    return (
        f"the blend takes {blend:.10g} frames, but only {gap:.10g} lie between {place} and "
        f"{following}; shorten it, or move the keys apart"
    )

"""How much each prompt and each shot has of every frame of a video, for pictures of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.plan.shown_prompts import shown_prompts
from pipeline.spec.plan import Plan
from pipeline.spec.timeline import shown_frames

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """What is shown, and how much of each frame it has."""

    name: str
    """Name of a shot, or words of a prompt; a picture's is its path."""
    shares: Shares
    """Share of each frame of the video, `(frames,)`, from 0 to 1; that of a prompt is negative
    where it is stayed away from. The sizes of all shares of a frame add up to 1."""


def shot_shares(plan: Plan) -> tuple[Share, ...]:
    """The shots in their order, with what they have of each frame; in fades there are two."""
    return _collected(
        {layer.shot: layer.weight for layer in layers} for layers in shown_frames(plan.all_shots)
    )


def prompt_shares(plan: Plan) -> tuple[Share, ...]:
    """The prompts in the order in which they come, with what they have of each frame.

    A frame that is only moved shows what was painted before it in its shot, one between two painted
    frames shows both, and one before which nothing was painted follows no prompt.
    """
    shown = shown_prompts(plan)
    return _collected(
        _normal(
            [
                (prompt.text, layer.weight * prompt.weight)
                for layer in layers
                for prompt in shown[layer.id]
            ]
        )
        for layers in shown_frames(plan.all_shots)
    )


def _normal(weighted: list[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for text, weight in weighted:
        sums[text] = sums.get(text, 0.0) + weight
    size = sum(map(abs, sums.values()))
    return {text: weight / size for text, weight in sums.items()} if size else {}


def _collected(frames: Iterator[Mapping[str, float]]) -> tuple[Share, ...]:
    """The shares of each name over all frames, in the order in which the names come."""
    rows = list(frames)
    names = dict.fromkeys(name for row in rows for name in row)
    return tuple(Share(name, np.array([row.get(name, 0.0) for row in rows])) for name in names)

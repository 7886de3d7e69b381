"""The looks of a video: on which frames a set of prompts is fully shown, and which lie between.

A look is what an author approves before the night is spent: one for each shot, and within a shot
one for each set of prompts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from keyframes.prompts import Prompts
from pipeline.plan.shown_prompts import shown_prompts, with_prompts_of_their_own
from pipeline.spec.frame import FrameId, FrameSpec
from pipeline.spec.plan import Plan

Texts = frozenset[tuple[str, bool]]
"""The texts of prompts, and whether each is a picture's path."""


@dataclass(frozen=True, slots=True)
class Look:
    """Frames of a shot on which the same prompts stand."""

    shot: str
    first: int
    """First frame, counted within the shot, on which the prompts are fully shown."""
    last: int
    """Last frame before the next prompts begin to come."""
    prompts: Prompts
    """Prompts of the look; empty for a shot in which nothing is painted."""

    @property
    def id(self) -> FrameId:
        """The first of its frames."""
        return FrameId(self.first, self.shot)


def looks(plan: Plan) -> dict[str, tuple[Look, ...]]:
    """The looks of each shot of `plan` in the order of its frames, one at least."""
    by_shot: dict[str, list[FrameSpec]] = {}
    for spec in plan:
        by_shot.setdefault(spec.shot, []).append(spec)
    shown, own = shown_prompts(plan), with_prompts_of_their_own(plan)
    seen = {shot: [one for one in specs if one.id in own] for shot, specs in by_shot.items()}
    return {shot: tuple(_of_shot(specs, seen[shot], shown)) for shot, specs in by_shot.items()}


def shares(of_shot: Sequence[Look], frame: int) -> tuple[tuple[Look, float], ...]:
    """What a frame of a shot shows of the shot's looks: one, or two with their shares of 1."""
    place = max(0, bisect_right(of_shot, frame, key=lambda look: look.first) - 1)
    look, following = of_shot[place], of_shot[place + 1 : place + 2]
    if frame <= look.last or not following:
        return ((look, 1.0),)
    coming = following[0]
    risen = (frame - look.last) / (coming.first - look.last)
    return ((look, 1.0 - risen), (coming, risen))


def _of_shot(
    specs: Sequence[FrameSpec], seen: Sequence[FrameSpec], shown: Mapping[FrameId, Prompts]
) -> list[Look]:
    """The looks of a shot, on the `seen` ones of whose frames the `shown` prompts may change."""
    runs = [list(run) for _, run in groupby(seen, key=lambda spec: shown[spec.id])]
    if not runs:
        return [Look(specs[0].shot, specs[0].frame, specs[-1].frame, ())]
    texts = [_texts(shown[run[0].id]) for run in runs]
    still = [n for n, run in enumerate(runs) if len(run) > 1 or _is_still(texts, n)] or [0]
    made = []
    for place in still:
        # Frames that are only moved show what was painted before them.
        end = runs[place + 1][0].frame if place + 1 < len(runs) else specs[-1].frame + 1
        first = runs[place][0]
        made.append(Look(first.shot, first.frame, end - 1, first.painting.prompts))
    return made


def _is_still(texts: Sequence[Texts], place: int) -> bool:
    """Whether prompts stand on a run of one frame, which is none of a fade between two others.

    `texts` are those of the runs.
    """
    around = [*texts[max(0, place - 1) : place], *texts[place + 1 : place + 2]]
    own = texts[place]
    if own in around:
        return False
    return not all(one < own for one in around) or len(around) < 2


def _texts(prompts: Prompts) -> Texts:
    return frozenset((prompt.text, prompt.image) for prompt in prompts)

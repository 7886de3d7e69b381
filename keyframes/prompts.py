"""What the picture shows, over time: weighted prompts that cross-fade from one key to the next.

Conventions:
    The weights of a set of prompts add up to 1 or to -1. A set holds from its key on, and the
    first one also before it. With a `blend`, a new set fades in from its key on: at the key the
    picture still follows the old set, `blend` frames later the new one alone. Weights are linear
    in between, and what both sets show stays one prompt.

    Nothing is late or early by more than half a frame: each frame of a cross-fade has the weights
    of its very position, and a hard cut, or a blend shorter than a frame, takes effect on the
    frame nearest to its key.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, fsum, inf, isfinite
from typing import overload

import numpy as np
from numpy.typing import NDArray

from keyframes.prompt_turn import Turn
from keyframes.prompt_words import cancelling, no_room, no_sum
from keyframes.timebase import Frames, nearest_frame
from keyframes.turning import NEAR, turning

Array = NDArray[np.float64]

SMALLEST_SUM = 1e-6
"""The least sum of weights that do not cancel: dividing by a smaller one would magnify noise."""
LARGEST_WEIGHT = 1000.0
"""The largest weight, of either sign: weights are relative to each other, so more is a slip."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the picture shows and how much it counts; a negative weight leads away from it."""

    text: str
    """Words, or where `image` says so the name of a picture's file, which is never opened here."""
    weight: float = 1.0
    image: bool = False

    def __post_init__(self) -> None:
        check_text(self.text)
        check_weight(self.weight)


def check_text(text: str) -> None:
    """Raises ValueError for a text that says nothing."""
    if not text.strip():
        raise ValueError("a prompt without text; describe what the picture shows")


def check_weight(weight: float) -> None:
    """Raises ValueError for a weight that no prompt can have."""
    if not abs(weight) <= LARGEST_WEIGHT:
        allowed = f"from -{LARGEST_WEIGHT:g} to {LARGEST_WEIGHT:g}"
        raise ValueError(f"a weight is a number {allowed}; found {weight:g}")


Prompts = tuple[Prompt, ...]
PromptKey = tuple[float, Prompts]
"""A frame, and the prompts from then on."""


@dataclass(frozen=True, slots=True)
class PromptSchedule:
    """The prompts of every frame.

    The keys are kept in the order of their frames, with normalised weights. Raises ValueError for
    the first of `schedule_problems`.
    """

    keys: tuple[PromptKey, ...]
    blend: float | tuple[float, ...] = 0.0
    """Lengths of the cross-fades in frames: one for all keys, or, as it is kept, one for each."""
    _turns: tuple[Turn, ...] = field(init=False, repr=False, compare=False)
    _starts: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        same = [self.blend] * len(self.keys) if isinstance(self.blend, int | float) else self.blend
        pairs = sorted(zip(self.keys, same, strict=True), key=lambda pair: pair[0][0])
        keys, blends = zip(*pairs, strict=True) if pairs else ((), ())
        for _, message in schedule_problems(keys, blends):
            raise ValueError(message)
        normal = tuple((frame, normalised(prompts)) for frame, prompts in keys)
        object.__setattr__(self, "keys", normal)
        object.__setattr__(self, "blend", blends)
        object.__setattr__(self, "_turns", tuple(_turns(normal, blends)))
        object.__setattr__(self, "_starts", tuple(turn.start for turn in self._turns))

    @property
    def blends(self) -> tuple[float, ...]:
        """The length of the cross-fade at each key, in frames; the first has no effect."""
        assert isinstance(self.blend, tuple)
        return self.blend

    def __call__(self, frame: float) -> Prompts:
        """The prompts at a position in frames; the sum of their weights is 1 or -1."""
        turn = self.turn(frame)
        progress = turn.progress(frame)
        return turn.prompts if progress >= 1 else mixed(turn.before, turn.prompts, progress)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The changes of prompts in their order; the first has no beginning."""
        return self._turns

    def turn(self, frame: float) -> Turn:
        """The last change of prompts that begins at or before a position in frames."""
        return self._turns[self._come(frame)]

    def come(self, frame: float) -> tuple[int, float]:
        """The key that came last at a position, and how far it has come, 0 to 1."""
        index = self._come(frame)
        return index, self._turns[index].progress(frame)

    def _come(self, frame: float) -> int:
        """The place of the last change of prompts that begins at or before a position."""
        return bisect_right(self._starts, frame) - 1

    @overload
    def turning(self, frame: float) -> float: ...
    @overload
    def turning(self, frame: Array) -> Array: ...
    def turning(self, frame: Frames) -> Frames:
        """How far the prompts are from holding still, 0 to 1, at positions in frames.

        0 where one set holds; within a cross-fade it rises to 1 in the middle, and stays there up
        to the first frame that shows the new set alone, also if the next cross-fade begins on it.
        A hard cut is a change of that one frame.
        """
        starts, lengths = np.array([(turn.start, turn.length) for turn in self._turns]).T
        turned = turning(np.asarray(frame, dtype=np.float64), starts, lengths)
        return turned if turned.ndim else float(turned)

    def over(self, end_frame: int, first_frame: int = 0) -> tuple[Prompts, ...]:
        """The prompts of `first_frame` to `end_frame - 1`; equal neighbours are one object."""
        sets: list[Prompts] = []
        starts = (ceil(turn.start) for turn in self._turns[1:])
        bounds = (min(max(first_frame, start), end_frame) for start in starts)
        spans = pairwise((first_frame, *bounds, end_frame))
        for turn, (first, end) in zip(self._turns, spans, strict=True):
            still = first if turn.start == -inf else turn.over + 1
            for frame in range(first, min(end, still)):
                _append(sets, self(frame), 1)
            _append(sets, turn.prompts, end - max(first, min(end, still)))
        return tuple(sets)


def _turns(keys: Sequence[PromptKey], blends: Sequence[float]) -> Iterator[Turn]:
    start = -inf
    for index, ((frame, prompts), blend) in enumerate(zip(keys, blends, strict=True)):
        is_cut = blend < 1 or not index
        if index:
            start = max(start, nearest_frame(frame) if is_cut else frame)
        yield Turn(start, 0.0 if is_cut else blend, keys[max(0, index - 1)][1], prompts)


def _append(sets: list[Prompts], prompts: Prompts, count: int) -> None:
    sets += [sets[-1] if sets and sets[-1] == prompts else prompts] * count


def normalised(prompts: Sequence[Prompt]) -> Prompts:
    """The prompts with weights whose sum is 1 or -1, one for each subject, none of weight 0.

    Raises ValueError if the weights cancel.
    """
    if cancels([prompt.weight for prompt in prompts]):
        raise ValueError("weights that cancel cannot be normalised")
    size = abs(_sum(prompts))
    return _merged([(_subject(prompt), prompt.weight / size) for prompt in prompts])


def schedule_problems(
    keys: Sequence[PromptKey],
    blends: Sequence[float],
    name: Callable[[float], str] = lambda frame: f"frame {frame:.10g}",
) -> Iterator[tuple[int | None, str]]:
    """Why keys, in the order of their frames, make no schedule: the key's index and a message.

    `blends` has a length for each key. The index is None for what concerns a blend or the schedule
    as a whole. `name` puts the frame of a key in words.
    """
    if not keys:
        yield None, "there are no prompts; write at least one"
    for blend in {blend: None for blend in blends if not (isfinite(blend) and blend >= 0)}:
        yield None, f"a blend is a number of frames, 0 or more; found {blend}"
    for index, (frame, prompts) in enumerate(keys):
        if not isfinite(frame):
            yield index, f"the frame of a key must be finite; found {frame}"
        weights = [prompt.weight for prompt in prompts]
        if cancels(weights):
            yield index, no_sum(weights, name(frame))
    for index, ((before, old), (after, new)) in enumerate(pairwise(keys), start=1):
        if after == before:
            yield index, f"two keys at {name(after)}; keep one of them"
        elif blends[index] and _sum(old) * _sum(new) < 0:
            yield index, cancelling(_sum(old), _sum(new), name(after))
    for blend, ((after, _), (following, _)) in zip(blends[1:], pairwise(keys[1:]), strict=False):
        # A fade may fill the gap, whatever rounding makes of both.
        if 0 < following - after < blend - NEAR:
            yield None, no_room(blend, following - after, name(after), name(following))


def cancels(weights: Sequence[float]) -> bool:
    """Whether hardly anything is left of weights, so that no share of their sum can be told."""
    return abs(fsum(weights)) < max(
        SMALLEST_SUM, max(map(abs, weights), default=0) / LARGEST_WEIGHT
    )


def _sum(prompts: Sequence[Prompt]) -> float:
    return fsum(prompt.weight for prompt in prompts)


def mixed(old: Prompts, new: Prompts, progress: float) -> Prompts:
    """Two sets of prompts mixed: `old` at a progress of 0, `new` at 1; none of weight 0."""
    before = {_subject(prompt): prompt.weight for prompt in old}
    after = {_subject(prompt): prompt.weight for prompt in new}
    weighted = []
    for subject in dict.fromkeys((*before, *after)):
        start, end = before.get(subject, 0.0), after.get(subject, 0.0)
        # In this form a weight that both sides share comes out unchanged.
        weighted.append((subject, start + progress * (end - start)))
    return _merged(weighted)


def _subject(prompt: Prompt) -> tuple[str, bool]:
    return prompt.text, prompt.image


def _merged(weighted: Sequence[tuple[tuple[str, bool], float]]) -> Prompts:
    weights: dict[tuple[str, bool], float] = {}
    for subject, weight in weighted:
        weights[subject] = weights.get(subject, 0.0) + weight
    return tuple(Prompt(text, weight, image) for (text, image), weight in weights.items() if weight)

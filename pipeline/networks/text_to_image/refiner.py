"""SDXL's refiner: a second U-Net that takes the last steps over (Podell et al. 2023, section 2.5).

It works in the same latents and reads the second of the two text encoders alone. So a prompt is
encoded for both networks at once, and the timestep says which of them is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.networks.text_to_image.parts.condition import Condition, continued
from pipeline.networks.text_to_image.parts.protocols import Backbone, RereadingTexts, TextSide
from pipeline.networks.text_to_image.parts.unets import SCORE, TIME_IDS, UNetBackbone

HANDOVER = 0.8
"""Progress of the denoising at which the refiner takes over: it was trained on the last 20%."""

WANTED_SCORE, UNWANTED_SCORE = 6.0, 2.5
"""The aesthetic scores that the refiner is told for a prompt and for what is led away from."""

_OURS = "refiner."
"""What stands before the names of vectors that only the refiner takes."""


@dataclass(frozen=True, slots=True, eq=False)
class ScoredTexts:
    """The refiner's text side: prompts with the aesthetic score that goes with them."""

    inside: RereadingTexts

    def __call__(self, prompt: Prompt) -> Condition:
        """One prompt encoded; one of negative weight is told to be ugly."""
        score = UNWANTED_SCORE if prompt.weight < 0 else WANTED_SCORE
        return _scored(self.inside(prompt), score)

    def empty(self) -> Condition:
        """The empty prompt, from which classifier-free guidance leads away."""
        return _scored(self.inside.empty(), UNWANTED_SCORE)

    def anew(self) -> Self:
        """This text side, as if it had read no prompt yet."""
        return replace(self, inside=self.inside.anew())


def _scored(one: Condition, score: float) -> Condition:
    return replace(one, vectors={**one.vectors, SCORE: torch.tensor([score])})


def refiner_sizes_told(size: tuple[int, int]) -> Mapping[str, Tensor]:
    """What the refiner is told of pictures of a width and a height, beside the score: no target."""
    w, h = size
    return {TIME_IDS: torch.tensor([h, w, 0, 0], dtype=torch.float32)}


@dataclass(frozen=True, slots=True, eq=False)
class RefinedTexts:
    """The text sides of base and refiner as one: each token's embeddings beside each other."""

    base: RereadingTexts
    refiner: RereadingTexts

    def __call__(self, prompt: Prompt) -> Condition:
        """One prompt encoded for both networks."""
        return self._joined(self.base(prompt), self.refiner(prompt))

    def empty(self) -> Condition:
        """The empty prompt for both networks."""
        return self._joined(self.base.empty(), self.refiner.empty())

    def anew(self) -> Self:
        """Both text sides, as if they had read no prompt yet."""
        return replace(self, base=self.base.anew(), refiner=self.refiner.anew())

    def _joined(self, base: Condition, refiner: Condition) -> Condition:
        first = _as_long(base, refiner, self.base)
        second = _as_long(refiner, base, self.refiner)
        ours = {f"{_OURS}{name}": vector for name, vector in refiner.vectors.items()}
        return Condition(
            torch.cat([first, second], dim=-1),
            None,
            {**base.vectors, **ours},
            self._filler(base, refiner),
        )

    def _filler(self, base: Condition, refiner: Condition) -> Tensor | None:
        """What both go on with beside a longer prompt; None where that is the empty one's."""
        if base.filler is None and refiner.filler is None:
            return None
        first, second = _going_on(base, self.base), _going_on(refiner, self.refiner)
        if first is None or second is None:
            return None
        length = max(len(first), len(second))
        return torch.cat([continued(one, length, one) for one in (first, second)], dim=-1)


def _as_long(one: Condition, other: Condition, side: TextSide) -> Tensor:
    """The sequence of `one`, which goes on with the empty prompt if that of `other` is longer."""
    if one.sequence is None or other.sequence is None:
        raise ValueError("a condition without a sequence; both networks read the prompt's tokens")
    length, filler = len(other.sequence), _going_on(one, side)
    if filler is None or len(one.sequence) >= length:
        return one.sequence
    return continued(one.sequence, length, filler)


def _going_on(one: Condition, side: TextSide) -> Tensor | None:
    return side.empty().sequence if one.filler is None else one.filler


def both_told(
    base: Callable[[tuple[int, int]], Mapping[str, Tensor]],
) -> Callable[[tuple[int, int]], Mapping[str, Tensor]]:
    """What base and refiner are told of the size of pictures, for the conditions of both."""

    def told(size: tuple[int, int]) -> Mapping[str, Tensor]:
        ours = refiner_sizes_told(size)
        return {**base(size), **{f"{_OURS}{name}": one for name, one in ours.items()}}

    return told


@dataclass(frozen=True, slots=True, eq=False)
class Relay:
    """A `Backbone` of two networks: the base at first, and the refiner from a timestep on."""

    base: UNetBackbone
    refiner: Backbone
    width: int
    """Numbers of a token's embedding that the base reads; the refiner reads those behind them."""
    handover: float
    """Timestep at and above which the base is asked."""

    def __call__(self, x: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """What the network whose turn it is predicts, `(N, C, h, w)`; all share one timestep."""
        if float(t[0]) >= self.handover:
            return self.base(x, t, _of_base(condition, self.width))
        return self.refiner(x, t, _of_refiner(condition, self.width))

    def on_base(self, change: Callable[[UNetBackbone], UNetBackbone]) -> Relay:
        """This pair of networks with the base changed by `change`."""
        return replace(self, base=change(self.base))


def handover_timestep(progress: float, timesteps: int) -> float:
    """The timestep at which a share `progress`, in [0, 1], of the training's noise is gone."""
    return float(round(timesteps - progress * timesteps))


def _of_base(both: Condition, width: int) -> Condition:
    sequence = None if both.sequence is None else both.sequence[..., :width]
    base = {name: one for name, one in both.vectors.items() if not name.startswith(_OURS)}
    return Condition(sequence, both.mask, base)


def _of_refiner(both: Condition, width: int) -> Condition:
    sequence = None if both.sequence is None else both.sequence[..., width:]
    ours = {
        name.removeprefix(_OURS): one
        for name, one in both.vectors.items()
        if name.startswith(_OURS)
    }
    return Condition(sequence, both.mask, ours)

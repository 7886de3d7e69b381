"""Prompts as a text-to-image network takes them, and what is done with them before it does.

Convention:
    A `Condition` is of one prompt and has no batch dimension: `sequence` is `(L, D)`, one vector a
    token, `mask` `(L,)`, and each of `vectors` `(K,)`. `stacked` puts a batch dimension before
    them: `(N, L, D)`, `(N, L)`, `(N, K)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A prompt, or a mixture of several, as the tensors that a network is conditioned on."""

    sequence: Tensor | None = None
    """Embeddings of the tokens, for cross-attention; None for a network that takes none."""
    mask: Tensor | None = None
    """True at the tokens that attention looks at; None where it looks at all."""
    vectors: Mapping[str, Tensor] = field(default_factory=dict)
    """Embeddings of the whole prompt, by the names under which the network takes them."""
    filler: Tensor | None = None
    """What `sequence` goes on with beside a longer one, `(L, D)`; None for the empty prompt."""
    tail: int = 0
    """How many of the last tokens stay behind what `sequence` goes on with: another encoder's."""

    def to(self, device: torch.device, dtype: torch.dtype) -> Condition:
        """This condition on a device; floating-point numbers in `dtype`."""

        def moved(tensor: Tensor) -> Tensor:
            return tensor.to(device, dtype) if tensor.is_floating_point() else tensor.to(device)

        return _each(moved, self)


def _each(change: Callable[[Tensor], Tensor], one: Condition) -> Condition:
    return Condition(
        sequence=None if one.sequence is None else change(one.sequence),
        mask=None if one.mask is None else change(one.mask),
        vectors={name: change(vector) for name, vector in one.vectors.items()},
    )


def mixed(conditions: Sequence[Condition], weights: Sequence[float], empty: Condition) -> Condition:
    """The mean of conditions with positive `weights`: prompts blended as embeddings.

    A sequence that is shorter than another goes on with its `filler`, or else with that of the
    `empty` prompt, as that of a long prompt would. A token is looked at where any of the prompts
    has one.

    Raises:
        ValueError: there are none, or a weight is not above 0.
    """
    if not conditions or not all(weight > 0 for weight in weights):
        raise ValueError(f"{len(conditions)} conditions with weights {list(weights)}; above 0 each")
    if len(conditions) == 1:
        return conditions[0]
    shares = [weight / sum(weights) for weight in weights]
    alike = evened(conditions, empty)
    first, *_ = alike
    return Condition(
        sequence=_mean([one.sequence for one in alike], shares),
        mask=_any([one.mask for one in alike]),
        vectors={
            name: _weighted([one.vectors[name] for one in alike], shares) for name in first.vectors
        },
        filler=_mean_filler(conditions, shares, empty),
        tail=first.tail,
    )


def _mean_filler(
    conditions: Sequence[Condition], shares: Sequence[float], empty: Condition
) -> Tensor | None:
    """What the mean goes on with: it is lengthened as if its conditions had been."""
    if all(one.filler is None for one in conditions):
        return None
    fillers = [_goes_on_with(one, empty) for one in conditions]
    length = max(0 if one is None else len(one) for one in fillers)
    return _mean([None if one is None else continued(one, length, one) for one in fillers], shares)


def _goes_on_with(one: Condition, empty: Condition) -> Tensor | None:
    if one.filler is not None or empty.sequence is None:
        return one.filler
    return empty.sequence[: len(empty.sequence) - empty.tail]


def evened(conditions: Sequence[Condition], empty: Condition) -> list[Condition]:
    """The conditions with sequences as long as the longest of them."""
    lengths = [0 if one.sequence is None else len(one.sequence) for one in conditions]
    return [_lengthened(one, max(lengths), empty) for one in conditions]


def _lengthened(one: Condition, length: int, empty: Condition) -> Condition:
    filler = _goes_on_with(one, empty)
    if one.sequence is None or len(one.sequence) == length or filler is None:
        return one
    mask, end = one.mask, len(one.sequence) - one.tail
    if mask is not None:
        unseen = mask.new_zeros(length - len(mask))
        mask = torch.cat([mask[:end], unseen, mask[end:]])
    head = continued(one.sequence[:end], length - one.tail, filler)
    return replace(one, sequence=torch.cat([head, one.sequence[end:]]), mask=mask)


def continued(sequence: Tensor, length: int, empty: Tensor) -> Tensor:
    """A prompt's `sequence`, `(L, D)`, which goes on with the `empty` prompt's to `(length, D)`."""
    missing = max(0, length - len(sequence))
    again = -(-missing // len(empty))
    return torch.cat([sequence, empty.repeat(again, 1)[:missing].to(sequence)])


def _mean(parts: Sequence[Tensor | None], shares: Sequence[float]) -> Tensor | None:
    known = [part for part in parts if part is not None]
    return _weighted(known, shares) if known else None


def _weighted(parts: Sequence[Tensor], shares: Sequence[float]) -> Tensor:
    return torch.stack([share * part for share, part in zip(shares, parts, strict=True)]).sum(0)


def _any(masks: Sequence[Tensor | None]) -> Tensor | None:
    known = [mask for mask in masks if mask is not None]
    return torch.stack(known).any(0) if known else None


def stacked(conditions: Sequence[Condition], empty: Condition) -> Condition:
    """A condition for each picture of a batch, as tensors with a batch dimension."""
    alike = evened(conditions, empty)
    first, *_ = alike
    return Condition(
        sequence=_stack([one.sequence for one in alike]),
        mask=_stack([one.mask for one in alike]),
        vectors={name: torch.stack([one.vectors[name] for one in alike]) for name in first.vectors},
    )


def _stack(parts: Sequence[Tensor | None]) -> Tensor | None:
    known = [part for part in parts if part is not None]
    return torch.stack(known) if known else None

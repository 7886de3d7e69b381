"""Prompts of several lengths beside each other, and blended: each goes on with what it has."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from pipeline.networks.text_to_image.parts.condition import Condition, evened, mixed, stacked


def tokens(count: int, seed: int) -> Tensor:
    return torch.randn(count, 3, generator=torch.Generator().manual_seed(seed))


def of(*parts: Tensor) -> Tensor:
    return torch.cat(parts)


EMPTY, FILLER = tokens(4, 0), tokens(4, 1)
SHORT, LONG = tokens(4, 2), tokens(10, 3)


def test_a_shorter_prompt_goes_on_with_the_empty_one() -> None:
    both = stacked([Condition(SHORT), Condition(LONG)], Condition(EMPTY))
    assert_close(both.sequence, torch.stack([of(SHORT, EMPTY, EMPTY[:2]), LONG]))


def test_one_that_has_its_own_goes_on_with_that() -> None:
    short = Condition(SHORT, filler=FILLER)
    empty = Condition(torch.zeros(4, 3))
    one, none, long = evened([short, empty, Condition(LONG, filler=FILLER)], empty)
    assert_close(one.sequence, of(SHORT, FILLER, FILLER[:2]))
    assert none.sequence is not None and none.sequence.shape == (10, 3) and not none.sequence.any()
    assert long.sequence is LONG


def test_the_last_tokens_stay_last() -> None:
    """Those of another encoder, of which every prompt has as many."""
    first, last = SHORT[:2], SHORT[2:]
    seen = torch.tensor([True, False, True, True])
    short = Condition(SHORT, mask=seen, tail=2)
    long = Condition(LONG, mask=torch.ones(10, dtype=torch.bool), tail=2)
    one, _ = evened([short, long], Condition(EMPTY, tail=2))
    assert_close(one.sequence, of(first, *[EMPTY[:2]] * 3, last))
    assert one.mask is not None and one.mask.tolist() == [True, *[False] * 7, True, True]
    assert one.tail == 2


@pytest.mark.parametrize("tail", [0, 2])
@pytest.mark.parametrize("fillers", [(FILLER, FILLER), (FILLER, None), (None, None)])
def test_a_mixture_goes_on_as_its_prompts_would(
    fillers: tuple[Tensor | None, Tensor | None], tail: int
) -> None:
    own = [
        Condition(tokens(4, seed), filler=filler, tail=tail)
        for seed, filler in enumerate(fillers, 5)
    ]
    empty, long = Condition(EMPTY, tail=tail), Condition(LONG, tail=tail)
    shares = 0.25, 0.75
    late, _ = evened([mixed(own, shares, empty), long], empty)
    *early, _ = evened([*own, long], empty)
    assert_close(late.sequence, mixed(early, shares, empty).sequence)

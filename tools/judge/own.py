"""What the judge can tell of a gate: `python -m tools.judge.own [--judge FILE]`.

Paints every prompt of the gate as the painter of the world would, of which nothing is wrong, and
prints what the judge says of that: no network can be expected to do better by this judge. Prompts
of which it tells less than nine in ten follow by themselves.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from torch import Tensor

from pipeline.diffusion.image import to_tensor
from tools.judge.network import WEIGHTS, load_judge
from tools.judge.stills import GATES, Wish, judged, report_count
from tools.world.attributes import NONE, Attributes
from tools.world.editions import (
    EDITIONS,
    SHIPPED,
    Edition,
    draw_attributes,
    without_hour_in_space,
)
from tools.world.held_out import FIRST_SEED
from tools.world.paint import paint

_UNSAID = dict.fromkeys(("scheme", "ground_colour", "subject_colour", "weather", "style"), NONE)
"""What a prompt asks for only where it names it; of the rest something is in every picture."""


def attributes_of(wish: Wish, edition: Edition, seed: int) -> Attributes:
    """Attributes that a painter could choose who is asked for the wish."""
    drawn = draw_attributes(np.random.default_rng((seed, 0)), edition)
    return without_hour_in_space(replace(drawn, **{**_UNSAID, **wish.attributes}))


def paintings(
    wishes: Sequence[Wish], edition: Edition, count: int
) -> Iterator[tuple[Wish, Tensor]]:
    """Each wish with `count` paintings of it, `(1, 3, H, W)`, that no training saw."""
    for wish in wishes:
        for seed in range(FIRST_SEED, FIRST_SEED + count):
            attributes = attributes_of(wish, edition, seed)
            yield wish, to_tensor(paint(seed, *edition.size, attributes, edition).picture)


def main(arguments: Sequence[str] | None = None) -> None:
    """Paint and count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=40, help="paintings of each prompt")
    parser.add_argument("--edition", choices=GATES, default=SHIPPED, help="of the world")
    parser.add_argument("--judge", type=Path, default=WEIGHTS)
    options = parser.parse_args(arguments)
    judge, edition = load_judge(options.judge), EDITIONS[options.edition]
    for title, wishes in GATES[options.edition].lists().items():
        total: dict[str, list[bool]] = defaultdict(list)
        hard: dict[str, dict[str, list[bool]]] = {}
        for wish in wishes:
            found = judged(judge, paintings([wish], edition, options.count))
            for name, right in found.items():
                total[name] += right
            if weak := {name: r for name, r in found.items() if sum(r) < 0.9 * len(r)}:
                hard[wish.text] = weak
        report_count(title, total)
        for text, weak in hard.items():
            report_count(f"  {text}", weak)


if __name__ == "__main__":
    main()

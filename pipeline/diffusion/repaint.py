"""Strength by pixel: one sampling paints here afresh, keeps there, and does all between.

Differential diffusion (Levin & Fried 2023, arXiv:2306.00950): a map r in [0, 1] says of each pixel
how much more than the rest it is painted afresh. Down to its own noise level a pixel is the start
picture, noised with the noise that the frame starts from; below it the sampler has it. Where r is 0
that level is the frame's, so that those pixels begin exactly as without a map; where it is 1 it is
pure noise, in which nothing is left of the start picture.

The levels above the frame's are walked in few long strides. What is found there is coarse, and the
frame's own steps draw the details.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import islice, pairwise

import torch
from torch import Tensor

from pipeline.diffusion.changes import Sampler, sample_changed
from pipeline.diffusion.schedule import NoiseSchedule, add_noise

STRIDES_PER_STEP = 1 / 4
"""Strides above a frame's own steps for each of these: a map costs at most a quarter more."""

LEAST = 0.02
"""A map below this changes nothing that could be seen."""


def painted_afresh(
    sample: Sampler,
    schedule: NoiseSchedule,
    *,
    init: Tensor,
    noise: Tensor,
    timesteps: Sequence[int],
    skip_steps: int,
    repaint: Tensor,
) -> Tensor:
    """x at `timesteps[skip_steps]`: `init` noised, but where `repaint` has it found on the way.

    `init` and `noise` are `(1, 3, H, W)`, `repaint` is r, `(1, 1, H, W)` in [0, 1]. `timesteps` are
    all of a sampling that skips nothing. `sample` must draw its noise from a source of its own,
    or the frame's later steps draw other noise than without a map.
    """
    taken = timesteps[skip_steps:]
    levels = strides(repaint, max(1, int(len(taken) * STRIDES_PER_STEP)))
    start = add_noise(schedule, init, noise, taken[0])
    way = _way(timesteps, skip_steps, levels)
    if not way:
        return start
    freed = _freed(repaint, [level for level, _ in way])
    blank = (freed == 0) & (way[0][0] == 1)
    noised = [add_noise(schedule, init, noise, t) for _, t in way]
    steps = sample_changed(
        sample,
        # Where all is painted afresh nothing of the init may be left, and noise alone leaves none.
        torch.where(blank, noise, noised[0]),
        (*(t for _, t in way), *taken),
        changes={
            place: partial(_kept, freed < place, noised[place]) for place in range(1, len(way))
        },
    )
    *_, last = islice(steps, len(way))
    return torch.where(freed < len(way), last.x, start)


def _kept(free: Tensor, noised: Tensor, x: Tensor) -> Tensor:
    """x where it is `free`, and elsewhere the start picture, noised to the same timestep."""
    return torch.where(free, x, noised)


def strides(repaint: Tensor, count: int) -> tuple[float, ...]:
    """At most `count` values of r, descending, at which pixels of the map are set free.

    The largest is the map's own. The others are where most of its values lie, and halfway in the
    widest gaps between those: so that a picture with few holes, and little to be painted afresh
    elsewhere, has a level for that little.
    """
    values = repaint[repaint >= LEAST].flatten().sort(descending=True).values
    if not len(values):
        return ()
    places = [len(values) * place // count for place in range(count)]
    levels = sorted({round(values[place].item(), 2) for place in places}, reverse=True)
    levels[0] = values[0].item()
    while len(levels) < count:
        gaps = [(high - low, (high + low) / 2) for high, low in pairwise([*levels, 0.0])]
        levels = sorted([*levels, max(gaps)[1]], reverse=True)
    return tuple(levels)


def _way(
    timesteps: Sequence[int], skip_steps: int, levels: Sequence[float]
) -> list[tuple[float, int]]:
    """The levels with the timestep of each, descending, as far as they lie above the frame's."""
    way: list[tuple[float, int]] = []
    for level in levels:
        place = (1 - level) * skip_steps
        before = min(int(place), skip_steps - 1)
        above, below = timesteps[before], timesteps[before + 1]
        t = round(above + (place - before) * (below - above))
        if timesteps[skip_steps] < t < (way[-1][1] if way else t + 1):
            way.append((level, t))
    return way


def _freed(repaint: Tensor, levels: Sequence[float]) -> Tensor:
    """At which of the levels each pixel is set free: the nearest one; their count for none."""
    apart = torch.stack([(repaint - level).abs() for level in (*levels, 0.0)])
    return apart.argmin(dim=0)

"""Strength by pixel: one sampling paints here afresh, keeps there, and does all between.

Differential diffusion (Levin & Fried 2023, arXiv:2306.00950): a map r in [0, 1] says of each pixel
how much more than the rest it is painted afresh. Down to its own noise level a pixel is the start
picture, noised with the noise that the frame starts from; below it the sampler has it. Where r is 0
that level is the frame's, so that those pixels begin exactly as without a map; where it is 1
nothing is left of the start picture.

What has surroundings begins where these can be seen: out of pure noise a network paints it in
colours of its own, as the picture beside it is noise as well. There it begins with the coarse
colours of its surroundings in the place of the start picture's.

Below 0 it says how much less than the rest a pixel is painted: that many of the frame's steps, as a
share, pass before the sampler has it.

The levels above the frame's are walked in few long strides. What is found there is coarse, and the
frame's own steps draw the details.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, pairwise

import torch
from torch import Tensor

from pipeline.diffusion.changes import Change, Sampler, sample_changed
from pipeline.diffusion.schedule import NoiseSchedule, add_noise
from pipeline.diffusion.surroundings import surroundings
from pipeline.spec.repaint import most_strides

LEAST = 0.05
"""Where a map is below this no pass of the network is taken for it: half a step in eleven."""


SEEN = 0.14
"""The least alpha / sigma at which the colours of large areas stand out of the noise, in pictures
of up to `_SIDE`: a larger one has more pixels for such an area, and their mean is less noisy."""
_SIDE = 118
"""Square root of the pixels of such a picture, 144 x 96."""


@dataclass(frozen=True, slots=True, eq=False)
class Begun:
    """What a sampling with a start picture begins from."""

    schedule: NoiseSchedule
    init: Tensor
    """The start picture, `(1, 3, H, W)`."""
    noise: Tensor
    """Unit noise of its shape, which the frame starts from."""
    timesteps: tuple[int, ...]
    """All timesteps of a sampling that skips nothing."""
    skip_steps: int
    """How many of them the frame leaves out."""
    seamless: bool = False
    """Whether the left edge of the picture meets the right one."""

    @property
    def taken(self) -> tuple[int, ...]:
        """The timesteps of the frame's own steps."""
        return self.timesteps[self.skip_steps :]

    def noised(self, t: int) -> Tensor:
        """The start picture, noised to a timestep."""
        return add_noise(self.schedule, self.init, self.noise, t)

    @property
    def noisiest(self) -> int:
        """The timestep from which on places are painted that have surroundings.

        It is where their colours begin to be seen; where the frame's own first one is noisier, it
        is that of pure noise.
        """
        seen = int(self._shows.sum()) - 1
        return seen if seen > self.taken[0] else self.timesteps[0]

    def shows(self, t: int) -> bool:
        """Whether the colours of surroundings are seen at a timestep."""
        return bool(self._shows[t])

    @property
    def _shows(self) -> Tensor:
        """Whether colours of surroundings are seen, by timestep, `(T,)`; 0 is the cleanest."""
        h, w = self.init.shape[-2:]
        least, bar = SEEN**2 * min(1, _SIDE**2 / (h * w)), self.schedule.alphas_cumprod
        return bar >= least * (1 - bar)


def painted_afresh(sample: Sampler, begun: Begun, repaint: Tensor) -> Tensor:
    """x before the frame's own steps: `init` noised, but where `repaint` has it found on the way.

    `repaint` is r, `(1, 1, H, W)` up to 1. `sample` must draw its noise from a source of its own,
    or the frame's later steps draw other noise than without a map.
    """
    taken = begun.taken
    levels = strides(repaint, most_strides(len(taken)))
    start = begun.noised(taken[0])
    blank = (_freed(repaint, levels) == 0) & (levels[:1] == (1,))
    way = _way(begun, levels, begun.timesteps[0] if bool(blank.all()) else begun.noisiest)
    if not way:
        return start
    # What lies above the noisiest timestep begins there together, and only what is `blank` anew.
    freed = _freed(repaint, [level for level, _ in way])
    noised = [begun.noised(t) for _, t in way]
    steps = sample_changed(
        sample,
        torch.where(blank, _blank(begun, blank, way[0][1]), noised[0]),
        (*(t for _, t in way), *taken),
        changes={
            place: partial(_kept, freed < place, noised[place]) for place in range(1, len(way))
        },
    )
    *_, last = islice(steps, len(way))
    return torch.where(freed < len(way), last.x, start)


def _blank(begun: Begun, blank: Tensor, t: int) -> Tensor:
    """Where nothing of the init may be left: noise, or its surroundings' colours noised to `t`."""
    if bool(blank.all()) or not begun.shows(t):
        return begun.noise
    known = (~blank).to(begun.init)
    around = replace(begun, init=surroundings(begun.init, known, seamless=begun.seamless))
    return around.noised(t)


def _kept(free: Tensor, noised: Tensor, x: Tensor) -> Tensor:
    """x where it is `free`, and elsewhere the start picture, noised to the same timestep."""
    return torch.where(free, x, noised)


def kept_longer(begun: Begun, repaint: Tensor) -> dict[int, Change]:
    """What keeps pixels of r below 0 to the noised `init` for a while, by the steps they precede.

    The steps are those of the frame; at -1 only the last one is left to a pixel.
    """
    passed = (-repaint * (len(begun.taken) - 1)).round().clamp(min=0)
    return {
        place: partial(_kept, passed < place, begun.noised(t))
        for place, t in enumerate(begun.taken)
        if 0 < place <= passed.max()
    }


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


def _way(begun: Begun, levels: Sequence[float], noisiest: int) -> list[tuple[float, int]]:
    """The levels with the timestep of each, descending, as far as they lie above the frame's."""
    timesteps, skip_steps = begun.timesteps, begun.skip_steps
    way: list[tuple[float, int]] = []
    for level in levels:
        place = (1 - level) * skip_steps
        before = min(int(place), skip_steps - 1)
        above, below = timesteps[before], timesteps[before + 1]
        t = min(noisiest, round(above + (place - before) * (below - above)))
        if timesteps[skip_steps] < t < (way[-1][1] if way else t + 1):
            way.append((level, t))
    return way


def _freed(repaint: Tensor, levels: Sequence[float]) -> Tensor:
    """At which of the levels each pixel is set free: the nearest one; their count for none."""
    apart = torch.stack([(repaint - level).abs() for level in (*levels, 0.0)])
    return apart.argmin(dim=0)

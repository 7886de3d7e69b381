"""The second half of a frame: from an init image, or from noise alone, to a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import torch
from torch import Tensor

from pipeline.diffusion.changes import both, sample_changed
from pipeline.diffusion.noise import standard_normal
from pipeline.diffusion.noise_field import NoiseField
from pipeline.diffusion.recurrence import recurring
from pipeline.diffusion.repaint import Begun, kept_longer, painted_afresh
from pipeline.diffusion.samplers import SAMPLERS
from pipeline.diffusion.schedule import NoiseSchedule, add_noise
from pipeline.diffusion.space import PIXELS
from pipeline.diffusion.steps import Step
from pipeline.diffusion.symmetry import mirrors_at
from pipeline.protocols import Denoiser, Space
from pipeline.render.randomness import noise_for
from pipeline.spec.frame import FrameSpec
from pipeline.spec.samplers import respaced, skip


def sample(
    init: Tensor | None,
    spec: FrameSpec,
    denoiser: Denoiser,
    device: torch.device,
    repaint: Tensor | None = None,
    field: NoiseField | None = None,
    space: Space = PIXELS,
) -> Iterator[Step]:
    """The steps of one frame; the `x` of the last one is its picture in `space`, `(1, C, h, w)`.

    Without an `init`, or where the spec says `from_noise`, the sampler starts from noise. With one
    it starts from the init noised to the first timestep that `skip_steps` leaves, at which even a
    skip of 0 keeps as much of the init as the schedule's last alpha.
    `init` is in `space`, too, as is `repaint`, `(1, 1, h, w)` up to 1, which says where more of the
    init is forgotten; the strides that this takes are none of the frame's steps. `field` carries
    the noise that is not the frame's own.
    """
    settings = spec.painting.sampler
    width, height = (side // space.factor for side in spec.size)
    schedule = denoiser.schedule
    every = respaced(len(schedule), settings.steps)
    timesteps = skip(every, settings.skip_steps)
    noise = standard_normal((1, space.channels, height, width), noise_for(spec, "start", field))
    noise = noise.to(device)
    start = None if settings.from_noise else init
    sampler = partial(SAMPLERS[settings.name], denoiser, eta=settings.eta)
    x, symmetry = _noised(start, noise, schedule, every, settings.skip_steps), settings.symmetry
    changes = mirrors_at(symmetry.horizontal, symmetry.vertical, len(timesteps))
    # What comes out of noise alone has no picture that places could be kept to for longer.
    if repaint is not None and start is not None:
        above = partial(sampler, generator=noise_for(spec, "repaint", field))
        begun = Begun(schedule, start, noise, every, settings.skip_steps, settings.seamless)
        x = painted_afresh(above, begun, repaint)
        changes = both(kept_longer(begun, repaint), changes)
    own = partial(sampler, generator=noise_for(spec, "sampler", field))
    back = noise_for(spec, "recurrence", field)
    steps = recurring(own, schedule, spec.painting.guidance.recurrence, back)
    return sample_changed(steps, x, timesteps, changes=changes)


def _noised(
    start: Tensor | None,
    noise: Tensor,
    schedule: NoiseSchedule,
    timesteps: Sequence[int],
    skip_steps: int,
) -> Tensor:
    """What a sampling begins with: `start`, or nothing, at the first timestep that is left."""
    if start is None and schedule.unit and not skip_steps:
        return noise
    # With skipped steps and no start, this is mid-grey noised to that timestep: what the field does
    # where a scene skips steps on a frame that starts from nothing.
    picture = torch.zeros_like(noise) if start is None else start
    return add_noise(schedule, picture, noise, timesteps[skip_steps])

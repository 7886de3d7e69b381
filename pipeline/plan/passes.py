"""How often the denoiser looks at the pictures of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, partial

from pipeline.catalogue.facts import reads_prompts, timesteps_for
from pipeline.spec.denoise import ONE, Denoise
from pipeline.spec.frame import FrameSpec
from pipeline.spec.recurrence import Leg, legs
from pipeline.spec.repaint import most_strides
from pipeline.spec.samplers import SAMPLER_FACTS, SamplerName, Spacing, progress, respaced, skip
from pipeline.spec.sources import NetworkSet
from pipeline.spec.step_schedule import StepSchedule


def frame_passes(specs: Iterable[FrameSpec], sets: Mapping[str, NetworkSet]) -> list[int]:
    """The passes through the denoiser that each frame takes, with these sets of networks.

    Raises:
        ModelError: the configuration of a denoiser is missing, or something in it is not allowed.
    """

    @cache
    def facts(networks: str, steps: int, spacing: Spacing | None) -> tuple[int, bool]:
        denoiser = sets[networks].denoiser
        return timesteps_for(denoiser, steps, spacing), reads_prompts(denoiser)

    def passes(spec: FrameSpec) -> int:
        if spec.denoise is None:
            return 0
        sampler, guidance = spec.denoise.sampler, spec.denoise.guidance
        schedule_len, prompted = facts(spec.networks, sampler.steps, sampler.spacing)
        asked = partial(
            network_passes,
            name=sampler.name,
            steps=sampler.steps,
            cfg_scale=guidance.cfg_scale if prompted else ONE,
            schedule_len=schedule_len,
            recurrence=guidance.recurrence,
        )
        crossing = spec.denoise.crossing
        begins = crossing is not None and crossing.since == spec.frame
        key = asked(skip_steps=0) if begins else 0
        each = 2 if sampler.seamless else 1
        return each * (asked(skip_steps=sampler.skip_steps) + key)

    return [passes(spec) for spec in specs]


def network_passes(
    name: SamplerName,
    steps: int,
    skip_steps: int,
    cfg_scale: StepSchedule,
    schedule_len: int,
    recurrence: StepSchedule = ONE,
) -> int:
    """How often the denoiser looks at the picture for one frame.

    Once each time that the sampler `name` asks; twice where classifier-free guidance weighs the
    prompt against none, that is at a `cfg_scale` other than 0 and 1. `schedule_len` is the number
    of timesteps on which the denoiser is sampled; `recurrence` says how often each step is taken.
    """
    asked = _asked(name, steps, skip_steps, schedule_len, recurrence)
    if cfg_scale.is_constant:
        return len(asked) * (1 if cfg_scale.steps[0][1] in (0, 1) else 2)
    scales = (cfg_scale(progress(schedule_len, t)) for t in asked)
    return sum(1 if scale in (0, 1) else 2 for scale in scales)


@cache
def _asked(
    name: SamplerName, steps: int, skip_steps: int, schedule_len: int, recurrence: StepSchedule
) -> tuple[int, ...]:
    """The timesteps at which a sampler asks the denoiser."""
    timesteps = skip(respaced(schedule_len, steps), skip_steps)
    runs = legs(timesteps, schedule_len, recurrence)
    return tuple(t for leg in runs for t in _asked_in(leg, name, timesteps))


def _asked_in(leg: Leg, name: SamplerName, timesteps: tuple[int, ...]) -> tuple[int, ...]:
    asked = SAMPLER_FACTS[name].asked
    # A run that ends earlier is left before the denoiser is asked for the step behind it.
    if leg.end < len(timesteps):
        return asked(timesteps[leg.start : leg.end + 1])[:-1]
    return asked(timesteps[leg.start :])


def passes_afresh(denoise: Denoise) -> int:
    """Passes more, at most, that places take which are painted afresh in one frame."""
    sampler, guidance = denoise.sampler, denoise.guidance
    if sampler.from_noise or not guidance.paints_afresh:
        return 0
    weighed = any(scale not in (0, 1) for _, scale in guidance.cfg_scale.steps)
    # A stride is a sampling of its own, of which the first step is taken.
    asked = len(SAMPLER_FACTS[sampler.name].asked((1, 0))) - 1
    each = asked * (2 if weighed else 1) * (2 if sampler.seamless else 1)
    return most_strides(sampler.steps - sampler.skip_steps) * each

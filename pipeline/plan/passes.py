"""How often the denoiser looks at the pictures of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from keyframes.prompts import Prompt
from pipeline.catalogue.facts import reads_embeddings, reads_prompts, timesteps_for
from pipeline.spec.denoise import ONE, Denoise, GuidanceSpec, SamplerSpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.recurrence import Leg, legs
from pipeline.spec.repaint import most_strides
from pipeline.spec.samplers import SAMPLER_FACTS, SamplerName, Spacing, progress, respaced, skip
from pipeline.spec.sources import NetworkSet
from pipeline.spec.step_schedule import StepSchedule


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the number of passes hangs on in a denoiser."""

    schedule_len: int
    prompted: bool
    """Whether it reads prompts."""
    apart: bool
    """Whether guidance leads it to each prompt of a set by itself."""

    def scale(self, guidance: GuidanceSpec) -> StepSchedule:
        return guidance.cfg_scale if self.prompted else ONE

    def count(self, prompts: Sequence[Prompt]) -> int:
        """How many conditions prompts make."""
        return sum(prompt.weight != 0 for prompt in prompts) if self.apart else 1


class Passes:
    """The passes through the denoisers of these sets of networks.

    Raises:
        ModelError: the configuration of a denoiser is missing, or something in it is not allowed.
    """

    def __init__(self, sets: Mapping[str, NetworkSet]) -> None:
        @cache
        def facts(networks: str, steps: int, spacing: Spacing | None) -> _Facts:
            denoiser = sets[networks].denoiser
            length = timesteps_for(denoiser, steps, spacing)
            return _Facts(length, reads_prompts(denoiser), reads_embeddings(denoiser))

        self._facts = facts

    def of(self, spec: FrameSpec) -> int:
        """Passes that a frame takes."""
        if spec.denoise is None:
            return 0
        facts, sampler = self._of_networks(spec, spec.denoise), spec.denoise.sampler
        asked = partial(
            network_passes,
            name=sampler.name,
            steps=sampler.steps,
            cfg_scale=facts.scale(spec.denoise.guidance),
            schedule_len=facts.schedule_len,
            recurrence=spec.denoise.guidance.recurrence,
        )
        own = asked(skip_steps=sampler.skip_steps, prompts=facts.count(spec.denoise.prompts))
        crossing, key = spec.denoise.crossing, 0
        if crossing is not None and crossing.since == spec.frame:
            key = asked(skip_steps=0, prompts=facts.count(crossing.prompts))
        return _each(sampler) * (own + key)

    def afresh(self, spec: FrameSpec) -> int:
        """Passes that places of a frame which are painted afresh take more, at most."""
        if spec.denoise is None:
            return 0
        sampler, guidance = spec.denoise.sampler, spec.denoise.guidance
        if sampler.from_noise or not guidance.paints_afresh:
            return 0
        facts = self._of_networks(spec, spec.denoise)
        count = facts.count(spec.denoise.prompts)
        seen = max(_pictures(scale, count) for _, scale in facts.scale(guidance).steps)
        # A stride is a sampling of its own, of which the first step is taken.
        asked = len(SAMPLER_FACTS[sampler.name].asked((1, 0))) - 1
        strides = most_strides(sampler.steps - sampler.skip_steps)
        return strides * asked * seen * _each(sampler)

    def _of_networks(self, spec: FrameSpec, denoise: Denoise) -> _Facts:
        return self._facts(spec.networks, denoise.sampler.steps, denoise.sampler.spacing)


def _each(sampler: SamplerSpec) -> int:
    """Passes for one of a picture that goes round."""
    return 2 if sampler.seamless else 1


def _pictures(scale: float, prompts: int) -> int:
    """What the denoiser sees of a picture at a `cfg_scale`: it with each prompt, and with none."""
    if scale == 0:
        return 1
    return 1 if scale == 1 and prompts == 1 else prompts + 1


def frame_passes(specs: Iterable[FrameSpec], sets: Mapping[str, NetworkSet]) -> list[int]:
    """The passes through the denoiser that each frame takes, with these sets of networks.

    Raises:
        ModelError: the configuration of a denoiser is missing, or something in it is not allowed.
    """
    return list(map(Passes(sets).of, specs))


def network_passes(
    name: SamplerName,
    steps: int,
    skip_steps: int,
    cfg_scale: StepSchedule,
    schedule_len: int,
    recurrence: StepSchedule = ONE,
    prompts: int = 1,
) -> int:
    """How often the denoiser looks at the picture for one frame.

    Once each time that the sampler `name` asks. Where classifier-free guidance weighs the prompt
    against none, that is at a `cfg_scale` other than 0 and 1, once more; so it does at 1 where it
    leads to several `prompts`, each of which is a look of its own. `schedule_len` is the number
    of timesteps on which the denoiser is sampled; `recurrence` says how often each step is taken.
    """
    asked = _asked(name, steps, skip_steps, schedule_len, recurrence)
    if cfg_scale.is_constant:
        return len(asked) * _pictures(cfg_scale.steps[0][1], prompts)
    return sum(_pictures(cfg_scale(progress(schedule_len, t)), prompts) for t in asked)


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

"""How many levels a spacing can choose out of those of a network's training. Imports no torch."""

from __future__ import annotations

from pipeline.spec.samplers import SAMPLER_FACTS, SamplerName, Spacing

LCM_STEPS = 50
"""Timesteps that a latent consistency model is distilled on, where its file says nothing."""


def most_spaced(
    name: SamplerName,
    spacing: Spacing | None,
    timesteps: int,
    *,
    steps_offset: int = 0,
    distilled_steps: int = LCM_STEPS,
) -> int:
    """The most steps in which a sampler can visit the `timesteps` of a training.

    A `spacing` of None is the sampler's own where it has one, as `lcm`, and `leading` elsewhere.
    `steps_offset` moves leading timesteps towards the noise. Noise levels of a `karras` spacing may
    lie as near to each other as they like; one a timestep is the most here too.
    """
    facts = SAMPLER_FACTS[name]
    if spacing is None and facts.distilled:
        return distilled_steps
    most = {
        "leading": timesteps - steps_offset - (1 if facts.ends_between else 0),
        "trailing": timesteps,
        "linspace": timesteps - (1 if facts.ends_between else 0),
        "karras": timesteps,
    }
    return most[spacing or "leading"]

"""What is read of a diffusers scheduler's file. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from pipeline.catalogue.config import ForeignConfig, read_config
from pipeline.spec.samplers import SAMPLER_FACTS, SamplerName, Spacing
from pipeline.spec.spacing import LCM_STEPS, most_spaced

SCHEDULER = "scheduler_config.json"
"""The file of a scheduler's settings, in its folder."""

_Beta = Annotated[float, Field(gt=0, lt=1)]
_Count = Annotated[int, Field(ge=1, le=100_000)]
_Prediction = Literal["epsilon", "sample", "v_prediction"]

VariancesClass = Literal[
    "DDIMScheduler",
    "DDPMScheduler",
    "PNDMScheduler",
    "EulerDiscreteScheduler",
    "EulerAncestralDiscreteScheduler",
    "HeunDiscreteScheduler",
    "DPMSolverMultistepScheduler",
    "UniPCMultistepScheduler",
    "LCMScheduler",
    "UnCLIPScheduler",
]
FlowClass = Literal["FlowMatchEulerDiscreteScheduler"]


class Variances(ForeignConfig):
    """The variances of the noise; what a file leaves out is what diffusers assumes."""

    num_train_timesteps: _Count = 1000
    beta_schedule: Literal["linear", "scaled_linear", "squaredcos_cap_v2"] = "linear"
    beta_start: _Beta = 1e-4
    beta_end: _Beta = 0.02
    # It would give other variances than those of `beta_schedule`.
    trained_betas: None = None


class SchedulerFile(Variances):
    """`scheduler/scheduler_config.json` of a network in pixels, of which only the noise counts."""

    # Other classes assume other noise, or know no variances at all.
    class_name: Literal["DDIMScheduler", "DDPMScheduler", "PNDMScheduler"] = Field(
        alias="_class_name"
    )
    prediction_type: _Prediction = "epsilon"
    rescale_betas_zero_snr: Literal[False] = False


class VariancesFile(Variances):
    """`scheduler/scheduler_config.json` of a text-to-image network, but for flow matching."""

    class_name: VariancesClass = Field(alias="_class_name")
    prediction_type: _Prediction = "epsilon"
    rescale_betas_zero_snr: bool = False
    timestep_spacing: Literal["leading", "trailing", "linspace"] = "leading"
    steps_offset: Annotated[int, Field(ge=0)] = 0
    set_alpha_to_one: bool = True
    final_sigmas_type: Literal["zero", "sigma_min"] = "zero"
    use_karras_sigmas: bool = False
    original_inference_steps: _Count = LCM_STEPS
    timestep_scaling: Annotated[float, Field(ge=10, le=10)] = 10.0
    # Each of these would give other noise levels than the settings above, or other timesteps.
    use_exponential_sigmas: Literal[False] = False
    use_beta_sigmas: Literal[False] = False
    use_lu_lambdas: Literal[False] = False
    use_flow_sigmas: Literal[False] = False
    interpolation_type: Literal["linear"] = "linear"
    timestep_type: Literal["discrete"] = "discrete"
    sigma_min: None = None
    sigma_max: None = None

    @model_validator(mode="before")
    @classmethod
    def _as_its_class_assumes(cls, settings: Any) -> Any:
        if not isinstance(settings, dict):
            return settings
        return {**_ASSUMED.get(str(settings.get("_class_name")), {}), **settings}

    def most_steps(self, name: SamplerName, spacing: Spacing | None) -> int:
        """The most steps in which a sampler can take such a network."""
        own = None if SAMPLER_FACTS[name].distilled else self.timestep_spacing
        return most_spaced(
            name,
            spacing or own,
            self.num_train_timesteps,
            steps_offset=self.steps_offset,
            distilled_steps=self.original_inference_steps,
        )


class FlowFile(ForeignConfig):
    """`scheduler/scheduler_config.json` of a network that was trained by flow matching."""

    class_name: FlowClass = Field(alias="_class_name")
    num_train_timesteps: _Count = 1000
    shift: Annotated[float, Field(gt=0)] = 1.0
    use_dynamic_shifting: bool = False
    base_shift: float = 0.5
    max_shift: float = 1.15
    base_image_seq_len: Annotated[int, Field(ge=1)] = 256
    max_image_seq_len: Annotated[int, Field(ge=1)] = 4096
    time_shift_type: Literal["exponential", "linear"] = "exponential"
    use_karras_sigmas: bool = False
    # Each of these would give other noise levels than the settings above.
    use_exponential_sigmas: Literal[False] = False
    use_beta_sigmas: Literal[False] = False
    invert_sigmas: Literal[False] = False
    shift_terminal: None = None

    def most_steps(self, name: SamplerName, spacing: Spacing | None) -> int:
        """The most steps in which a sampler can take such a network."""
        return self.num_train_timesteps


def read_published_scheduler(path: Path) -> VariancesFile | FlowFile:
    """The scheduler file of a text-to-image network.

    Raises:
        ModelError: it cannot be read, or it is of a class or has settings that are not known here.
    """
    named = read_config(path, _Named).class_name
    if named in get_args(FlowClass):
        return read_config(path, FlowFile)
    return read_config(path, VariancesFile)


class _Named(ForeignConfig):
    class_name: Literal[VariancesClass, FlowClass] = Field(alias="_class_name")


_LINSPACE = {"timestep_spacing": "linspace"}
_STABLE_ENDS = {"beta_start": 0.00085, "beta_end": 0.012}
_ASSUMED: Mapping[str, Mapping[str, Any]] = {
    "PNDMScheduler": {"set_alpha_to_one": False},
    "EulerDiscreteScheduler": _LINSPACE,
    "EulerAncestralDiscreteScheduler": _LINSPACE,
    "HeunDiscreteScheduler": {**_LINSPACE, **_STABLE_ENDS},
    "DPMSolverMultistepScheduler": _LINSPACE,
    "UniPCMultistepScheduler": _LINSPACE,
    "LCMScheduler": {**_STABLE_ENDS, "beta_schedule": "scaled_linear"},
    "UnCLIPScheduler": {**_LINSPACE, "beta_schedule": "squaredcos_cap_v2"},
}
"""What classes assume where it is not what most of them do."""

"""What is read of a diffusers scheduler's file. Imports no torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipeline.catalogue.config import ForeignConfig

_Beta = Annotated[float, Field(gt=0, lt=1)]


class SchedulerFile(ForeignConfig):
    """`scheduler/scheduler_config.json`; what a file leaves out is what diffusers assumes."""

    # Other classes assume other noise, or know no variances at all.
    class_name: Literal["DDIMScheduler", "DDPMScheduler", "PNDMScheduler"] = Field(
        alias="_class_name"
    )
    num_train_timesteps: Annotated[int, Field(ge=1, le=100_000)] = 1000
    beta_schedule: Literal["linear", "scaled_linear", "squaredcos_cap_v2"] = "linear"
    beta_start: _Beta = 1e-4
    beta_end: _Beta = 0.02
    prediction_type: Literal["epsilon", "sample", "v_prediction"] = "epsilon"
    # Either key would give other variances than those of `beta_schedule`.
    trained_betas: None = None
    rescale_betas_zero_snr: Literal[False] = False

"""Scheduler files of text-to-image networks: what is read of each class, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import diffusers
import pytest
import torch

from pipeline.catalogue.scheduler_file import (
    FlowFile,
    VariancesClass,
    VariancesFile,
    read_published_scheduler,
)
from pipeline.diffusion.spacing import spaced
from pipeline.diffusion.trained_noise import PlacesShift, TrainedNoise
from pipeline.errors import ModelError
from pipeline.networks.denoisers.scheduler import read_trained_noise
from tests.pipeline.networks.tiny import write_json

FLOW = "FlowMatchEulerDiscreteScheduler"
# What diffusers asks of numpy.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def read(folder: Path, **settings: object) -> TrainedNoise:
    return read_trained_noise(write_json(folder / "scheduler_config.json", settings))


@pytest.mark.parametrize("name", get_args(VariancesClass))
def test_what_a_file_leaves_out_is_what_its_class_assumes(tmp_path: Path, name: str) -> None:
    theirs: Any = getattr(diffusers, name)()
    theirs.save_pretrained(tmp_path)
    config, path = theirs.config, tmp_path / "scheduler_config.json"
    for ours in (read_trained_noise(path), read(tmp_path, _class_name=name)):
        assert ours.prediction == config.prediction_type
        # UnCLIP's has no word for it: it goes from end to end.
        assert ours.spacing == config.get("timestep_spacing", "linspace")
        assert ours.steps_offset == config.get("steps_offset", 0)
        assert ours.set_alpha_to_one == config.get("set_alpha_to_one", True)
        assert (ours.sigma_to_zero, ours.karras, ours.flow) == (True, False, None)
        # Theirs is a product in float32.
        torch.testing.assert_close(
            ours.schedule.alphas_cumprod, theirs.alphas_cumprod.double(), rtol=1e-4, atol=1e-9
        )


PUBLISHED = {
    "Stable Diffusion 1.5": (
        {
            "_class_name": "PNDMScheduler",
            "_diffusers_version": "0.6.0",
            **{"beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085},
            **{"num_train_timesteps": 1000, "set_alpha_to_one": False, "skip_prk_steps": True},
            **{"steps_offset": 1, "trained_betas": None, "clip_sample": False},
        },
        ("epsilon", "leading", False, 1, False),
    ),
    "Stable Diffusion XL": (
        {
            "_class_name": "EulerDiscreteScheduler",
            "_diffusers_version": "0.19.0.dev0",
            **{"beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085},
            **{"clip_sample": False, "interpolation_type": "linear", "num_train_timesteps": 1000},
            **{"prediction_type": "epsilon", "sample_max_value": 1.0, "set_alpha_to_one": False},
            **{"skip_prk_steps": True, "steps_offset": 1, "timestep_spacing": "leading"},
            **{"trained_betas": None, "use_karras_sigmas": False},
        },
        ("epsilon", "leading", False, 1, False),
    ),
    "one with v and karras": (
        {
            "_class_name": "DPMSolverMultistepScheduler",
            **{"beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085},
            **{"prediction_type": "v_prediction", "use_karras_sigmas": True, "sigma_min": None},
            **{"algorithm_type": "dpmsolver++", "solver_order": 2, "lambda_min_clipped": -5.1},
        },
        ("v_prediction", "linspace", True, 0, True),
    ),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_files_are_read(tmp_path: Path, name: str) -> None:
    settings, (prediction, spacing, karras, offset, to_one) = PUBLISHED[name]
    ours = read(tmp_path, **settings)
    assert (ours.prediction, ours.spacing, ours.karras) == (prediction, spacing, karras)
    assert (ours.steps_offset, ours.set_alpha_to_one) == (offset, to_one)
    assert len(ours.schedule) == 1000


def test_noise_may_end_in_noise_alone(tmp_path: Path) -> None:
    options = {"rescale_betas_zero_snr": True, "prediction_type": "v_prediction"}
    theirs: Any = diffusers.DDIMScheduler(**options)
    ours = read(tmp_path, _class_name="DDIMScheduler", **options).schedule.alphas_cumprod
    torch.testing.assert_close(ours, theirs.alphas_cumprod.double(), rtol=1e-4, atol=1e-7)
    assert ours[-1] == 0


def test_a_flow_is_read(tmp_path: Path) -> None:
    theirs = diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0)
    theirs.save_pretrained(tmp_path)
    ours = read_trained_noise(tmp_path / "scheduler_config.json")
    assert (ours.prediction, ours.spacing) == ("flow_prediction", "linspace")
    assert ours.flow is not None and ours.flow.shift == 3 and ours.flow.by_places is None
    assert ours.schedule.seen is not None
    torch.testing.assert_close(
        ours.schedule.seen.flip(0), theirs.timesteps.double(), rtol=1e-6, atol=1e-6
    )


def test_the_flow_of_flux_is_read(tmp_path: Path) -> None:
    settings = {"use_dynamic_shifting": True, "base_shift": 0.4, "max_image_seq_len": 1024}
    ours = read(tmp_path, _class_name=FLOW, **settings)
    assert ours.flow is not None
    assert ours.flow.by_places == PlacesShift(base_shift=0.4, max_places=1024)


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        (
            {"_class_name": "EDMEulerScheduler"},
            "_class_name: found \"EDMEulerScheduler\"; it should be 'DDIMScheduler', "
            "'DDPMScheduler', 'PNDMScheduler', 'EulerDiscreteScheduler', "
            "'EulerAncestralDiscreteScheduler', 'HeunDiscreteScheduler', "
            "'DPMSolverMultistepScheduler', 'UniPCMultistepScheduler', 'LCMScheduler', "
            "'UnCLIPScheduler' or 'FlowMatchEulerDiscreteScheduler'",
        ),
        (
            {"_class_name": "EulerDiscreteScheduler", "timestep_type": "continuous"},
            "timestep_type: found \"continuous\"; it should be 'discrete'",
        ),
        (
            {"_class_name": "DPMSolverMultistepScheduler", "use_flow_sigmas": True},
            "use_flow_sigmas: found true; it should be False",
        ),
        (
            {"_class_name": "LCMScheduler", "timestep_scaling": 5.0},
            "timestep_scaling: found 5.0; it should be greater than or equal to 10",
        ),
        (
            {"_class_name": "EulerDiscreteScheduler", "prediction_type": "flow"},
            "prediction_type: found \"flow\"; it should be 'epsilon', 'sample' or 'v_prediction'",
        ),
        (
            {"_class_name": "DDIMScheduler", "num_train_timesteps": 5000, "beta_end": 0.9},
            "alphas_cumprod must fall strictly and stay between 0 and 1",
        ),
        (
            {"_class_name": FLOW, "shift_terminal": 0.02},
            "shift_terminal: found 0.02; it should be null",
        ),
        ({"_class_name": FLOW, "shift": 0}, "shift: found 0; it should be greater than 0"),
    ],
)
def test_what_would_be_other_noise_is_refused(
    tmp_path: Path, settings: dict[str, object], fault: str
) -> None:
    with pytest.raises(ModelError) as caught:
        read(tmp_path, **settings)
    assert str(caught.value) == (
        f"{tmp_path / 'scheduler_config.json'}: this configuration cannot be used:\n  {fault}\n"
        "restore the file, or use another model"
    )


def test_a_file_says_how_many_steps_can_be_taken(tmp_path: Path) -> None:
    path = write_json(
        tmp_path / "scheduler_config.json", {"_class_name": "PNDMScheduler", "steps_offset": 1}
    )
    file, trained = read_published_scheduler(path), read_trained_noise(path)
    assert isinstance(file, VariancesFile)
    for name, spacing, most in (
        ("ddim", None, 999),
        ("dpmpp_2m", None, 998),
        ("dpmpp_2m", "trailing", 1000),
        ("lcm", None, 50),
        ("lcm", "leading", 999),
    ):
        assert file.most_steps(name, spacing) == most
        assert len(spaced(trained, name, most, spacing)) == most
    flow = read_published_scheduler(write_json(tmp_path / "flow.json", {"_class_name": FLOW}))
    assert isinstance(flow, FlowFile) and flow.most_steps("euler", None) == 1000

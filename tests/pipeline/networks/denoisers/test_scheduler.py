"""Scheduler files of diffusers: the same noise, and the same words for what a network predicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import diffusers
import pytest
import torch
from diffusers import DDIMScheduler

from pipeline.catalogue.config import read_config
from pipeline.errors import ModelError
from pipeline.networks.denoisers.scheduler import PREDICTIONS, SchedulerConfig
from tests.pipeline.networks.tiny import write_json

CLASSES = get_args(SchedulerConfig.model_fields["class_name"].annotation)


def read(folder: Path, **settings: object) -> SchedulerConfig:
    settings = {"_class_name": "DDIMScheduler", **settings}
    return read_config(write_json(folder / "scheduler_config.json", settings), SchedulerConfig)


@pytest.mark.parametrize("name", CLASSES)
def test_what_a_file_leaves_out_is_what_diffusers_assumes(tmp_path: Path, name: str) -> None:
    ours, theirs = read(tmp_path, _class_name=name), getattr(diffusers, name)()
    assert ours.prediction_type == theirs.config.prediction_type
    torch.testing.assert_close(
        ours.noise_schedule().alphas_cumprod, theirs.alphas_cumprod.double(), rtol=1e-4, atol=0
    )


@pytest.mark.parametrize(
    "options",
    [
        {"beta_schedule": "linear", "num_train_timesteps": 500},
        {"beta_schedule": "linear", "beta_start": 0.001, "beta_end": 0.01},
        {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012},
        {"beta_schedule": "squaredcos_cap_v2", "num_train_timesteps": 500},
    ],
)
@pytest.mark.parametrize("name", CLASSES)
def test_the_noise_is_that_of_diffusers(tmp_path: Path, name: str, options: dict[str, Any]) -> None:
    theirs = getattr(diffusers, name)(**options)
    theirs.save_pretrained(tmp_path)
    ours = read_config(tmp_path / "scheduler_config.json", SchedulerConfig).noise_schedule()
    # Theirs is a product in float32.
    torch.testing.assert_close(
        ours.alphas_cumprod, theirs.alphas_cumprod.double(), rtol=1e-4, atol=1e-9
    )


def test_every_prediction_that_a_file_may_name_is_known() -> None:
    named = get_args(SchedulerConfig.model_fields["prediction_type"].annotation)
    assert {*named, "flow_prediction"} == set(PREDICTIONS)


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        (
            {"_class_name": "FlowMatchEulerDiscreteScheduler"},
            '_class_name: found "FlowMatchEulerDiscreteScheduler"; '
            "it should be 'DDIMScheduler', 'DDPMScheduler' or 'PNDMScheduler'",
        ),
        (
            {"beta_schedule": "sigmoid"},
            'beta_schedule: found "sigmoid"; '
            "it should be 'linear', 'scaled_linear' or 'squaredcos_cap_v2'",
        ),
        (
            {"prediction_type": "flow"},
            "prediction_type: found \"flow\"; it should be 'epsilon', 'sample' or 'v_prediction'",
        ),
        (
            {"num_train_timesteps": "1000"},
            'num_train_timesteps: found "1000"; it should be a valid integer',
        ),
        (
            {"num_train_timesteps": 0},
            "num_train_timesteps: found 0; it should be greater than or equal to 1",
        ),
        ({"beta_end": 1.5}, "beta_end: found 1.5; it should be less than 1"),
        ({"trained_betas": [0.1, 0.2]}, "trained_betas: found a list; it should be null"),
        (
            {"rescale_betas_zero_snr": True},
            "rescale_betas_zero_snr: found true; it should be False",
        ),
        (
            {"num_train_timesteps": 5000, "beta_end": 0.9},
            "alphas_cumprod must fall strictly and stay between 0 and 1",
        ),
    ],
)
def test_a_scheduler_of_other_noise_is_refused(
    tmp_path: Path, settings: dict[str, object], fault: str
) -> None:
    with pytest.raises(ModelError) as caught:
        read(tmp_path, **settings)
    assert str(caught.value) == (
        f"{tmp_path / 'scheduler_config.json'}: this configuration cannot be used:\n  {fault}\n"
        "restore the file, or use another model"
    )


def test_a_file_of_diffusers_is_read_whole(tmp_path: Path) -> None:
    DDIMScheduler(prediction_type="sample").save_pretrained(tmp_path)
    path = tmp_path / "scheduler_config.json"
    written = json.loads(path.read_text(encoding="utf-8"))
    config = read_config(path, SchedulerConfig)
    assert config.model_dump(by_alias=True, exclude_unset=True) == written

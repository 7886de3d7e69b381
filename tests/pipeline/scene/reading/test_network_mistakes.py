"""Mistakes in the section `models`, each told where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.networks.text_to_image.tiny_pipelines import save_pipeline, sd_pipeline
from tests.pipeline.networks.tiny import change_json
from tests.pipeline.scene.reading.written_models import told


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (
            "{depth: dpt_larg}",
            'depth: there is no depth estimator "dpt_larg" (did you mean "dpt_large"?); known: '
            "dpt_hybrid, dpt_large, dpt_swin2_tiny_256, midas_v21, midas_v21_small, starter; or a "
            "folder, or {file: my.pt, config: dpt_large}, relative to the scene file",
        ),
        ("{depth: []}", "depth: an empty list; name at least one depth estimator, such as starter"),
        (
            "{depth: [starter, {name: starter, weight: 2}]}",
            'depth.1: "starter" stands here twice; keep one of them',
        ),
        (
            "{depth: [starter, {name: dpt_large, weight: 0}]}",
            "depth.1.weight: expected a number above 0 and up to 1000, found 0",
        ),
        (
            "{depth: [starter, {name: dpt_large, weight: much}]}",
            'depth.1.weight: expected a number above 0 and up to 1000, found "much"',
        ),
        (
            "{depth: [starter, {name: dpt_large, from: 0.5}]}",
            "depth.1.from: unknown key; allowed: name, weight",
        ),
        (
            "{depth: [starter, {weight: 0.5}]}",
            "depth.1.name: expected a name or a folder, or {file: my.pt, config: dpt_large}; found "
            "nothing",
        ),
        (
            "{secondary: no}",
            'secondary: there is no secondary model "no"; known: secondary; or none, or a .pth '
            "file, relative to the scene file",
        ),
        (
            "{flow: raft_larg}",
            'flow: there is no optical flow "raft_larg" (did you mean "raft_large"?); known: dis, '
            "raft_large, raft_small; or a .pth file of torchvision's RAFT, relative to the scene "
            "file",
        ),
        (
            "{flow: none}",
            'flow: there is no optical flow "none"; known: dis, raft_large, raft_small; or a .pth '
            "file of torchvision's RAFT, relative to the scene file",
        ),
        (
            "{denoiser: 3}",
            "denoiser: expected a name or a diffusers folder, or {file: my.pt, "
            "config: my.json}; found 3",
        ),
        (
            "{precision: fp8}",
            'precision: expected auto, fp32, bf16 or fp16, found "fp8"',
        ),
        (
            "{truncate_prompts: yes}",
            'truncate_prompts: expected true or false, found "yes"; write true',
        ),
        (
            "{encoders: []}",
            "encoders: an empty list; name at least one encoder, such as ViT-B-32/openai",
        ),
        (
            "{encoders: [starter, {name: starter}]}",
            'encoders.1: "starter" stands here twice; keep one of them',
        ),
        (
            "{encoders: {name: starter, weight: -1}}",
            "encoders.weight: expected a number from 0 to 1000, found -1",
        ),
        (
            "{encoders: {name: starter, from: 2}}",
            "encoders.from: expected a number from 0 to 1, found 2",
        ),
        (
            "{encoders: {name: starter, from: 0.5, until: 0.5}}",
            "encoders.until: found 0.5; it is above `from`, which is 0.5",
        ),
        (
            "{encoders: {name: starter, form: 0}}",
            'encoders.form: unknown key (did you mean "from"?); allowed: name, weight, from, until',
        ),
        (
            "{denoiser: {file: gone.pt, config: pixelart}}",
            'denoiser.file: "{here}/gone.pt" is no file; names are relative to the scene file',
        ),
        (
            "{denoiser: {confg: x, file: scene.yaml}}",
            'denoiser.confg: unknown key (did you mean "config"?); allowed: file, config',
        ),
    ],
)
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, written: str, problem: str) -> None:
    first, *_ = told(tmp_path, written)
    assert first == problem.replace("{here}", str(tmp_path.resolve()))


def test_a_checkpoint_without_its_configuration_asks_for_it(tmp_path: Path) -> None:
    # A pickle of early days, of which nothing is known before it is loaded.
    (tmp_path / "my.pt").write_bytes(b"\x80\x02")
    (problem,) = told(tmp_path, "{denoiser: my.pt}")
    assert problem.startswith(f"denoiser: {tmp_path.resolve()}/my.json: no configuration beside")


def test_a_folder_that_is_no_denoiser_is_named(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (problem, *_) = told(tmp_path, "{denoiser: net}")
    assert problem.startswith(f"denoiser: {tmp_path.resolve()}/net/unet/config.json: cannot be")


def test_faults_of_a_configuration_are_told_on_one_line(tmp_path: Path) -> None:
    save_pipeline(tmp_path / "net", sd_pipeline(tmp_path / "net"))
    change_json(tmp_path / "net" / "scheduler" / "scheduler_config.json", num_train_timesteps=-4)
    (problem, *_) = told(tmp_path, "{denoiser: net}")
    assert problem == (
        f"denoiser: {tmp_path.resolve()}/net/scheduler/scheduler_config.json: this configuration "
        "cannot be used: num_train_timesteps: found -4; it should be greater than or equal to 1; "
        "restore the file, or use another model"
    )

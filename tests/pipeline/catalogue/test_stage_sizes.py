"""What the stages of a cascade ask of the size of a frame."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.catalogue.facts import frame_size_multiple
from pipeline.catalogue.stage_sizes import enlargement, frame_multiple
from pipeline.errors import ModelError
from pipeline.spec.sources import FolderSource, NamedSource
from tests.pipeline.catalogue.pipeline_folders import SCHEDULER, save_pipeline
from tests.pipeline.networks.tiny import write_json

RESNETS = ["ResnetDownsampleBlock2D"] + ["SimpleCrossAttnDownBlock2D"] * 3


def stage(path: Path, channels: int, side: int, levels: int) -> Path:
    write_json(
        path,
        {"in_channels": channels, "sample_size": side, "block_out_channels": [64] * levels},
    )
    return path


def test_a_frame_is_a_multiple_of_both_stages(tmp_path: Path) -> None:
    first = stage(tmp_path / "first.json", 3, 64, 4)
    assert frame_multiple(8, first, stage(tmp_path / "second.json", 6, 256, 5)) == 32
    assert frame_multiple(8, first, stage(tmp_path / "deep.json", 6, 256, 7)) == 64
    assert frame_multiple(3, first, stage(tmp_path / "thrice.json", 6, 192, 2)) == 18


def test_stages_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    first = stage(tmp_path / "first.json", 3, 64, 4)
    second = stage(tmp_path / "second.json", 6, 100, 4)
    with pytest.raises(ModelError) as caught:
        enlargement(first, second)
    assert str(caught.value) == (
        f"{second}: sample_size: found 100; allowed: a multiple of the first stage's 64; use the "
        "second stage that belongs to this denoiser"
    )
    with pytest.raises(ModelError, match="sample_size: found 64"):
        enlargement(first, stage(tmp_path / "same.json", 6, 64, 4))
    with pytest.raises(ModelError, match="in_channels: found 3; allowed: 6"):
        enlargement(first, first)


def test_frames_of_a_scene_are_multiples_of_what_it_names(tmp_path: Path) -> None:
    unet = {
        "in_channels": 3,
        "sample_size": 64,
        "block_out_channels": [64] * 4,
        "down_block_types": RESNETS,
    }
    parts = {"unet": unet, "scheduler": SCHEDULER}
    first = FolderSource(str(save_pipeline(tmp_path / "first", "IFPipeline", parts)))
    stage(tmp_path / "second" / "unet" / "config.json", 6, 128, 4)
    assert frame_size_multiple(first, None) == 8
    assert frame_size_multiple(first, FolderSource(str(tmp_path / "second"))) == 16
    published = NamedSource("deepfloyd-if")
    assert frame_size_multiple(published, None) == 8
    assert frame_size_multiple(published, NamedSource("deepfloyd-if-ii")) == 32

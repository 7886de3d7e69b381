"""Configurations of guided-diffusion: what they derive, what they refuse, where they come from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.catalogue.guided_config import CONFIGURATIONS, GuidedDiffusionConfig, config_beside
from pipeline.errors import ModelError
from tests.pipeline.networks.tiny import write_json


@pytest.mark.parametrize(
    ("name", "widths", "attention", "heads", "size_multiple"),
    [
        ("512-finetune", (128, 256, 256, 512, 512, 1024, 1024), {4, 5, 6}, (8, 16), 64),
        ("256-uncond", (256, 256, 512, 512, 1024, 1024), {3, 4, 5}, (8, 16), 32),
        ("portrait", (64, 128, 128, 256, 256, 512, 512), {4, 5, 6}, (4, 4), 64),
        ("pixelart", (128, 128, 256, 256, 512, 512), {4}, (1, 1), 32),
    ],
)
def test_the_published_networks(
    name: str,
    widths: tuple[int, ...],
    attention: set[int],
    heads: tuple[int, int],
    size_multiple: int,
) -> None:
    config = CONFIGURATIONS[name]
    assert config.widths == widths
    assert config.attention_levels == attention
    assert (config.heads(widths[3]), config.heads(widths[-1], upward=True)) == heads
    assert config.size_multiple == size_multiple
    assert GuidedDiffusionConfig.model_validate(config.model_dump()) == config, "checks were passed"


@pytest.mark.parametrize("image_size", [64, 128, 256, 512])
def test_the_width_of_the_levels_follows_the_size_unless_it_is_given(image_size: int) -> None:
    derived = GuidedDiffusionConfig(image_size=image_size)
    assert derived.widths[-1] == 512
    assert derived.size_multiple == {64: 8, 128: 16, 256: 32, 512: 64}[image_size]
    given = GuidedDiffusionConfig(image_size=image_size, channel_mult="0.5,1.5")
    assert given.widths == (64, 192)


def test_heads_have_a_number_of_their_own_upward_or_a_width() -> None:
    numbered = GuidedDiffusionConfig(image_size=64, num_heads=4, num_heads_upsample=2)
    assert (numbered.heads(512), numbered.heads(512, upward=True)) == (4, 2)
    wide = GuidedDiffusionConfig(image_size=64, num_head_channels=64, num_heads_upsample=2)
    assert (wide.heads(512), wide.heads(512, upward=True)) == (8, 8)


def test_a_resolution_that_no_level_has_is_passed_over() -> None:
    config = GuidedDiffusionConfig(image_size=64, attention_resolutions="32,1")
    assert config.attention_levels == {1}


def test_the_keys_of_a_sampler_or_a_training_may_stand_there(tmp_path: Path) -> None:
    path = write_json(
        tmp_path / "network.json",
        {"image_size": 256, "use_fp16": True, "timestep_respacing": "ddim50", "dropout": 0.1},
    )
    assert config_beside(path.with_suffix(".pt")) == GuidedDiffusionConfig(image_size=256)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"image_size": ...}, "image_size: is missing"),
        (
            {"num_chanels": 64},
            'num_chanels: unknown key (did you mean "num_channels"?); allowed: image_size, ',
        ),
        ({"num_channels": 33}, "num_channels: found 33; it should be a multiple of 2"),
        ({"num_heads": 0}, "num_heads: found 0; it should be greater than or equal to 1"),
        (
            {"num_head_channels": 0},
            "num_head_channels: found 0; it is 1 or more, or -1 where it does not count",
        ),
        (
            {"channel_mult": "1,two"},
            'channel_mult: found "1,two"; it is a list of positive numbers with commas, or empty',
        ),
        (
            {"attention_resolutions": "16.5"},
            'attention_resolutions: found "16.5"; '
            "it is a list of positive whole numbers with commas, or empty",
        ),
        ({"attention_resolutions": "0"}, 'attention_resolutions: found "0"; it is a list of'),
        ({"channel_mult": "inf"}, 'channel_mult: found "inf"; it is a list of'),
        (
            {"image_size": 300},
            "an image_size of 300 implies no channel_mult (only 64, 128, 256, 512 do); "
            "write channel_mult down",
        ),
        (
            {"num_channels": 32, "channel_mult": "0.5,1"},
            "num_channels and channel_mult make a level of 16 channels; they are multiples of 32",
        ),
        (
            {"num_channels": 32, "num_heads": 3},
            "a level of 128 channels cannot be split into equal heads; "
            "mend num_heads, num_heads_upsample or num_head_channels",
        ),
        ({"num_channels": 32, "num_heads_upsample": 3}, "a level of 128 channels cannot be"),
        ({"num_channels": 32, "num_head_channels": 48}, "a level of 128 channels cannot be"),
        ({"num_channels": 32, "num_head_channels": 4096}, "a level of 96 channels cannot be"),
        ({"noise_schedule": "sqrt"}, "noise_schedule: found \"sqrt\"; it should be 'linear' or"),
        ({"diffusion_steps": 20}, "diffusion_steps: found 20; it should be greater than or equal"),
    ],
)
def test_a_value_that_makes_no_network_is_named(
    tmp_path: Path, changes: dict[str, object], fault: str
) -> None:
    content = {"image_size": 64, **changes}
    kept = {key: value for key, value in content.items() if value is not ...}
    path = write_json(tmp_path / "network.json", kept)
    with pytest.raises(ModelError) as caught:
        config_beside(tmp_path / "network.pt")
    head, found, *_ = str(caught.value).splitlines()
    assert head == f"{path}: this configuration cannot be used:"
    assert found.startswith(f"  {fault}")


def test_a_file_that_holds_no_object_is_named(tmp_path: Path) -> None:
    (tmp_path / "network.json").write_text(json.dumps([1]), encoding="utf-8")
    with pytest.raises(ModelError, match="found a list; it should be an object"):
        config_beside(tmp_path / "network.pt")


def test_a_checkpoint_without_a_configuration_is_told_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        config_beside(tmp_path / "network.pt")
    assert str(caught.value) == (
        f"{tmp_path / 'network.json'}: no configuration beside network.pt; write the flags of its "
        'training there as JSON, such as {"image_size": 256, "num_channels": 128}, or name one of '
        "the known configurations: 512-finetune, 256-uncond, portrait, pixelart"
    )

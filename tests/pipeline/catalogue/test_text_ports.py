"""A folder whose parts are of different models is refused by its configurations alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.catalogue.pipelines import Family
from pipeline.catalogue.text_ports import check_text_ports
from pipeline.errors import ModelError
from tests.pipeline.networks.tiny import write_json

T5 = {"d_model": 4096}
SD3 = {
    "transformer": {"joint_attention_dim": 4096, "pooled_projection_dim": 2048},
    "text_encoder": {"hidden_size": 768, "projection_dim": 768},
    "text_encoder_2": {"hidden_size": 1280, "projection_dim": 1280},
    "text_encoder_3": T5,
}
CLIP = {"hidden_size": 768}
PUBLISHED: dict[Family, dict[str, dict[str, Any]]] = {
    Family.STABLE_DIFFUSION: {"unet": {"cross_attention_dim": 768}, "text_encoder": CLIP},
    Family.STABLE_DIFFUSION_XL: {
        "unet": {"cross_attention_dim": 2048},
        "text_encoder": CLIP,
        "text_encoder_2": {"hidden_size": 1280, "projection_dim": 1280},
    },
    Family.DEEPFLOYD_IF: {"unet": {"encoder_hid_dim": 4096}, "text_encoder": T5},
    Family.PIXART: {"transformer": {"caption_channels": 4096}, "text_encoder": T5},
    Family.STABLE_DIFFUSION_3: SD3,
    Family.FLUX: {
        "transformer": {"joint_attention_dim": 4096, "pooled_projection_dim": 768},
        "text_encoder": {"hidden_size": 768, "projection_dim": 768},
        "text_encoder_2": T5,
    },
}


def saved(folder: Path, parts: dict[str, dict[str, Any]]) -> Path:
    for part, settings in parts.items():
        write_json(folder / part / "config.json", settings)
    return folder


@pytest.mark.parametrize("family", PUBLISHED)
def test_published_widths_fit(family: Family, tmp_path: Path) -> None:
    check_text_ports(saved(tmp_path, PUBLISHED[family]), family)


@pytest.mark.parametrize(
    "family", [family for family, parts in PUBLISHED.items() if T5 in parts.values()]
)
def test_another_t5_is_refused(family: Family, tmp_path: Path) -> None:
    parts = {
        part: {"d_model": 2048} if settings is T5 else settings
        for part, settings in PUBLISHED[family].items()
    }
    with pytest.raises(ModelError, match="found 4096; allowed: 2048"):
        check_text_ports(saved(tmp_path, parts), family)


@pytest.mark.parametrize(
    ("family", "found", "given"),
    [(Family.STABLE_DIFFUSION, 2048, 768), (Family.STABLE_DIFFUSION_XL, 768, 2048)],
)
def test_another_u_net_is_refused(family: Family, found: int, given: int, tmp_path: Path) -> None:
    parts = {**PUBLISHED[family], "unet": {"cross_attention_dim": found}}
    with pytest.raises(ModelError, match=f"found {found}; allowed: {given}, the numbers that text"):
        check_text_ports(saved(tmp_path, parts), family)


def test_the_message_names_the_file_and_the_parts(tmp_path: Path) -> None:
    parts = {**SD3, "text_encoder_2": {"projection_dim": 1024}}
    with pytest.raises(ModelError) as caught:
        check_text_ports(saved(tmp_path, parts), Family.STABLE_DIFFUSION_3)
    assert str(caught.value) == (
        f"{tmp_path / 'transformer' / 'config.json'}: pooled_projection_dim: found 2048; "
        "allowed: 1792, the numbers that text_encoder and text_encoder_2 of this folder give; "
        "the parts are of different models: fetch the model again"
    )


def test_what_a_configuration_leaves_out_is_what_transformers_assumes(tmp_path: Path) -> None:
    parts = {"transformer": {"caption_channels": 512}, "text_encoder": {}}
    check_text_ports(saved(tmp_path / "same", parts), Family.PIXART)
    other = {"transformer": {"caption_channels": 768}, "text_encoder": {}}
    with pytest.raises(ModelError, match="found 768; allowed: 512"):
        check_text_ports(saved(tmp_path / "other", other), Family.PIXART)


def test_parts_that_are_not_there_are_passed_over(tmp_path: Path) -> None:
    parts = {part: settings for part, settings in SD3.items() if part != "text_encoder_3"}
    check_text_ports(saved(tmp_path, parts), Family.STABLE_DIFFUSION_3)
    check_text_ports(tmp_path, Family.STABLE_DIFFUSION)

"""Encoders of a scene by name, and mistakes in `models` that bring no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.scene.reading.networks import EncoderChoice
from pipeline.spec.sources import FolderSource, NamedSource
from tests.pipeline.networks.tiny import save_word_clip
from tests.pipeline.scene.reading.written_models import PICTURES, models, told
from tests.pipeline.scene_files import complaints

OTHER = "ViT-L-14-quickgelu/metaclip-400M"
"""What open_clip lists, and our own table does not, with its tag written in another way."""


def test_encoders_have_weights_and_stretches(tmp_path: Path) -> None:
    save_word_clip(tmp_path / "nets" / "clip")
    found = models(
        tmp_path,
        "{encoders: [starter, {name: RN50/openai, weight: 0.5, from: 0.1, until: 0.6}, "
        "nets/clip, ViT-L-14-quickgelu/metaclip-400M]}",
    )
    assert found.encoders == (
        EncoderChoice("starter", NamedSource("starter")),
        EncoderChoice("RN50/openai", NamedSource("RN50/openai"), 0.5, 0.1, 0.6),
        EncoderChoice("nets/clip", FolderSource(str((tmp_path / "nets" / "clip").resolve()))),
        EncoderChoice(OTHER, NamedSource(OTHER)),
    )
    one = models(tmp_path, "{encoders: RN50/openai}")
    assert one == models(tmp_path, "{encoders: {name: RN50/openai}}")
    assert len(one.encoders) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "ViT-B-99/openai",
            'there is no encoder "ViT-B-99/openai" (did you mean "ViT-B-32/openai"?); known:',
        ),
        (
            "ViT-SO400M-14-SigLIP/wbli",
            'SigLIP/wbli" (did you mean "ViT-SO400M-14-SigLIP/webli"?); known:',
        ),
        ("coca_ViT-B-32/laion2b_s13b_b90k", "this architecture needs more than its weights and a"),
        ("../net/tag", 'there is no encoder "../net/tag"; known:'),
        ("ViT-B/16", 'no encoder "ViT-B/16" (did you mean "ViT-B-16/openai"?); known:'),
        ("ViTL14", 'no encoder "ViTL14" (did you mean "ViT-L-14/openai"?); known:'),
        ("ViT-L/14@336px", '"ViT-L/14@336px" (did you mean "ViT-L-14-336/openai"?); known:'),
    ],
)
def test_an_encoder_that_no_render_could_use(tmp_path: Path, name: str, words: str) -> None:
    (problem,) = told(tmp_path, f"{{encoders: {name}}}")
    assert words in problem


@pytest.mark.parametrize(
    "written",
    [
        "{preset: disco, depth: dpt_larg}",
        "{preset: disco, secondary: gone.pth}",
        "{preset: dsico}",
        "{denoiser: 3}",
    ],
)
def test_a_mistake_brings_no_others(tmp_path: Path, written: str) -> None:
    """Neither of the secondary model, nor of the denoiser's steps and prompts."""
    guidance = "guidance: {gradient: secondary, cfg_scale: 2}\nsampler: {steps: 1000}\n"
    prompts = PICTURES.replace("a castle", " ".join(["castle"] * 70))
    assert len(complaints(tmp_path, f"{prompts}models: {written}\n{guidance}")) == 1

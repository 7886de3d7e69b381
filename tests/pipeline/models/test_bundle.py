"""The networks of a render: loaded together, and each text encoded once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from pipeline.errors import ModelError
from pipeline.models.bundle import embed_texts, load_models
from pipeline.models.registry import PRESETS, Preset
from tests.pipeline.models.tiny import CPU, save_denoiser, save_depth, save_word_clip, unet


class CountingEncoder:
    """Says how many letters a text has, and remembers what it was asked."""

    size = 8

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        """Never needed here."""
        raise NotImplementedError

    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """The lengths of the texts."""
        self.asked.append(list(texts))
        return torch.tensor([[float(len(text))] for text in texts]).reshape(-1, 1)


def test_each_different_text_is_encoded_once_and_alone() -> None:
    encoder = CountingEncoder()
    vectors = embed_texts(encoder, iter(["sea", "castle", "sea", "sea"]))
    assert encoder.asked == [["castle"], ["sea"]]
    assert {text: vector.tolist() for text, vector in vectors.items()} == {
        "castle": [6.0],
        "sea": [3.0],
    }


def test_no_texts_are_no_vectors() -> None:
    assert embed_texts(CountingEncoder(), []) == {}


def preset(folder: Path, prompt_size: int) -> Preset:
    """Tiny models; the encoder's embeddings have 24 numbers."""
    network = unet(class_embed_type="identity", time_embedding_dim=prompt_size)
    return replace(
        PRESETS["starter"],
        denoiser=save_denoiser(folder / "d", network, extras={"prompt": {"scale": 4.0}}),
        encoder=save_word_clip(folder / "e"),
        depth=folder / "z",
    )


def test_models_fit_together(tmp_path: Path) -> None:
    tiny = preset(tmp_path, prompt_size=24)
    save_depth(tiny.depth)
    models = load_models(tiny, CPU, with_depth=True)
    (embedding,) = models.encoder.encode_texts(["a castle"])
    picture = models.denoiser.bind(embedding)(torch.zeros(1, 3, 16, 16), torch.tensor([9]))
    assert picture.shape == (1, 3, 16, 16)
    assert models.depth is not None and models.depth(picture).shape == (1, 1, 16, 16)
    assert models.device == CPU


def test_depth_that_no_frame_needs_is_not_read(tmp_path: Path) -> None:
    assert load_models(preset(tmp_path, prompt_size=24), CPU, with_depth=False).depth is None


def test_a_denoiser_of_other_embeddings_is_named(tmp_path: Path) -> None:
    tiny = preset(tmp_path, prompt_size=20)
    with pytest.raises(ModelError) as caught:
        load_models(tiny, CPU, with_depth=False)
    assert str(caught.value) == (
        f"{tiny.denoiser}: listens to embeddings of 20 numbers, but the encoder {tiny.encoder} "
        "gives 24; the two are trained together: use the encoder that came with this denoiser"
    )


def test_a_secondary_model_that_no_preset_has_is_missed_before_anything_is_loaded() -> None:
    nowhere = Preset("nowhere", *[Path("nowhere")] * 3, size_multiple=1, defaults={})
    with pytest.raises(ModelError, match=r"^guidance.gradient is secondary, but there is no"):
        load_models(nowhere, CPU, with_depth=True, with_secondary=True)

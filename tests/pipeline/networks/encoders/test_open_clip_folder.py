"""Encoders: the same embeddings as open_clip makes of the same folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image
from torch.nn.functional import normalize

from pipeline.diffusion.image import to_tensor
from pipeline.errors import ModelError
from pipeline.networks.encoders.open_clip_folder import load_encoder
from tests.pipeline.networks.tiny import (
    CPU,
    RESNET,
    TEXT,
    VISION,
    WORDS,
    change_json,
    clip,
    save_clip,
    save_word_clip,
)

STANDARD = {**TEXT, "vocab_size": 49408, "context_length": 20, "width": 8}
TEXTS = ["a castle at dawn", "", "the SEA, in a storm of 1000 words " * 5]


@pytest.mark.parametrize("vision", [VISION, RESNET], ids=["transformer", "resnet"])
def test_pictures_are_encoded_as_by_open_clip(tmp_path: Path, vision: Mapping[str, Any]) -> None:
    folder = save_clip(tmp_path, clip(vision, STANDARD), vision, STANDARD)
    theirs, _, preprocess = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    pixels = np.random.default_rng(1).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    ours = load_encoder(folder, CPU)
    assert ours.size == 32
    with torch.no_grad():
        expected = theirs.eval().encode_image(preprocess(Image.fromarray(pixels))[None])
    torch.testing.assert_close(ours.encode_pictures(to_tensor(pixels)), normalize(expected))


def test_texts_are_encoded_as_by_open_clip(tmp_path: Path) -> None:
    folder = save_clip(tmp_path, clip(text=STANDARD), text=STANDARD)
    theirs = open_clip.create_model(f"local-dir:{folder}").eval()
    tokenizer = open_clip.get_tokenizer(f"local-dir:{folder}")
    with torch.no_grad():
        expected = theirs.encode_text(tokenizer(TEXTS))
    ours = load_encoder(folder, CPU).truncating()
    torch.testing.assert_close(ours.encode_texts(TEXTS), normalize(expected))


def test_a_vocabulary_takes_the_place_of_the_standard_tokenizer(tmp_path: Path) -> None:
    folder = save_word_clip(tmp_path)
    theirs = open_clip.create_model(f"local-dir:{folder}").eval()
    with torch.no_grad():
        expected = theirs.encode_text(torch.tensor([WORDS.row(text) for text in TEXTS]))
    ours = load_encoder(folder, CPU).truncating()
    torch.testing.assert_close(ours.encode_texts(TEXTS), normalize(expected))


def test_embeddings_are_unit_vectors(tmp_path: Path) -> None:
    encoder = load_encoder(save_word_clip(tmp_path), CPU)
    texts = ["a castle at dawn", "", "the SEA"]
    seen, read = encoder.encode_pictures(torch.randn(3, 3, 32, 32)), encoder.encode_texts(texts)
    assert seen.shape == read.shape == (3, 24)
    torch.testing.assert_close(torch.cat([seen, read]).norm(dim=1), torch.ones(6))
    assert encoder.encode_texts([]).shape == (0, 24)


def test_gradients_reach_the_picture_and_nothing_else(tmp_path: Path) -> None:
    network = clip()
    encoder = load_encoder(save_word_clip(tmp_path, network), CPU)
    pictures = torch.randn(1, 3, 32, 32, requires_grad=True)
    encoder.encode_pictures(pictures)[:, 0].sum().backward()
    assert pictures.grad is not None and pictures.grad.abs().min() > 0
    assert not any(parameter.requires_grad for parameter in encoder.model.parameters())


def test_pictures_are_seen_in_the_precision_that_is_asked(tmp_path: Path) -> None:
    folder, pictures = save_word_clip(tmp_path), torch.randn(2, 3, 32, 32)
    whole, half = (load_encoder(folder, CPU, dtype) for dtype in (torch.float32, torch.bfloat16))
    assert half.model.visual.conv1.weight.dtype == torch.bfloat16
    seen = half.encode_pictures(pictures)
    assert seen.dtype == torch.float32
    apart = (seen - whole.encode_pictures(pictures)).abs().max()
    assert 0 < apart < 0.02
    assert torch.equal(half.encode_texts(["a castle"]), whole.encode_texts(["a castle"]))


@pytest.mark.parametrize(("words", "place"), [(6, None), (7, 6)])
def test_a_prompt_that_is_too_long_shows_where_it_would_end(
    tmp_path: Path, words: int, place: int | None
) -> None:
    encoder = load_encoder(save_word_clip(tmp_path), CPU)
    text = [f"castle,{k}," for k in range(words // 2)] + ["sea!"] * (words % 2)
    if place is None:
        assert encoder.encode_texts([" ".join(text)]).shape == (1, 24)
        return
    with pytest.raises(ModelError) as caught:
        encoder.encode_texts(["a castle", " ".join(text)])
    assert str(caught.value) == (
        f"a prompt is longer than the encoder {tmp_path} reads, which has room for 6 tokens: "
        'it would read up to "castle,0, castle,1, castle,2," and leave out "sea!"; '
        "shorten it, split it into several prompts with weights, or write "
        "models: {truncate_prompts: true} to have it cut there"
    )
    short = encoder.encode_texts([" ".join(text[:-1])])
    assert torch.equal(encoder.truncating().encode_texts([" ".join(text)]), short)


CONFIG = "open_clip_config.json"


def complaint(folder: Path) -> str:
    """What is said about `folder`, with its name taken off."""
    with pytest.raises(ModelError) as caught:
        load_encoder(folder, CPU)
    return str(caught.value).removeprefix(f"{folder}/")


@pytest.mark.parametrize(
    ("keys", "changes", "fault"),
    [
        ([], {"model_cfg": ...}, "model_cfg: is missing"),
        ([], {"preprocess_cfg": ...}, "preprocess_cfg: is missing"),
        (
            ["model_cfg", "vision_cfg"],
            {"image_size": [32, 48]},
            "model_cfg.vision_cfg.image_size: found a list; it should be a valid integer",
        ),
        (
            ["model_cfg", "text_cfg"],
            {"hf_tokenizer_name": "bert"},
            'model_cfg.text_cfg.hf_tokenizer_name: found "bert"; it should be null',
        ),
        (["preprocess_cfg"], {"mean": [0.5, 0.5]}, "preprocess_cfg.mean.2: is missing"),
        (
            ["preprocess_cfg"],
            {"std": [0.5, 0, 0.5]},
            "preprocess_cfg.std.1: found 0; it should be greater than 0",
        ),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    tmp_path: Path, keys: list[str], changes: dict[str, object], fault: str
) -> None:
    change_json(save_word_clip(tmp_path) / CONFIG, *keys, **changes)
    assert complaint(tmp_path) == (
        f"{CONFIG}: this configuration cannot be used:\n  {fault}\n"
        "restore the file, or use another model"
    )


@pytest.mark.parametrize(
    "name", ["hf-hub:someone/net", "hf_hub:someone/net", " HF-HUB:someone/net", "local-dir:/net"]
)
def test_a_tower_from_elsewhere_is_refused_before_anything_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    change_json(save_word_clip(tmp_path) / CONFIG, "model_cfg", "vision_cfg", timm_model_name=name)
    # What would build it is gone.
    monkeypatch.setattr("timm.create_model", None)
    assert complaint(tmp_path) == (
        f"{CONFIG}: this configuration cannot be used:\n"
        f'  model_cfg.vision_cfg.timm_model_name: found "{name}", a place to fetch from or read; '
        "allowed: the plain name of an architecture of timm, such as vit_base_patch16_224, as "
        "nothing is fetched for a folder\nrestore the file, or use another model"
    )


@pytest.mark.parametrize(
    ("keys", "changes"),
    [
        (["model_cfg"], {"custom_text": True}),
        (["model_cfg", "vision_cfg"], {"depth": 3}),
        (["model_cfg", "text_cfg"], {"heads": 5}),
    ],
)
def test_values_that_make_no_network_are_named(
    tmp_path: Path, keys: list[str], changes: dict[str, object]
) -> None:
    change_json(save_word_clip(tmp_path) / CONFIG, *keys, **changes)
    said = complaint(tmp_path)
    # In brackets stands what open_clip makes of it.
    assert said.startswith(f"{CONFIG}: no network can be built from this configuration (")
    assert said.endswith("); restore the file, or use another model")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (CONFIG, "cannot be read (No such file or directory)"),
        ("open_clip_model.safetensors", "no weights file here"),
    ],
)
def test_a_missing_file_is_named(tmp_path: Path, file: str, words: str) -> None:
    (save_word_clip(tmp_path) / file).unlink()
    assert complaint(tmp_path) == f"{file}: {words}; is the model's folder whole?"


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    save_clip(tmp_path, clip(RESNET), VISION)
    first, fault, *_ = complaint(tmp_path).splitlines()
    assert first == (
        "open_clip_model.safetensors: does not fit the CLIP that the model's configuration "
        "describes:"
    )
    assert fault == "  visual.attnpool.c_proj.bias is not part of the network"


def test_a_model_whose_vocabulary_is_lost_is_named(tmp_path: Path) -> None:
    (save_word_clip(tmp_path) / "vocabulary.json").unlink()
    assert complaint(tmp_path) == (
        f"{CONFIG}: model_cfg.text_cfg.vocab_size is {WORDS.vocab_size}, but the tokenizer "
        "(the standard one of open_clip) has 49408; "
        "restore the vocabulary.json that the model was trained with"
    )


def test_the_vocabulary_of_another_model_is_named(tmp_path: Path) -> None:
    change_json(save_word_clip(tmp_path) / "vocabulary.json", context_length=9)
    assert complaint(tmp_path) == (
        f"{CONFIG}: model_cfg.text_cfg.context_length is 8, but the tokenizer "
        "(vocabulary.json) has 9; restore the vocabulary.json that the model was trained with"
    )


def test_a_tower_of_timm_gets_its_weights_from_the_folder(tmp_path: Path) -> None:
    # A published name: asking for its pretrained weights would reach for the network.
    vision = {"image_size": 160, "timm_model_name": "test_vit3", "timm_pool": ""}
    folder = save_word_clip(tmp_path, network := clip(vision))
    settings = {**vision, "timm_model_pretrained": True}
    change_json(folder / CONFIG, "model_cfg", vision_cfg=settings)
    loaded = load_encoder(folder, CPU).model.state_dict()
    torch.testing.assert_close(loaded, dict(network.state_dict()))

"""CLIP's text encoder: weights of words, rows, the mark that ends a prompt, where weights lie."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.testing import assert_close

from pipeline.catalogue.clip_tokenizer import ClipTokenizer, load_clip_tokenizer
from pipeline.networks.text_to_image.texts.clip_tower import ClipTower
from tests.pipeline.networks.text_to_image.tiny_texts import (
    clip_text_model,
    projected_clip_text_model,
    save_clip_tokenizer,
)

CPU = torch.device("cpu")


@pytest.fixture
def tokenizer(tmp_path: Path) -> ClipTokenizer:
    save_clip_tokenizer(tmp_path)
    return load_clip_tokenizer(tmp_path)


def test_weights_multiply_and_the_mean_is_restored(tokenizer: ClipTokenizer) -> None:
    tower = ClipTower(clip_text_model(), tokenizer, CPU)
    plain = tower("a red cat at sea").sequence
    weighted = tower("a (red:1.5) (cat at:0.5) sea").sequence
    # Begin, a, red, cat, at, s e a in letters or pairs, end, padding.
    weights = torch.ones(77)
    weights[2], weights[3:5] = 1.5, 0.5
    product = plain * weights[:, None]
    assert_close(weighted, product * plain.mean() / product.mean(), rtol=1e-5, atol=1e-6)
    assert_close(weighted.mean(), plain.mean())
    assert not torch.allclose(weighted, plain, atol=1e-2)


def test_without_a_mean_weights_only_multiply(tokenizer: ClipTokenizer) -> None:
    model = clip_text_model()
    model.final_layer_norm.weight.fill_(1.0)
    model.final_layer_norm.bias.fill_(0.0)
    tower = ClipTower(model, tokenizer, CPU)
    plain, weighted = tower("a red").sequence, tower("a (red:2)").sequence
    assert torch.equal(weighted[2], 2 * plain[2]) and torch.equal(weighted[1], plain[1])


def test_before_the_norm_weights_only_multiply(tokenizer: ClipTokenizer) -> None:
    tower = ClipTower(projected_clip_text_model(), tokenizer, CPU, last=1, normed=False)
    plain, weighted = tower("a red"), tower("a (red:2)")
    assert torch.equal(weighted.sequence[2], 2 * plain.sequence[2])
    assert torch.equal(weighted.sequence[3], plain.sequence[3])
    assert torch.equal(weighted.whole, plain.whole)


def test_a_weight_of_one_changes_nothing(tokenizer: ClipTokenizer) -> None:
    tower = ClipTower(clip_text_model(), tokenizer, CPU)
    assert torch.equal(tower("a (red:1) cat").sequence, tower("a red cat").sequence)
    assert torch.equal(tower(r"a \(red\)").sequence, tower("a (red)").sequence)


def test_weights_go_on_in_later_rows(tokenizer: ClipTokenizer) -> None:
    tower = ClipTower(projected_clip_text_model(), tokenizer, CPU, last=1, normed=False)
    plain = tower(" ".join(["at"] * 75) + " red cat").sequence
    weighted = tower(" ".join(["at"] * 75) + " (red:2) cat").sequence
    assert torch.equal(weighted[:78], plain[:78])
    assert torch.equal(weighted[78], 2 * plain[78])
    assert torch.equal(weighted[79:], plain[79:])


def test_a_learned_word_stays_in_one_row(tokenizer: ClipTokenizer) -> None:
    tower = ClipTower(clip_text_model(), tokenizer, CPU, words={"<x>": torch.ones(3, 16)})
    long = " ".join(["at"] * 74)
    assert torch.equal(
        tower(f"{long} <x>").sequence,
        torch.cat([tower(long).sequence, tower("<x>").sequence]),
    )


def test_the_end_is_found_beside_learned_words(tokenizer: ClipTokenizer) -> None:
    # The configuration has the end that early ones have, and learned words have greater ids.
    words = {"<x>": torch.ones(1, 24)}
    tower = ClipTower(projected_clip_text_model(), tokenizer, CPU, words=words)
    reading = tower("a <x> cat")
    assert_close(reading.whole, tower.model.text_projection(reading.sequence[4]))


def test_the_encoder_is_on_its_device_only_while_it_works(tokenizer: ClipTokenizer) -> None:
    model = clip_text_model()
    tower = ClipTower(model, tokenizer, torch.device("meta"))
    with tower.placed():
        assert {parameter.device.type for parameter in model.parameters()} == {"meta"}
    assert {parameter.device.type for parameter in model.parameters()} == {"cpu"}

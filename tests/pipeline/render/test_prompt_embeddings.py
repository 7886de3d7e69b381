"""Prompts as directions: each different one encoded once, alone, by each encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.cutouts import make_cutouts
from pipeline.diffusion.image import to_pixels
from pipeline.errors import Error
from pipeline.files.pictures import read_picture
from pipeline.files.png import encode_png
from pipeline.render import prompt_embeddings as embedding
from pipeline.render.prompt_embeddings import embed, embed_prompts
from tests.pipeline.toy_models import QuartersEncoder, flat, toy_models


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


PROMPTS = [Prompt(text) for text in ("sea", "castle", "sea", "sea")]


def test_each_different_text_is_encoded_once_and_alone() -> None:
    encoder = CountingEncoder()
    models = toy_models(encoders={"one": encoder}, prompt_encoder=encoder)
    embeddings = embed_prompts(models, iter(PROMPTS))
    assert encoder.asked == [["castle"], ["sea"]]
    read = {text: vector.tolist() for text, vector in embeddings.sought["one"].items()}
    assert read == {"castle": [6.0], "sea": [3.0]}
    assert embeddings.told == embeddings.sought["one"]


def test_every_encoder_has_vectors_of_its_own() -> None:
    one, other = QuartersEncoder(), CountingEncoder()
    models = toy_models(encoders={"one": one, "other": other}, prompt_encoder=one)
    embeddings = embed_prompts(models, [Prompt("red")])
    assert embeddings.sought["one"]["red"].shape == (13,)
    assert embeddings.sought["other"]["red"].tolist() == [3.0]
    assert torch.equal(embeddings.told["red"], embeddings.sought["one"]["red"])


def test_a_denoiser_that_takes_no_prompt_is_told_none() -> None:
    assert embed_prompts(toy_models(prompt_encoder=None), [Prompt("red")]).told == {}


def test_no_texts_are_no_vectors() -> None:
    assert embed(CountingEncoder(), []) == {}


def write_picture(path: Path, *colours: str) -> Prompt:
    """A picture of upright stripes, as a prompt."""
    path.write_bytes(encode_png(to_pixels(torch.cat([flat(c) for c in colours], dim=-1))))
    return Prompt(str(path), image=True)


def test_a_picture_points_where_its_words_do(tmp_path: Path) -> None:
    encoder = QuartersEncoder()
    prompt = write_picture(tmp_path / "red.png", "red")
    vectors = embed(encoder, [prompt, Prompt("red"), Prompt("green")])
    picture = vectors[prompt.text]
    torch.testing.assert_close(picture.norm(), torch.tensor(1.0))
    assert picture @ vectors["red"] > 0.9 > 0.5 > picture @ vectors["green"]


def test_a_pictures_vector_is_the_same_each_time_and_another_pictures_is_not(
    tmp_path: Path,
) -> None:
    one, other = (
        write_picture(tmp_path / f"{k}.png", *colours)
        for k, colours in enumerate([("red", "blue"), ("blue", "green")])
    )
    first, again, different = (
        embed(QuartersEncoder(), [prompt])[prompt.text] for prompt in (one, one, other)
    )
    assert torch.equal(first, again)
    assert not torch.allclose(first, different, atol=0.1)


def test_a_picture_is_seen_as_a_whole_and_in_parts(tmp_path: Path) -> None:
    """In the range that encoders expect, and each part at the size that they do."""
    seen: list[Tensor] = []

    class Watching(QuartersEncoder):
        def encode_pictures(self, pictures: Tensor) -> Tensor:
            seen.append(pictures)
            return super().encode_pictures(pictures)

    prompt = write_picture(tmp_path / "wide.png", *["red", "blue"] * 10)
    embed(Watching(), [prompt])
    (cuts,) = seen
    assert cuts.shape == (20, 3, 6, 6)
    assert -1.2 < cuts.min() < -0.5 and 0.5 < cuts.max() < 1.2
    assert all(torch.equal(cut, cuts[0]) for cut in cuts[:5])
    assert not any(torch.equal(cut, cuts[0]) for cut in cuts[5:])


def test_a_long_strip_is_looked_at_in_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its cutouts lie on a square that is as wide as the strip."""
    seen: list[tuple[int, ...]] = []

    def watched(picture: Tensor, *arguments: Any, **options: Any) -> Tensor:
        seen.append(tuple(picture.shape))
        return make_cutouts(picture, *arguments, **options)

    monkeypatch.setattr(embedding, "make_cutouts", watched)
    prompt = write_picture(tmp_path / "strip.png", *["red"] * 100)
    height, width, _ = read_picture(Path(prompt.text)).shape
    assert width == 120 * height
    assert embed(QuartersEncoder(), [prompt])[prompt.text].isfinite().all()
    assert seen == [(1, 3, 2, 32 * QuartersEncoder.size)]


def test_a_file_that_is_no_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "no.png").write_text("words")
    with pytest.raises(Error, match=r"no\.png is not a picture that can be read"):
        embed(QuartersEncoder(), [Prompt(str(tmp_path / "no.png"), image=True)])

"""Prompts as directions: each different one is encoded once, and alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import normalize

from keyframes.prompts import Prompt
from keyframes.word_weights import plain_text
from pipeline.diffusion.cutouts import make_cutouts
from pipeline.diffusion.image import to_pixels
from pipeline.errors import Error
from pipeline.files.pictures import read_picture
from pipeline.files.png import encode_png
from pipeline.networks.encoders import prompt_encoder
from pipeline.networks.encoders.prompt_encoder import PromptEncoder
from tests.pipeline.toy_networks import QuartersEncoder, flat


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
    embed = PromptEncoder(encoder)
    read = [embed(Prompt(text)).tolist() for text in ("sea", "castle", "sea", "sea")]
    assert read == [[3.0], [6.0], [3.0], [3.0]]
    assert encoder.asked == [["sea"], ["castle"]]


def test_weights_of_words_are_left_out_where_that_is_asked() -> None:
    encoder, other = CountingEncoder(), CountingEncoder()
    written = Prompt("a (red:1.3) barn")
    PromptEncoder(encoder)(written)
    PromptEncoder(other, plain_text)(written)
    assert encoder.asked == [["a (red:1.3) barn"]]
    assert other.asked == [["a red barn"]]


def test_a_weight_has_no_part_in_a_prompts_own_vector() -> None:
    embed = PromptEncoder(QuartersEncoder())
    assert torch.equal(embed(Prompt("red", -0.5)), embed(Prompt("red", 2.0)))


def test_a_direction_is_that_of_the_weighted_sum() -> None:
    embed = PromptEncoder(QuartersEncoder())
    vector = embed.direction([Prompt("red", 0.8), Prompt("blue", -0.2)])
    red, blue = embed(Prompt("red")), embed(Prompt("blue"))
    torch.testing.assert_close(vector, normalize(0.8 * red - 0.2 * blue, dim=0))


def write_picture(path: Path, *colours: str) -> Prompt:
    """A picture of upright stripes, as a prompt."""
    path.write_bytes(encode_png(to_pixels(torch.cat([flat(c) for c in colours], dim=-1))))
    return Prompt(str(path), image=True)


def test_a_picture_points_where_its_words_do(tmp_path: Path) -> None:
    encoder = QuartersEncoder()
    prompt = write_picture(tmp_path / "red.png", "red")
    embed = PromptEncoder(encoder)
    picture, red, green = (embed(each) for each in (prompt, Prompt("red"), Prompt("green")))
    torch.testing.assert_close(picture.norm(), torch.tensor(1.0))
    assert picture @ red > 0.9 > 0.5 > picture @ green


def test_a_pictures_vector_is_the_same_each_time_and_another_pictures_is_not(
    tmp_path: Path,
) -> None:
    one, other = (
        write_picture(tmp_path / f"{k}.png", *colours)
        for k, colours in enumerate([("red", "blue"), ("blue", "green")])
    )
    first, again, different = (
        PromptEncoder(QuartersEncoder())(prompt) for prompt in (one, one, other)
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
    PromptEncoder(Watching())(prompt)
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

    monkeypatch.setattr(prompt_encoder, "make_cutouts", watched)
    prompt = write_picture(tmp_path / "strip.png", *["red"] * 100)
    height, width, _ = read_picture(Path(prompt.text)).shape
    assert width == 120 * height
    assert PromptEncoder(QuartersEncoder())(prompt).isfinite().all()
    assert seen == [(1, 3, 2, 32 * QuartersEncoder.size)]


def test_a_file_that_is_no_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "no.png").write_text("words")
    with pytest.raises(Error, match=r"no\.png is not a picture that can be read"):
        PromptEncoder(QuartersEncoder())(Prompt(str(tmp_path / "no.png"), image=True))

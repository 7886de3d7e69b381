"""Encoders that look at cutouts in pieces: the same vectors and gradients, less at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import torch
from torch import Tensor

from pipeline.networks.encoders.open_clip_folder import load_encoder
from pipeline.networks.memory.chunked_encoder import ChunkedEncoder, CutLimit
from tests.pipeline.networks.tiny import CPU, save_word_clip
from tests.pipeline.toy_networks import QuartersEncoder


class Watched(QuartersEncoder):
    """Remembers how many pictures it saw at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        self.batches.append(len(pictures))
        return super().encode_pictures(pictures)


@pytest.fixture
def pictures() -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(7, 3, 6, 6, generator=generator).requires_grad_()


def gradient(encoder: ChunkedEncoder, pictures: Tensor) -> Tensor:
    (found,) = torch.autograd.grad(encoder.encode_pictures(pictures)[:, 3].square().sum(), pictures)
    return found


@pytest.mark.parametrize("at_once", [1, 3, 7, 50])
def test_vectors_and_gradients_are_the_same(pictures: Tensor, at_once: int) -> None:
    whole = ChunkedEncoder(QuartersEncoder(), CutLimit())
    parts = ChunkedEncoder(QuartersEncoder(), CutLimit(at_once))
    assert parts.size == whole.size
    torch.testing.assert_close(parts.encode_pictures(pictures), whole.encode_pictures(pictures))
    torch.testing.assert_close(gradient(parts, pictures), gradient(whole, pictures))
    assert torch.equal(parts.encode_texts(["red"]), whole.encode_texts(["red"]))


def test_a_network_gives_the_same_in_pieces(tmp_path_factory: pytest.TempPathFactory) -> None:
    encoder = load_encoder(save_word_clip(tmp_path_factory.mktemp("clip")), CPU)
    pictures = torch.randn(5, 3, 32, 32, requires_grad=True)
    whole, parts = (ChunkedEncoder(encoder, CutLimit(n)) for n in (None, 2))
    torch.testing.assert_close(
        gradient(parts, pictures), gradient(whole, pictures), atol=1e-6, rtol=1e-4
    )


def test_pieces_are_no_larger_than_the_limit(pictures: Tensor) -> None:
    encoder = Watched()
    gradient(ChunkedEncoder(encoder, CutLimit(3)), pictures)
    # Once for the vectors, and once for the gradient.
    assert encoder.batches == [3, 3, 1] * 2


def test_no_pass_is_wasted_where_the_limit_does_not_bind(pictures: Tensor) -> None:
    for limit in (CutLimit(), CutLimit(7)):
        encoder = Watched()
        gradient(ChunkedEncoder(encoder, limit), pictures)
        assert encoder.batches == [7]


def test_half_of_the_most_is_tried_once(pictures: Tensor) -> None:
    limit = CutLimit()
    encoder = Watched()
    limited = ChunkedEncoder(encoder, limit)
    limited.encode_pictures(pictures)
    limited.encode_pictures(pictures[:2])
    assert limit.halve() and limit.at_once == 3
    limited.encode_pictures(pictures)
    assert encoder.batches == [7, 2, 3, 3, 1]
    assert not limit.halve() and limit.at_once == 3


def test_half_of_a_limit_is_tried_too(pictures: Tensor) -> None:
    limit = CutLimit(4)
    ChunkedEncoder(QuartersEncoder(), limit).encode_pictures(pictures)
    assert limit.halve() and limit.at_once == 2


def test_one_cutout_has_no_half(pictures: Tensor) -> None:
    limit = CutLimit()
    assert not limit.halve()
    ChunkedEncoder(QuartersEncoder(), limit).encode_pictures(pictures[:1])
    assert not limit.halve()


def test_each_tower_resides_around_its_uses(pictures: Tensor) -> None:
    inside: list[str] = []
    asked: list[tuple[str, list[str]]] = []

    @contextmanager
    def residence(tower: str) -> Iterator[None]:
        inside.append(tower)
        yield
        inside.pop()

    class Asking(QuartersEncoder):
        def encode_pictures(self, pictures: Tensor) -> Tensor:
            asked.append(("pictures", sorted(set(inside))))
            return super().encode_pictures(pictures)

        def encode_texts(self, texts: object) -> Tensor:
            asked.append(("texts", sorted(set(inside))))
            return torch.zeros(1, 13)

    encoder = ChunkedEncoder(
        Asking(),
        CutLimit(4),
        pictures=partial(residence, "pictures"),
        texts=partial(residence, "texts"),
    )
    gradient(encoder, pictures)
    encoder.encode_texts(["red"])
    assert asked == [("pictures", ["pictures"])] * 4 + [("texts", ["texts"])]
    assert inside == []

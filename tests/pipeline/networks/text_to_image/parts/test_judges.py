"""What stands in for a decoder: the tiny one of diffusers, and the best linear one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, pixel_shuffle, pixel_unshuffle

from pipeline.errors import ModelError
from pipeline.networks.text_to_image.parts.judges import (
    TinyDecoder,
    linear_decoder,
    made_pictures,
)
from pipeline.networks.text_to_image.parts.latents import LatentSpace, Transform, kl_space
from tests.pipeline.networks.text_to_image.tiny_pipelines import tiny_vae, vae
from tests.pipeline.networks.tiny import CPU

FACTOR = 4


def space() -> LatentSpace:
    return kl_space(vae(), CPU)


def noise(seed: int = 3) -> Tensor:
    return torch.randn(2, 4, 12, 10, generator=torch.manual_seed(seed))


def mixing() -> LatentSpace:
    """A space in which a place's latents are its mean colour, turned and moved, and a constant."""
    turn = torch.tensor([[0.6, -0.8, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 2.0]])

    def encode(pictures: Tensor) -> Tensor:
        small = avg_pool2d(pictures, FACTOR)
        turned = torch.einsum("dc,nchw->ndhw", turn, small) + 0.25
        return torch.cat([turned, torch.full_like(small[:, :1], 0.5)], dim=1)

    def decode(x: Tensor) -> Tensor:
        small = torch.einsum("dc,nchw->ndhw", turn.inverse(), x[:, :3] - 0.25)
        return small.repeat_interleave(FACTOR, 2).repeat_interleave(FACTOR, 3)

    return LatentSpace(4, FACTOR, encode, decode, decode)


def test_the_decoder_itself_is_the_first_choice() -> None:
    whole = space()
    assert torch.equal(whole.judged(noise()), whole.decode(noise()))


def test_the_tiny_decoder_is_that_of_diffusers(tmp_path: Path) -> None:
    network = tiny_vae()
    network.save_pretrained(tmp_path)
    whole = space()
    judging = whole.judged_by(TinyDecoder(tmp_path, CPU))
    with torch.no_grad():
        expected = network.decode(noise()).sample
        torch.testing.assert_close(judging.judged(noise()), expected, rtol=1e-5, atol=1e-5)
        assert torch.equal(judging.decode(noise()), whole.decode(noise()))


def test_a_tiny_decoder_of_other_latents_is_told(tmp_path: Path) -> None:
    tiny_vae(latent_channels=16).save_pretrained(tmp_path)
    with pytest.raises(ModelError) as caught:
        space().judged_by(TinyDecoder(tmp_path, CPU))
    assert str(caught.value) == (
        f"{tmp_path}: decodes latents of 16 channels and squares of 2 pixels; those of this model "
        "have 4 and 2: use the tiny autoencoder that was trained for it"
    )


def test_a_linear_decoder_finds_what_is_linear() -> None:
    """Also where a channel says nothing beside the others."""
    judging = mixing().judged_by(linear_decoder)
    pictures = made_pictures(2, 6 * FACTOR) * 0.7
    shown = judging.judged(judging.encode(pictures))
    assert shown.shape == pictures.shape
    even = torch.tensor([0.3, -0.5, 0.8])[:, None, None].expand(1, 3, 24, 24)
    torch.testing.assert_close(judging.judged(judging.encode(even)), even, rtol=0, atol=1e-5)
    # Beside the edges bilinear enlargement keeps the mean of a square that is between its like.
    slope = torch.linspace(-1, 1, 24).expand(1, 3, 24, 24)
    found = judging.judged(judging.encode(slope))
    torch.testing.assert_close(found[..., 4:-4], slope[..., 4:-4], rtol=0, atol=1e-5)


def test_a_linear_decoder_is_the_best_one_on_its_pictures() -> None:
    """No other matrix does better, whatever the autoencoder."""
    whole = space()
    judging = whole.judged_by(linear_decoder)
    pictures = made_pictures(8, 32)
    with torch.no_grad():
        x = whole.encode(pictures)

    def loss(change: Tensor) -> Tensor:
        with torch.no_grad():
            # Places do not mix before enlargement: shown alone, each is its own colour.
            rows = x.movedim(1, -1).reshape(-1, 4, 1, 1)
            colours = judging.judged(rows)[:, :, 0, 0] + rows[:, :, 0, 0] @ change
            wanted = avg_pool2d(pictures, 2).movedim(1, -1).reshape(-1, 3)
            return (colours - wanted).double().square().mean()

    least = loss(torch.zeros(4, 3))
    for k in range(12):
        change = torch.zeros(12)
        change[k] = 1e-2
        assert loss(change.view(4, 3)) > least and loss(-change.view(4, 3)) > least


def test_a_linear_decoder_is_always_the_same() -> None:
    first, second = (space().judged_by(linear_decoder).judged(noise()) for _ in range(2))
    assert torch.equal(first, second)
    assert made_pictures(2, 16).abs().max() <= 1 and made_pictures(2, 16).std() > 0.4


@pytest.mark.parametrize("choice", ["full", "tiny", "linear"])
def test_every_choice_is_differentiable(tmp_path: Path, choice: str) -> None:
    tiny_vae().save_pretrained(tmp_path)
    choices: dict[str, Callable[[LatentSpace], Transform]] = {
        "full": lambda space: space.judge,
        "tiny": TinyDecoder(tmp_path, CPU),
        "linear": linear_decoder,
    }
    judging = space().judged_by(choices[choice])
    x, direction = noise().requires_grad_(), noise(7)
    weights = torch.rand(2, 3, 24, 20, generator=torch.manual_seed(1))
    (gradient,) = torch.autograd.grad((judging.judged(x) * weights).sum(), x)
    with torch.no_grad():
        step = 1e-2 * direction
        ends = [(judging.judged(end) * weights).double().sum() for end in (x + step, x - step)]
    expected = (ends[0] - ends[1]) / 2e-2
    torch.testing.assert_close((gradient * direction).double().sum(), expected, rtol=0.02, atol=0.1)


def test_pictures_that_are_only_rearranged_are_judged_by_their_means() -> None:
    unshuffled = LatentSpace(
        12, 2, lambda p: pixel_unshuffle(p, 2), lambda x: pixel_shuffle(x, 2), lambda x: x
    )
    judging = unshuffled.judged_by(linear_decoder)
    even = torch.tensor([0.1, -0.6, 0.4])[:, None, None].expand(1, 3, 8, 8)
    torch.testing.assert_close(judging.judged(judging.encode(even)), even, rtol=0, atol=1e-4)

"""A folder of GLIDE's files as the network of a render."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.catalogue.glide_tokenizer import GlideTokenizer
from pipeline.diffusion.guidance import classifier_free, static_threshold
from pipeline.diffusion.noise import standard_normal
from pipeline.diffusion.samplers import sample_ddim
from pipeline.diffusion.schedule import cosine_schedule, linear_schedule
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.glide.load import load_glide
from pipeline.networks.text_to_image.glide.upsampler import GlideUpsampler
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.protocols import Denoiser
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.merges import save_merges
from tests.pipeline.networks.denoisers.test_guided_unet import expected
from tests.pipeline.networks.published import CPU
from tests.pipeline.networks.text_to_image.glide.networks import (
    load_seeded,
    save_config,
    save_glide,
)
from tools.references.glide import REDUCED, REDUCED_FILE, SCALE, STEPS, TEXT
from tools.references.seeded import relative_error

BASE, LARGE = REDUCED["base"], REDUCED["upsampler"]
SIZE = 32, 64
"""Width and height of a finished picture."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole folder with small networks, whose flags stand beside the weights."""
    place = tmp_path_factory.mktemp("glide")
    save_merges(place)
    for case in (BASE, LARGE):
        save_config(save_glide(place, case.config))
    return place


@pytest.fixture(scope="module")
def network(folder: Path) -> TextToImage:
    return load_glide(folder, Place(CPU, CPU))


def bound(network: TextToImage, *prompts: Prompt, steps: int = STEPS) -> Denoiser:
    """The denoiser with prompts and without, on the levels of so many steps of DDIM."""
    sampled = network.for_sampling(SamplerSpec("ddim", steps=steps), SIZE)
    condition = sampled.condition(prompts)
    return sampled.bind(condition, sampled.opposite(condition))


def test_the_levels_are_those_of_the_published_sampling(network: TextToImage) -> None:
    schedule = network.for_sampling(SamplerSpec("ddim", steps=100), SIZE).schedule
    assert schedule is not None
    seen = schedule.told(torch.arange(100))
    assert seen[[0, 1, 50, 99]].tolist() == [0, 10, 505, 999]
    known = cosine_schedule(1000).alphas_cumprod[seen.long()]
    torch.testing.assert_close(schedule.alphas_cumprod, known, rtol=1e-9, atol=0)


def test_guided_sampling_is_that_of_the_reference(
    network: TextToImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The prompt of the reference's run is ids, which no text has with this list of byte pairs.
    encode, known = GlideTokenizer.encode, {"any": [*TEXT]}

    def told(self: GlideTokenizer, text: str) -> list[int]:
        return known.get(text) or encode(self, text)

    monkeypatch.setattr(GlideTokenizer, "encode", told)
    steps = sample_ddim(
        static_threshold(classifier_free(bound(network, Prompt("any")), SCALE)),
        BASE.pictures()[:1],
        range(STEPS - 1, -1, -1),
        eta=0,
        generator=torch.Generator(),
    )
    *_, last = steps
    assert relative_error(expected(REDUCED_FILE), "trajectory/base", last.x) < 1e-4


def test_prompts_are_blended_as_embeddings(network: TextToImage) -> None:
    cat, sea = (network.texts(Prompt(text)) for text in ("the cat", "the sea"))
    both = network.condition([Prompt("the cat", 0.25), Prompt("the sea", 0.75)]).wanted
    assert both.sequence is not None and cat.sequence is not None and sea.sequence is not None
    torch.testing.assert_close(both.sequence, 0.25 * cat.sequence + 0.75 * sea.sequence)
    for name in ("time", "finishing", "finishing_time"):
        blend = 0.25 * cat.vectors[name] + 0.75 * sea.vectors[name]
        torch.testing.assert_close(both.vectors[name], blend)


def finished(network: TextToImage, x: Tensor, text: str, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        return network.finished(x, [Prompt(text)], generator, SIZE)


@pytest.mark.slow
def test_the_upsampler_finishes_a_frame(folder: Path, network: TextToImage) -> None:
    x = LARGE.low()[:1, ..., :8]
    large = finished(network, x, "the cat", 7)
    assert large.shape == (1, 3, SIZE[1], SIZE[0])
    assert large.abs().max() <= 1
    assert not torch.equal(finished(network, x, "the cat", 8), large)
    assert not torch.equal(finished(network, x, "the sea", 7), large)
    unet = load_seeded(folder, LARGE.config).unet
    upsampler = GlideUpsampler(unet, linear_schedule())
    vectors = network.texts(Prompt("the cat")).vectors
    text = vectors["finishing"].view(1, LARGE.config.text_ctx, -1), vectors["finishing_time"][None]
    noise = standard_normal(large.shape, torch.Generator().manual_seed(7))
    with torch.no_grad():
        assert torch.equal(upsampler(x, noise, *text), large)


def test_with_an_upsampler_the_loop_works_on_a_quarter_of_the_sides(network: TextToImage) -> None:
    assert (network.space.factor, network.space.channels) == (4, 3)
    width, height = SIZE
    small = network.space.encode(torch.zeros(1, 3, height, width))
    assert small.shape == (1, 3, height // 4, width // 4)


def test_without_an_upsampler_a_sample_is_the_picture(tmp_path: Path) -> None:
    save_merges(tmp_path)
    save_config(save_glide(tmp_path, BASE.config))
    network = load_glide(tmp_path, Place(CPU, CPU))
    assert network.space.factor == 1
    x = BASE.pictures()[:1]
    assert finished(network, x, "the cat", 7) is x


def test_precision_is_that_of_the_layers(folder: Path, network: TextToImage) -> None:
    half = load_glide(folder, Place(CPU, CPU, torch.bfloat16))
    x, t = BASE.pictures(), torch.tensor([3, 3])
    exact, rough = (bound(one, Prompt("the cat"))(x, t) for one in (network, half))
    assert rough.dtype == torch.float32
    assert 1e-5 < (rough - exact).abs().max() / exact.abs().max() < 0.1


def test_long_prompts_are_cut_where_that_is_asked(folder: Path, network: TextToImage) -> None:
    long = [Prompt("sea " * 20)]
    with pytest.raises(ModelError, match="room for 16 tokens"):
        network.condition(long)
    assert (
        load_glide(folder, Place(CPU, CPU), truncate=True).condition(long).wanted.sequence
        is not None
    )


def test_the_finish_needs_no_more_than_what_is_asked(network: TextToImage) -> None:
    assert network.finish is not None
    bare = replace(network, finish=None)
    x = torch.linspace(-1, 1, 4).view(1, 1, 2, 2).expand(1, 3, 2, 2)
    assert torch.equal(finished(bare, x, "the cat", 7), network.space.decode(x))


def test_weights_of_words_are_read_as_the_words_alone(network: TextToImage) -> None:
    weighted, plain = (network.texts(Prompt(text)) for text in ("the (cat:1.4)", "the cat"))
    assert weighted.sequence is not None and plain.sequence is not None
    assert torch.equal(weighted.sequence, plain.sequence)
    with pytest.raises(ModelError, match="in a prompt "):
        network.texts(Prompt("the (cat:99)"))

"""Latents of an autoencoder: those of diffusers, in tiles and by gradients too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import AutoencoderKL
from diffusers.image_processor import VaeImageProcessor
from torch import Tensor

from pipeline.networks.text_to_image.parts.latents import (
    TILED_ABOVE,
    LatentSpace,
    kl_space,
    load_vae,
)
from pipeline.networks.text_to_image.parts.place import Place
from tests.pipeline.networks.text_to_image.tiny_pipelines import vae
from tests.pipeline.networks.tiny import CPU

OPTIONS: dict[str, dict[str, Any]] = {
    "Stable Diffusion": {"scaling_factor": 0.18215},
    "SDXL": {"scaling_factor": 0.13025, "force_upcast": True},
    "SD3": {
        "scaling_factor": 1.5305,
        "shift_factor": 0.0609,
        "latent_channels": 16,
        "use_quant_conv": False,
        "use_post_quant_conv": False,
    },
    "moments": {
        "scaling_factor": 0.5,
        "latents_mean": [0.1, -0.2, 0.3, 0.0],
        "latents_std": [1.0, 2.0, 3.0, 0.5],
    },
}


def pictures(n: int = 2, h: int = 24, w: int = 40) -> Tensor:
    return torch.rand(n, 3, h, w, generator=torch.manual_seed(5)) * 2 - 1


def loaded(
    folder: Path,
    network: AutoencoderKL,
    dtype: torch.dtype = torch.float32,
    *,
    tiled_above: int = TILED_ABOVE,
) -> LatentSpace:
    network.save_pretrained(folder / "vae")
    return kl_space(load_vae(folder, Place(CPU, CPU, dtype)), CPU, tiled_above)


def normalised(network: AutoencoderKL, raw: Tensor) -> Tensor:
    """What diffusers' pipelines do to latents: SDXL's, SD3's, or both at their neutral values."""
    config = network.config
    mean = torch.tensor(config.latents_mean or [0.0]).view(1, -1, 1, 1)
    std = torch.tensor(config.latents_std or [1.0]).view(1, -1, 1, 1)
    shift = config.shift_factor or 0.0
    return (raw - shift - mean) * config.scaling_factor / std


def denormalised(network: AutoencoderKL, x: Tensor) -> Tensor:
    config = network.config
    mean = torch.tensor(config.latents_mean or [0.0]).view(1, -1, 1, 1)
    std = torch.tensor(config.latents_std or [1.0]).view(1, -1, 1, 1)
    return x * std / config.scaling_factor + mean + (config.shift_factor or 0.0)


@pytest.mark.parametrize("name", OPTIONS)
def test_latents_are_those_of_diffusers(tmp_path: Path, name: str) -> None:
    network = vae(**OPTIONS[name])
    space = loaded(tmp_path, network)
    given = pictures()
    with torch.no_grad():
        x = space.encode(given)
        expected = normalised(network, network.encode(given).latent_dist.mode())
        torch.testing.assert_close(x, expected, rtol=1e-5, atol=1e-5)
        shown = network.decode(denormalised(network, x)).sample
        torch.testing.assert_close(space.decode(x), shown, rtol=1e-5, atol=1e-5)
        torch.testing.assert_close(space.judged(x), shown, rtol=1e-5, atol=1e-5)
    assert x.shape == (2, space.channels, 12, 20)
    assert (space.channels, space.factor) == (network.config.latent_channels, 2)


def test_the_picture_that_comes_back_is_that_of_diffusers(tmp_path: Path) -> None:
    """With its processor of pictures around the autoencoder, which cuts at -1 and 1."""
    network = vae()
    space = loaded(tmp_path, network)
    given = pictures(1)
    processor = VaeImageProcessor(vae_scale_factor=2)
    with torch.no_grad():
        image = processor.preprocess((given + 1) / 2)
        raw = network.encode(image).latent_dist.mode()
        theirs = processor.postprocess(network.decode(raw).sample, output_type="pt")
        ours = (space.decode(space.encode(given)).clamp(-1, 1) + 1) / 2
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)


def test_large_pictures_are_done_in_tiles(tmp_path: Path) -> None:
    network = vae()
    space = loaded(tmp_path, network, tiled_above=32 * 32)
    whole = loaded(tmp_path, network)
    network.enable_tiling()
    large = pictures(1, 48, 72)
    with torch.no_grad():
        x = space.encode(large)
        raw = network.encode(large).latent_dist.mode()
        torch.testing.assert_close(x, normalised(network, raw), rtol=1e-5, atol=1e-5)
        shown = network.decode(denormalised(network, x)).sample
        torch.testing.assert_close(space.decode(x), shown, rtol=1e-5, atol=1e-5)
        assert (space.decode(x) - whole.decode(x)).abs().max() > 1e-3, "tiles show"
        small = pictures(1, 32, 32)
        torch.testing.assert_close(space.encode(small), whole.encode(small), rtol=0, atol=0)


@pytest.mark.parametrize("tiled_above", [0, 2**21])
def test_the_decoder_is_differentiated_as_without_recomputing(
    tmp_path: Path, tiled_above: int
) -> None:
    network = vae()
    space = loaded(tmp_path, network, tiled_above=tiled_above)
    network.use_tiling = not tiled_above
    x = torch.randn(2, 4, 20, 24, generator=torch.manual_seed(3)).requires_grad_()
    weights = pictures(2, 40, 48)
    (ours,) = torch.autograd.grad((space.judged(x) * weights).sum(), x)
    shown = network.decode(denormalised(network, x)).sample
    (theirs,) = torch.autograd.grad((shown * weights).sum(), x)
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)


def test_a_gradient_finds_the_weights_that_have_left_the_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks are recomputed after the decoder was called; another format stands in for a device."""
    network = vae(force_upcast=False)
    exact = loaded(tmp_path, network)
    x = torch.randn(1, 4, 8, 8, generator=torch.manual_seed(3)).requires_grad_()
    (expected,) = torch.autograd.grad(exact.decode(x).square().sum(), x)
    network.double()
    copied = torch.Tensor.to

    def moved(tensor: Tensor, *target: Any, **options: Any) -> Tensor:
        away = target == (torch.device("meta"),)
        return copied(tensor, torch.float32) if away else copied(tensor, *target, **options)

    space = kl_space(network.requires_grad_(False), torch.device("meta"))
    monkeypatch.setattr(torch.Tensor, "to", moved)
    monkeypatch.setattr(AutoencoderKL, "dtype", torch.float32)
    found = torch.autograd.grad(space.decode(x).square().sum(), x)[0]
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    assert network.decoder.conv_in.weight.dtype == torch.float64


@pytest.mark.parametrize("upcast", [False, True])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_what_overflows_is_computed_in_float32(
    tmp_path: Path, upcast: bool, dtype: torch.dtype
) -> None:
    network = vae(force_upcast=upcast)
    space = loaded(tmp_path, network, dtype=dtype)
    given = pictures()
    with torch.no_grad():
        found, expected = space.encode(given), kl_space(network, CPU).encode(given)
    assert found.dtype == torch.float32
    exact = upcast or dtype != torch.bfloat16
    assert torch.equal(found, expected) == exact
    torch.testing.assert_close(found, expected, rtol=0.05, atol=0.05)


def test_pictures_of_other_sizes_are_refused(tmp_path: Path) -> None:
    space = loaded(tmp_path, vae())
    with pytest.raises(ValueError, match="a picture of 33x24; this network takes multiples of 2"):
        space.encode(torch.zeros(1, 3, 24, 33))

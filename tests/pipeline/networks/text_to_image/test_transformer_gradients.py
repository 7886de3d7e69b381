"""Guidance differentiates through whole networks of transformers, and keeps one block in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.networks.text_to_image.flux import load_flux
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.pixart import load_pixart
from pipeline.networks.text_to_image.stable_diffusion_3 import load_stable_diffusion_3
from pipeline.spec.denoise import SamplerSpec
from pipeline.spec.samplers import SamplerName
from tests.pipeline.networks.text_to_image.frames import drawn
from tests.pipeline.networks.text_to_image.recorded import slopes
from tests.pipeline.networks.text_to_image.tiny_transformers import (
    flux,
    pixart_alpha,
    stable_diffusion_3,
)

Family = tuple[Callable[[Path], Any], Callable[[Path, Place], TextToImage], SamplerName]
FAMILIES: dict[str, Family] = {
    "pixart": (lambda folder: pixart_alpha(folder, sample_size=128), load_pixart, "dpmpp_2m"),
    "stable diffusion 3": (stable_diffusion_3, load_stable_diffusion_3, "euler"),
    "flux": (lambda folder: flux(folder, dev=True), load_flux, "euler"),
}
T = torch.tensor([2])


def loaded(name: str, folder: Path) -> TextToImage:
    make, load, sampler = FAMILIES[name]
    make(folder).save_pretrained(folder)
    here = torch.device("cpu")
    return load(folder, Place(here, here)).for_sampling(SamplerSpec(sampler, 5), (16, 8))


def pictures(network: TextToImage) -> Callable[[Tensor], Tensor]:
    """What guidance judges of latents: the decoded estimate under a prompt."""
    denoiser = network.bind(network.condition([Prompt("a red cat", 1.0)]))
    return lambda x: network.space.judged(denoiser(x, T))


@pytest.mark.parametrize("name", FAMILIES)
def test_guidance_reaches_latents_through_decoder_and_transformer(
    name: str, tmp_path: Path
) -> None:
    judged = pictures(loaded(name, tmp_path))
    by_gradient, by_difference = slopes(judged, 0.5 * drawn((1, 4, 4, 8), 1))
    assert by_gradient == pytest.approx(by_difference, rel=0.03)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_gradient_recomputes_each_block(name: str, tmp_path: Path) -> None:
    network = loaded(name, tmp_path)
    counted: list[int] = []
    blocks = [
        block
        for kind in ("transformer_blocks", "single_transformer_blocks")
        for block in getattr(network.module, kind, [])
    ]
    for index, block in enumerate(blocks):
        # Before, as what is computed once more ends as soon as nothing is missing.
        block.register_forward_pre_hook(lambda *_, index=index: counted.append(index))
    x = drawn((1, 4, 4, 8), 1).requires_grad_()
    (gradient,) = torch.autograd.grad(pictures(network)(x).square().sum(), x)
    assert sorted(counted) == sorted(2 * list(range(len(blocks))))
    network.module.disable_gradient_checkpointing()
    (plain,) = torch.autograd.grad(pictures(network)(x).square().sum(), x)
    torch.testing.assert_close(gradient, plain, rtol=1e-5, atol=1e-5 * float(plain.abs().max()))

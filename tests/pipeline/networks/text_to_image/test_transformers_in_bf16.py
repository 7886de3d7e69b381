"""Transformers in half precision answer about as in single."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from keyframes.prompts import Prompt
from pipeline.networks.text_to_image.flux import load_flux
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.pixart import load_pixart
from pipeline.networks.text_to_image.stable_diffusion_3 import load_stable_diffusion_3
from pipeline.spec.denoise import SamplerSpec
from pipeline.spec.samplers import SamplerName
from tests.pipeline.networks.text_to_image.frames import drawn
from tests.pipeline.networks.text_to_image.tiny_transformers import (
    flux,
    pixart_alpha,
    stable_diffusion_3,
)

Family = tuple[Callable[[Path], Any], Callable[[Path, Place], TextToImage], SamplerName, int]
FAMILIES: dict[str, Family] = {
    "pixart": (lambda folder: pixart_alpha(folder, sample_size=128), load_pixart, "dpmpp_2m", 2),
    "stable diffusion 3": (stable_diffusion_3, load_stable_diffusion_3, "euler", 2),
    # Its time is rounded, too, but for that of pure noise, and dev's guidance is.
    "flux": (lambda folder: flux(folder, dev=False), load_flux, "euler", 4),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_an_estimate_in_bf16_is_near_that_in_fp32(name: str, tmp_path: Path) -> None:
    make, load, sampler, index = FAMILIES[name]
    make(tmp_path).save_pretrained(tmp_path)
    x, t = drawn((1, 4, 12, 8), 0), torch.tensor([index])
    estimates = []
    for dtype in (torch.float32, torch.bfloat16):
        network = load(tmp_path, Place(torch.device("cpu"), torch.device("cpu"), dtype))
        ready = network.for_sampling(SamplerSpec(sampler, 5), (16, 24))
        estimates.append(ready.bind(ready.condition([Prompt("a red cat", 1.0)]))(x, t))
    exact, rough = estimates
    assert rough.dtype == torch.float32
    assert not torch.equal(rough, exact)
    torch.testing.assert_close(rough, exact, rtol=0, atol=0.03 * float(exact.abs().max()))

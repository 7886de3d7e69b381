"""LoRAs of Flux, Stable Diffusion 3 and PixArt: frames as diffusers paints them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from keyframes.prompts import Prompt
from pipeline.diffusion.added import Added
from pipeline.errors import ModelError
from pipeline.networks.text_to_image.flux import load_flux
from pipeline.networks.text_to_image.parts.network import TextToImage
from pipeline.networks.text_to_image.parts.place import Place
from pipeline.networks.text_to_image.pixart import load_pixart
from pipeline.networks.text_to_image.stable_diffusion_3 import load_stable_diffusion_3
from pipeline.spec.adapters import LoraSpec
from pipeline.spec.denoise import SamplerSpec
from tests.pipeline.networks.text_to_image.recorded import calls
from tests.pipeline.networks.text_to_image.tiny_loras import halves, save_peft
from tests.pipeline.networks.text_to_image.tiny_transformers import (
    flux,
    pixart_sigma,
    stable_diffusion_3,
)
from tests.pipeline.networks.tiny import CPU

# Some schedulers of diffusers make arrays in a way that numpy would rather not see.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

PLACE = Place(CPU, CPU)
OF_TRANSFORMER = ("attn.to_q", "attn.to_k", "attn1.to_q", "attn2.to_v", "to_out.0")
WORDS = Prompt("a castle in the fog")

Load = Callable[..., TextToImage]
FAMILIES: dict[str, tuple[Callable[[Path], Any], Load]] = {
    "Flux": (lambda folder: flux(folder, dev=True), load_flux),
    "Stable Diffusion 3": (stable_diffusion_3, load_stable_diffusion_3),
    "PixArt": (pixart_sigma, load_pixart),
}


def asked(network: TextToImage, call: Any, weight: float) -> Tensor:
    """The backbone's answer, with a LoRA of this weight, to what a pipeline asked of it."""
    ready = network.for_sampling(SamplerSpec("euler", 3), (16, 16))
    adapted = ready.adapted(Added(loras=(LoraSpec("ink", weight),)))
    backbone: Any = adapted.backbone
    backbone.network.weigh(backbone.weights)
    with torch.no_grad():
        output: Tensor = network.module(**call.given)[0]
    return output


@pytest.mark.parametrize("family", FAMILIES)
def test_the_transformer_answers_as_in_diffusers(tmp_path: Path, family: str) -> None:
    make, load = FAMILIES[family]
    pipeline = make(tmp_path)
    pipeline.save_pretrained(tmp_path)
    layers = halves(pipeline.transformer, OF_TRANSFORMER)
    file = save_peft(tmp_path / "ink.safetensors", {"transformer": layers})
    network = load(tmp_path, PLACE, loras={"ink": file})
    own = {"use_resolution_binning": False} if family == "PixArt" else {}
    settings = {"width": 16, "height": 16, "num_inference_steps": 2, **own}
    plain = calls(pipeline, prompt=WORDS.text, **settings)[0]
    if family == "PixArt":
        # diffusers has no loader for it: what a LoRA is by its definition.
        for name, (down, up) in layers.items():
            pipeline.transformer.get_submodule(name).weight.data += 0.6 * up @ down
    else:
        pipeline.transformer.load_lora_adapter(str(file), prefix="transformer", adapter_name="ink")
        pipeline.transformer.set_adapters(["ink"], [0.6])
    with torch.no_grad():
        theirs = pipeline.transformer(**plain.given)[0]
    torch.testing.assert_close(asked(network, plain, 0.6), theirs, rtol=0, atol=1e-4)
    assert (theirs - plain.output).abs().max() > 1e-3
    torch.testing.assert_close(asked(network, plain, 0.0), plain.output, rtol=0, atol=0)


def test_a_text_encoder_that_flux_keeps_as_it_is_is_told(tmp_path: Path) -> None:
    pipeline = flux(tmp_path, dev=True)
    pipeline.save_pretrained(tmp_path)
    parts = {
        "transformer": halves(pipeline.transformer, OF_TRANSFORMER),
        "text_encoder": halves(pipeline.text_encoder, ("q_proj",)),
    }
    file = save_peft(tmp_path / "ink.safetensors", parts)
    with pytest.raises(ModelError, match="changes text_encoder, and only transformer can be"):
        load_flux(tmp_path, PLACE, loras={"ink": file})


def test_one_of_a_u_net_is_told(tmp_path: Path) -> None:
    pipeline = flux(tmp_path, dev=False)
    pipeline.save_pretrained(tmp_path)
    layers = halves(pipeline.transformer, OF_TRANSFORMER)
    file = save_peft(tmp_path / "ink.safetensors", {"unet": layers})
    with pytest.raises(ModelError, match="changes unet, and only transformer can be"):
        load_flux(tmp_path, PLACE, loras={"ink": file})
